// What two parsers could read in two ways is refused, and nothing behind it is ever taken for a request (request smuggling).

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer } from './test-server.ts';
import { startTestServer } from './test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: x\r\n';

describe('a connection is refused and closed after', () => {
  it.each([
    ['CL.TE', `${POST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400],
    ['TE.CL', `${POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n${SMUGGLED}0\r\n\r\n`, 400],
    ['TE.TE', `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400],
    ['TE in disguise', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 501],
    ['CL.CL', `${POST}Content-Length: 0\r\nContent-Length: 37\r\n\r\n${SMUGGLED}`, 400],
    ['a space before the colon', `${POST}Content-Length : 37\r\n\r\n${SMUGGLED}`, 400],
    ['a folded header', `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 501],
    ['LF line ends', `GET / HTTP/1.1\nHost: x\n\n${SMUGGLED}`, 400],
    ['LF line ends, the head never completed', 'GET / HTTP/1.1\nHost: x\n\n', 400],
    ['an LF before the request', `\n${SMUGGLED}`, 400],
    ['a bare CR', `${POST}A: b\rContent-Length: 37\r\n\r\n${SMUGGLED}`, 400],
    ['LF in a chunk extension', `${POST}Transfer-Encoding: chunked\r\n\r\n0;\n${SMUGGLED}`, 400],
    ['LF behind a chunk', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n${SMUGGLED}`, 400],
    ['a chunk longer than it says', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n${SMUGGLED}`, 400],
    ['a chunk size that wraps', `${POST}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n${SMUGGLED}`, 400],
    ['two Hosts', `GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n${SMUGGLED}`, 400],
    ['absolute form', `GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n${SMUGGLED}`, 400],
    ['another version', `GET / HTTP/3.0\r\nHost: x\r\n\r\n${SMUGGLED}`, 505],
    ['garbage behind a body', `${POST}Content-Length: 1\r\n\r\naGARBAGE\r\n\r\n${SMUGGLED}`, 400],
    ['more headers than allowed', `${POST}${'A: b\r\n'.repeat(100)}\r\n${SMUGGLED}`, 431],
    ['a head over 16 KiB', `${POST}A: ${'b'.repeat(16_384)}\r\n\r\n${SMUGGLED}`, 431],
    ['a head over 16 KiB that never ends', `${POST}A: ${'b'.repeat(17_000)}`, 431],
    ['a body over the limit', `${POST}Content-Length: 6553601\r\n\r\n${SMUGGLED}`, 413],
    ['a body of bytes beyond counting', `${POST}Content-Length: 999999999999999\r\n\r\n${SMUGGLED}`, 413],
    ['half of the HTTP/2 preface', 'PRINT / HTTP/1.1\r\nHost: x\r\n\r\n', undefined],
  ])('%s', async (_what, text, status) => {
    const client = await server.client();
    client.send(text);
    const rest = await client.rest();
    if (status !== undefined)
      expect(rest).toMatch(new RegExp(`HTTP/1.1 ${status} [^]*\r\nConnection: close\r\n[^]*"}$`));
    expect(server.requests.filter(({ path }) => path === '/smuggled')).toEqual([]);
  });

  it('and what it was refused for is told to diagnostics without quoting the client', async () => {
    const client = await server.client();
    client.send('GET /secret\x01 HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.rest();
    expect(server.diagnostics.at(-1)).toEqual({
      kind: 'refused',
      status: 400,
      detail: 'The request target must be an absolute path.',
      remoteAddress: '127.0.0.1',
    });
  });
});

describe('taken all the same are', () => {
  it('an empty line before the request, and a head of exactly the allowed size', async () => {
    const client = await server.client();
    client.send(`\r\n${POST}Content-Length: 0\r\n\r\n`);
    expect((await client.answer()).status).toBe(200);
    // The last header line's CR LF is the first half of the empty line's search pattern and is not counted.
    const padding = 'b'.repeat(16_384 - POST.length - 'A: '.length);
    client.send(`${POST}A: ${padding}\r\n\r\n`);
    expect((await client.answer()).status).toBe(200);
  });
});
