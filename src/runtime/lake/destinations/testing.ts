// A destination for tests: an HTTP server on loopback that remembers what it was asked and answers as the test says.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach } from 'vitest';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly json?: unknown;
  readonly isGzip?: boolean;
  readonly isChunked?: boolean;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Closed after the test. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

export async function fakeServer(
  answer: (request: SeenRequest) => Answer,
): Promise<{ readonly url: string; readonly seen: readonly SeenRequest[] }> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(pieces) };
      seen.push(one);
      const { status = 200, headers: given, body, json, isGzip, isChunked } = answer(one);
      const text = json === undefined ? (body ?? '') : JSON.stringify(json);
      const bytes = isGzip ? gzipSync(text) : Buffer.from(text);
      response.writeHead(status, {
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(isGzip ? { 'Content-Encoding': 'gzip' } : {}),
        ...(isChunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(bytes.length) }),
        ...given,
      });
      response.end(bytes);
    });
  });
  closers.push(() => server.closeAllConnections());
  return { url: `http://127.0.0.1:${await listening(server)}`, seen };
}
