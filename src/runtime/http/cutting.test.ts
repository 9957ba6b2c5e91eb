// Where packets begin and end must not matter: any sequence of requests, cut anywhere, reaches the handler as it was meant.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestServer } from './test-server.ts';
import { startTestServer } from './test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

interface Sent {
  readonly path: string;
  readonly body: string;
  readonly framing: 'length' | 'chunks' | 'expect';
}

function text({ path, body, framing }: Sent): string {
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\n`;
  if (framing === 'chunks') {
    const chunks = body.match(/.{1,7}/gs) ?? [];
    const framed = chunks.map((chunk) => `${chunk.length.toString(16)};x=y\r\n${chunk}\r\n`).join('');
    return `${head}Transfer-Encoding: chunked\r\n\r\n${framed}0\r\nT: 1\r\n\r\n`;
  }
  const expectation = framing === 'expect' ? 'Expect: 100-continue\r\n' : '';
  return `${head}${expectation}Content-Length: ${body.length}\r\n\r\n${body}`;
}

const sent: fc.Arbitrary<Sent> = fc.record({
  path: fc.stringMatching(/^\/[a-z0-9%]{0,8}$/),
  // Bodies that look like HTTP are the ones that a confused parser would stumble over.
  body: fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 60 }),
    fc.constantFrom('\r\n\r\n', '0\r\n\r\n', 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\n'),
  ),
  framing: fc.constantFrom('length', 'chunks', 'expect'),
});

it('requests are the same however their bytes are cut into packets', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 6 }), cuts, async (list, sizes) => {
      server.requests.length = 0;
      const client = await server.client();
      const bytes = Buffer.from(list.map(text).join(''), 'latin1');
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        client.send(bytes.subarray(at, at + size));
        at += size;
        await new Promise((resolve) => setImmediate(resolve));
      }
      for (const { path, body } of list) {
        let answer = await client.answer();
        while (answer.status === 100) answer = await client.answer();
        expect([answer.status, answer.headers['x-path'], answer.body]).toEqual([200, path, body]);
      }
      client.destroy();
      expect(server.requests.map(({ path }) => path)).toEqual(list.map(({ path }) => path));
    }),
    { numRuns: 150 },
  );
});
