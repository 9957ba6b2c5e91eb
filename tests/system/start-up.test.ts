import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cleanEnvironment, type EddyProcess, eddy, startEddy, temporaryFolder } from './eddy-process.ts';

let folder: ReturnType<typeof temporaryFolder>;
const running: EddyProcess[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.end('SIGKILL');
  folder.remove();
});

async function started(...args: string[]): Promise<EddyProcess> {
  const server = await startEddy(['--data-dir', join(folder.path, 'data'), ...args]);
  running.push(server);
  return server;
}

function client(url: string): SQSClient {
  return new SQSClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

describe('starting', () => {
  test('prints what runs, and exactly `Ready.` as the last line', async () => {
    const server = await started();
    const lines = server.output().trimEnd().split('\n');
    expect(lines.at(-1)).toBe('Ready.');
    expect(server.output()).toContain(join(folder.path, 'data'));
    for (const word of [
      'address',
      'data',
      'authentication  relaxed',
      'permissions     explain',
      'clock           real',
    ]) {
      expect(server.output()).toContain(word);
    }
    expect((await fetch(`${server.url}/_eddy/ready`)).status).toBe(200);
  });

  test('with strict authentication it says where the root key is, and `env` finds it there or says that it does not', async () => {
    const server = await started('--auth', 'strict');
    const dataDir = join(folder.path, 'data');
    expect(server.output()).toContain(`the root key is in ${join(dataDir, 'root-key.json')}`);
    const env = (...args: string[]) => eddy(['env', ...args], { EDDY_ENDPOINT: server.url });
    const found = await env('--data-dir', dataDir);
    expect(found.stdout).toMatch(/AWS_ACCESS_KEY_ID=AKIA[A-Z2-7]{16};/);
    expect(found.stderr).toBe('');
    const lost = await env('--data-dir', join(folder.path, 'elsewhere'));
    expect(lost.stderr.trim()).toBe(
      `${server.url} verifies signatures, and its root key is not here: name its data directory with --data-dir.`,
    );
  });
});

describe('what keeps it from starting is one sentence and a code', () => {
  async function sentence(
    args: string[],
    environment: Record<string, string> = {},
  ): Promise<{ code: number | null; text: string }> {
    const { code, stdout, stderr } = await eddy(
      ['start', '--port', '0', '--data-dir', join(folder.path, 'data'), ...args],
      environment,
    );
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    return { code, text: lines[0]! };
  }

  test('an unknown option', async () => {
    const { code, text } = await sentence(['--emphemeral']);
    expect(code).toBe(2);
    expect(text).toContain('--emphemeral is not known (did you mean --ephemeral?)');
  });

  test('an unknown variable', async () => {
    const { code, text } = await sentence([], { EDDY_AUHT: 'strict' });
    expect(code).toBe(2);
    expect(text).toContain('EDDY_AUHT is not known (did you mean EDDY_AUTH?)');
  });

  test('an address that others reach, without authentication', async () => {
    const { code, text } = await sentence(['--host', '0.0.0.0']);
    expect(code).toBe(2);
    expect(text).toContain('--insecure');
  });

  test('a busy port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, text } = await sentence(['--port', String(port)]);
    server.close();
    expect(code).toBe(1);
    expect(text).toContain(`Another process listens on 127.0.0.1:${port}`);
  });

  test('a directory with something else in it', async () => {
    mkdirSync(join(folder.path, 'data'));
    writeFileSync(join(folder.path, 'data', 'holiday.jpg'), 'x');
    const { code, text } = await sentence([]);
    expect(code).toBe(1);
    expect(text).toContain(join(folder.path, 'data'));
  });

  test('a data directory that is a file', async () => {
    writeFileSync(join(folder.path, 'data'), 'x');
    const { code, text } = await sentence([]);
    expect(code).toBe(1);
    expect(text).toContain('cannot be used');
  });

  test.skipIf(process.getuid?.() === 0)('a directory that may not be written (root may write everywhere)', async () => {
    mkdirSync(join(folder.path, 'data'));
    chmodSync(join(folder.path, 'data'), 0o500);
    const { code, text } = await sentence([]);
    expect(code).toBe(1);
    expect(text).toContain('not writable');
  });

  test('a directory that another Eddy uses', async () => {
    const server = await started();
    const { code, text } = await sentence([]);
    expect(code).toBe(1);
    expect(text).toContain('in use');
    expect(text).toContain(String(server.pid));
  });
});

describe('ending', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s: a long poll is answered, the exit code is 0', async (signal) => {
    const server = await started();
    const sqs = client(server.url);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'waiting' }));
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await untilWaiting(server.url);
    expect(await server.end(signal)).toBe(0);
    expect((await poll).Messages).toBeUndefined();
    sqs.destroy();
  });

  test('what was acknowledged is there after kill -9', async () => {
    const first = await started();
    const sqs = client(first.url);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'kept' }));
    const bodies = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    await Promise.all(bodies.map((MessageBody) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))));
    sqs.destroy();
    await first.end('SIGKILL');
    const second = await started();
    const peeked = (await (await fetch(`${second.url}/_eddy/peek?queue=kept`)).json()) as {
      messages: { body: string }[];
    };
    expect(peeked.messages.map(({ body }) => body).sort()).toEqual([...bodies].sort());
  });
});

async function untilWaiting(url: string): Promise<void> {
  for (;;) {
    const status = (await (await fetch(`${url}/_eddy/status`)).json()) as { waitingPolls: number };
    if (status.waitingPolls > 0) return;
  }
}

test('the environment of the tests leads nowhere else', () => {
  expect(Object.keys(cleanEnvironment()).filter((name) => name.startsWith('AWS_'))).toEqual([]);
});
