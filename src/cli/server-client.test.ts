import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
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
