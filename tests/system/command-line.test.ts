import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cleanEnvironment,
  type EddyProcess,
  type Ended,
  eddy,
  run,
  startEddy,
  temporaryFolder,
  whyMissing,
} from './eddy-process.ts';

const awsMissing = await whyMissing('aws', ['--version']);
const shellMissing = await whyMissing('sh', ['-c', 'true']);

let folder: ReturnType<typeof temporaryFolder>;
let server: EddyProcess;
let sqs: SQSClient;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await startEddy(['--data-dir', join(folder.path, 'data')]);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials });
});

afterAll(async () => {
  sqs.destroy();
  await server.end('SIGKILL');
  folder.remove();
});

function cli(...args: string[]): Promise<Ended> {
  return eddy(args, { EDDY_ENDPOINT: server.url });
}

async function queueWith(name: string, ...bodies: string[]): Promise<string[]> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const ids: string[] = [];
  for (const MessageBody of bodies) {
    const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    ids.push(MessageId!);
  }
  return ids;
}

describe('looking', () => {
  test('peek shows messages and counts no receive', async () => {
    const [id] = await queueWith('peeked', 'first', 'second');
    for (let round = 0; round < 2; round += 1) {
      const { code, stdout } = await cli('peek', 'peeked', '--json');
      expect(code).toBe(0);
      const messages = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(messages.map(({ body }) => body)).toEqual(['first', 'second']);
      expect(messages[0]).toMatchObject({
        messageId: id,
        state: 'visible',
        attributes: { ApproximateReceiveCount: '0' },
      });
    }
  });

  test('peek of a queue that is not there names it', async () => {
    const { code, stderr } = await cli('peek', 'nowhere');
    expect(code).toBe(4);
    expect(stderr).toContain('There is no queue nowhere');
  });

  test('explain tells of a filter that did not match, and where the message waits', async () => {
    await queueWith('matching');
    await queueWith('filtering');
    const sns = new SNSClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'explained' }));
    const subscribe = (queue: string, Attributes: Record<string, string>) =>
      sns.send(
        new SubscribeCommand({
          TopicArn,
          Protocol: 'sqs',
          Endpoint: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
          Attributes,
        }),
      );
    await subscribe('matching', {});
    await subscribe('filtering', { FilterPolicy: '{"severity":["high"]}' });
    const MessageAttributes = { severity: { DataType: 'String', StringValue: 'low' } };
    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'hello', MessageAttributes }));
    sns.destroy();
    const { code, stdout } = await cli('explain', MessageId!);
    expect(code).toBe(0);
    expect(stdout).toContain('published to arn:aws:sns:us-east-1:000000000000:explained');
    expect(stdout).toMatch(/not sent to .*filtering.*severity/);
    expect(stdout).toContain('It waits in matching.');
    // The queue has no policy: AWS would not have let the topic send.
    expect(stdout).toContain('AWS would have denied sqs:SendMessage');
  });

  test('explain of an id that nobody knows says so', async () => {
    const { code, stderr } = await cli('explain', '00000000-0000-4000-8000-000000000000');
    expect(code).toBe(4);
    expect(stderr).toContain('Nothing is known of');
  });

  test('status tells what runs', async () => {
    const { code, stdout } = await cli('status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      pid: server.pid,
      url: server.url,
      engine: 'file',
      auth: 'relaxed',
      iam: 'explain',
    });
  });
});

describe('moving time', () => {
  test('a delayed message is there after its delay, in virtual time', async () => {
    await cli('clock', 'freeze');
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'delayed', Attributes: { DelaySeconds: '600' } }),
    );
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later' }));
    const stateOf = async () =>
      (JSON.parse((await cli('peek', 'delayed', '--json')).stdout) as { state: string }).state;
    expect(await stateOf()).toBe('delayed');
    expect((await cli('clock', 'advance', '9m59s')).code).toBe(0);
    expect(await stateOf()).toBe('delayed');
    expect((await cli('clock', 'advance', '1s')).code).toBe(0);
    expect(await stateOf()).toBe('visible');
    await cli('clock', 'resume');
    expect(JSON.parse((await cli('clock', '--json')).stdout)).toMatchObject({ mode: 'real' });
  });

  test('running time is not moved', async () => {
    const { code, stderr } = await cli('clock', 'advance', '1m');
    expect(code).toBe(4);
    expect(stderr).toContain('freeze it before moving it');
  });
});

describe('other programs', () => {
  test.skipIf(shellMissing !== undefined)('eval $(eddy env) sets a shell up', async () => {
    const { stdout } = await cli('env');
    const { stdout: printed } = await run('sh', [
      '-c',
      `${stdout}\necho "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID $AWS_REGION"`,
    ]);
    expect(printed.trim()).toBe(`${server.url} test us-east-1`);
  });

  test.skipIf(awsMissing !== undefined)('eddy aws adds endpoint and keys, and passes the exit code', async () => {
    const made = await cli('aws', 'sqs', 'create-queue', '--queue-name', 'from-cli', '--output', 'text');
    expect(made.stdout.trim()).toBe(`${server.url}/000000000000/from-cli`);
    const failed = await cli('aws', 'sqs', 'get-queue-url', '--queue-name', 'missing');
    expect(failed.code).toBeGreaterThan(0);
    expect(failed.stderr).toContain('NonExistentQueue');
  });
});

describe('usage', () => {
  test('a command that is not there is refused with the nearest one', async () => {
    const { code, stderr } = await cli('pek', 'q');
    expect(code).toBe(2);
    expect(stderr).toContain('peek');
  });

  test('a server that is not there is one sentence and code 5', async () => {
    const { code, stderr } = await eddy(['status', '--endpoint', 'http://127.0.0.1:9']);
    expect(code).toBe(5);
    expect(stderr).toContain('Nothing answers at http://127.0.0.1:9');
  });

  test('wait ends when the server is ready, and gives up in time when it is not', async () => {
    expect((await cli('wait', '--timeout', '5s')).code).toBe(0);
    expect((await eddy(['wait', '--timeout', '0', '--endpoint', 'http://127.0.0.1:9'])).code).toBe(124);
  });

  test('help lists every option with its default', async () => {
    const { code, stdout } = await eddy(['start', '--help']);
    expect(code).toBe(0);
    for (const option of ['--port', '--data-dir', '--iam', '--auth', '--clock']) expect(stdout).toContain(option);
  });

  test('doctor looks at the machine', async () => {
    const { stdout } = await eddy([
      'doctor',
      '--json',
      '--endpoint',
      server.url,
      '--data-dir',
      join(folder.path, 'other'),
    ]);
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { what: string; verdict: string; detail: string });
    expect(findings.map(({ what }) => what)).toContain('data directory');
    expect(findings.find(({ what }) => what === 'functions')?.detail).toContain(`nodejs (${process.version})`);
    expect(findings.find(({ what }) => what === 'port')?.verdict).toBe('good');
  });
});

test('terraform gets an override file that is gone afterwards', async () => {
  const program = join(folder.path, 'bin', 'terraform');
  const module = join(folder.path, 'module');
  const { mkdirSync, chmodSync, readdirSync } = await import('node:fs');
  mkdirSync(join(folder.path, 'bin'));
  mkdirSync(module);
  writeFileSync(join(module, 'main.tf'), 'provider "aws" {\n  alias = "west"\n  region = "us-west-2"\n}\n');
  writeFileSync(program, '#!/bin/sh\ncat "$PWD/module/eddy_override.tf"\nexit 7\n');
  chmodSync(program, 0o755);
  const env = cleanEnvironment({ EDDY_ENDPOINT: server.url });
  const bin = new URL('../../bin/eddy.mjs', import.meta.url).pathname;
  const { code, stdout } = await run(process.execPath, [bin, 'terraform', '-chdir=module', 'plan'], {
    env: { ...env, PATH: `${join(folder.path, 'bin')}:${env['PATH']}` },
    cwd: folder.path,
  });
  expect(code).toBe(7);
  expect(stdout).toContain(`sqs = "${server.url}"`);
  expect(stdout).toContain('alias = "west"');
  expect(readdirSync(module)).toEqual(['main.tf']);
});
