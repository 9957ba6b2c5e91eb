import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { env } from './commands/env.ts';
import { EXIT } from './exit-codes.ts';
import { ServerClient } from './server-client.ts';

test('a stream that breaks off ends in one sentence, after the lines that came', async () => {
  const server = createServer((_request, response) => {
    response.write('data: one\n\n', () => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lines: string[] = [];
  const read = async (): Promise<void> => {
    const stream = new ServerClient(endpoint).lines('/_eddy/tail', new AbortController().signal);
    for await (const line of stream) lines.push(line);
  };
  await expect(read()).rejects.toMatchObject({
    exitCode: EXIT.cannotConnect,
    message: `Eddy at ${endpoint} has gone: the connection broke off.`,
  });
  expect(lines).toEqual(['one']);
  server.close();
});

test('a server that wants its root key is told with where the key comes from', async () => {
  const server = createServer((_request, response) => response.writeHead(401).end('{"message":"HTTP Basic"}'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(new ServerClient(endpoint).get('/_eddy/status')).rejects.toMatchObject({
    exitCode: EXIT.serviceError,
    message: expect.stringMatching(
      /^http.* verifies signatures, and its root key is not here: say `eval \$\(eddy env --data-dir …\)`/,
    ),
  });
  server.close();
});

test('the shell of a server with its own data directory finds the key in every later command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'eddy-env-'));
  try {
    expect(JSON.parse(env({ endpoint: 'http://127.0.0.1:1', dataDir: folder, json: true }))).toMatchObject({
      EDDY_ENDPOINT: 'http://127.0.0.1:1',
      EDDY_DATA_DIR: folder,
    });
    expect(JSON.parse(env({ json: true }))).not.toHaveProperty('EDDY_DATA_DIR');
    expect(env({ unset: true }).split('\n')).toContain('unset EDDY_DATA_DIR;');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
