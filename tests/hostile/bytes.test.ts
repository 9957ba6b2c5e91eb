// Wrong on the level of HTTP, against the whole server: sizes, encodings, lengths, Host and Origin. The HTTP server's own tests go further;
// here it counts that nothing of it reaches a queue.

import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RawClient } from '#runtime/http/raw-client.ts';
import { HostileServer } from './hostile-server.ts';
import { type Asked, claim, closeConnections, jsonAsk, queryAsk, restAsk } from './raw-ask.ts';

const MIB = 1_048_576;
const LIMIT = 6.25 * MIB;

let server: HostileServer;
let end: number;
const clients: RawClient[] = [];

beforeAll(async () => {
  server = await HostileServer.start();
});

beforeEach(async () => {
  end = await server.journalEnd();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  expect(await server.journalEnd()).toBe(end);
});

afterAll(async () => {
  await server.expectUnharmed();
  closeConnections();
  await server.end();
});

async function raw(): Promise<RawClient> {
  const client = await RawClient.connect(Number(new URL(server.url).port));
  clients.push(client);
  return client;
}

const canary = () => `${server.url}/000000000000/canary`;
const send = (MessageBody: string) => jsonAsk('sqs', 'SendMessage', { QueueUrl: canary(), MessageBody });
const encoded = (asked: Asked, body: Uint8Array, encoding = 'gzip'): Asked => {
  return { ...asked, headers: { ...asked.headers, 'content-encoding': encoding }, body };
};

/** Head of a SendMessage whose body follows in whatever way. */
function head(...lines: string[]): string {
  const target = ['X-Amz-Target: AmazonSQS.SendMessage', 'Content-Type: application/x-amz-json-1.0'];
  return `${['POST / HTTP/1.1', 'Host: localhost', ...target, ...lines].join('\r\n')}\r\n\r\n`;
}

describe('bodies that are too large', () => {
  test('a Content-Length beyond the limit is refused before the body', async () => {
    const client = await raw();
    client.send(head(`Content-Length: ${LIMIT + 1}`));
    expect(await client.answer()).toMatchObject({ status: 413, body: '{"message":"The request body is too large."}' });
    expect(await client.rest()).toBe('');
  });

  test('code of functions may be longer, up to AWS’s limit', async () => {
    const body = JSON.stringify({ FunctionName: 'f', Code: { ZipFile: 'AAAA'.repeat(2 * MIB) } });
    for (const [method, path, expected] of [
      ['POST', '/2015-03-31/functions', [400, 'InvalidParameterValueException']],
      ['PUT', '/2015-03-31/functions/f/code', [404, 'ResourceNotFoundException']],
    ] as const) {
      const { status, code } = await server.ask({ ...restAsk(method, path), body });
      expect([status, code]).toEqual(expected);
      const client = await raw();
      client.send(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70167212\r\n\r\n`);
      expect((await client.answer()).status).toBe(413);
    }
    expect((await server.ask({ ...restAsk('POST', '/2015-03-31/functions/f/invocations'), body })).status).toBe(413);
  });

  test('a gigabyte is refused before it is sent', async () => {
    const client = await raw();
    client.send(head('Content-Length: 1073741824', 'Expect: 100-continue'));
    expect((await client.answer()).status).toBe(413);
  });

  test('chunks without end are refused at the limit', async () => {
    const client = await raw();
    client.send(head('Transfer-Encoding: chunked'));
    const chunk = `100000\r\n${'x'.repeat(MIB)}\r\n`;
    for (let i = 0; i < 7; i += 1) client.send(chunk);
    expect((await client.answer()).status).toBe(413);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('a bomb in %s is refused at the limit', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(64 * MIB));
    expect(bomb.length).toBeLessThan(MIB);
    const before = (await server.admin<{ memoryBytes: number }>('status')).memoryBytes;
    expect((await server.ask(encoded(send('x'), bomb, encoding))).status).toBe(413);
    const after = (await server.admin<{ memoryBytes: number }>('status')).memoryBytes;
    expect(after - before).toBeLessThan(32 * MIB);
  });

  test('what claims to be gzip and is not, or ends early', async () => {
    const packed = gzipSync(String(send('x').body));
    for (const body of [Buffer.from('plain'), packed.subarray(0, -5), Buffer.alloc(0)]) {
      expect((await server.ask(encoded(send('x'), body))).status).toBe(400);
    }
  });

  test('a head that is too large, or has too many headers', async () => {
    const large = await raw();
    large.send(head(`X-Large: ${'x'.repeat(20_000)}`));
    expect((await large.answer()).status).toBe(431);
    const many = await raw();
    many.send(head(...Array.from({ length: 200 }, (_, i) => `X-${i}: 1`)));
    expect((await many.answer()).status).toBe(431);
  });
});

describe('messages that are too large', () => {
  const tooLong = 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.';

  test('one of more than 1 MiB', async () => {
    const { status, code, message } = await server.ask(send('x'.repeat(MIB + 1)));
    expect([status, code, message]).toEqual([400, 'InvalidParameterValueException', tooLong]);
  });

  test('a batch of more than 1 MiB', async () => {
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: 'x'.repeat(400_000) }));
    const { status, code } = await server.ask(jsonAsk('sqs', 'SendMessageBatch', { QueueUrl: canary(), Entries }));
    expect([status, code]).toEqual([400, 'BatchRequestTooLong']);
  });

  test('a publication of more than 256 KiB', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:canary';
    const { status, code } = await server.ask(queryAsk('sns', 'Publish', { TopicArn, Message: 'x'.repeat(262_145) }));
    expect([status, code]).toEqual([400, 'InvalidParameter']);
  });

  test.each(['\u0000', '\u0001', '\ufffe', '\ud800', 'a\udc00b'])('a body of %j is refused', async (body) => {
    const { status, code } = await server.ask(send(body));
    expect([status, code]).toEqual([400, 'InvalidMessageContents']);
  });

  test.each(['', '\u0000', 'a'.repeat(81), '../etc', 'ü', 'a b', '.fifo'])(
    'a queue cannot be called %j',
    async (QueueName) => {
      expect((await server.ask(jsonAsk('sqs', 'CreateQueue', { QueueName }))).status).toBe(400);
      expect((await server.ask(queryAsk('sqs', 'CreateQueue', { QueueName }))).status).toBe(400);
    },
  );
});

describe('lengths that lie, and requests inside requests', () => {
  const BODY = '{"QueueUrl":"http://localhost/000000000000/canary","MessageBody":"smuggled"}';
  const INNER = `${head(`Content-Length: ${BODY.length}`)}${BODY}`;

  test.each([
    ['two lengths', ['Content-Length: 0', `Content-Length: ${INNER.length}`]],
    ['a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['chunks called otherwise', ['Transfer-Encoding: xchunked']],
    ['chunks behind a space', ['Transfer-Encoding : chunked']],
    ['a negative length', ['Content-Length: -1']],
    ['a length in hexadecimal', ['Content-Length: 0x10']],
    ['a length with a sign', ['Content-Length: +5']],
    ['a list of lengths', ['Content-Length: 0, 0']],
    ['a folded header', ['X-A: b', ' Content-Length: 0']],
    ['two hosts', ['Host: evil.example', 'Content-Length: 0']],
  ])('%s', async (_, lines) => {
    const client = await raw();
    client.send(head(...lines));
    client.send(`0\r\n\r\n${INNER}`);
    const { status } = await client.answer();
    expect([400, 501]).toContain(status);
    expect(await client.rest()).toBe('');
  });

  test.each([
    ['a line without carriage return', 'POST / HTTP/1.1\nHost: localhost\n\n'],
    ['no host', 'POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n'],
    ['another version', 'POST / HTTP/9.9\r\nHost: localhost\r\n\r\n'],
    ['an absolute target of another host', 'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a tunnel', 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['bytes of another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ])('%s', async (_, text) => {
    const client = await raw();
    client.send(text);
    expect((await client.answer()).status).toBeGreaterThanOrEqual(400);
  });

  test('a body that is shorter than it says does not count as one', async () => {
    const client = await raw();
    client.send(`${head('Content-Length: 1000')}${BODY}`);
    client.end();
    await client.rest();
  });

  test('HTTP/2 that breaks its rules', async () => {
    const client = await raw();
    client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    client.send(Buffer.alloc(100, 0xff));
    await client.rest();
  });
});

describe('names of this server', () => {
  const ask = (headers: Record<string, string>) => {
    const asked = jsonAsk('sqs', 'SendMessage', { QueueUrl: canary(), MessageBody: 'rebound' });
    return server.ask({ ...asked, headers: { ...asked.headers, ...headers } });
  };

  test.each([
    'evil.example',
    'evil.example:4566',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evillocalhost',
    'xn--localhost',
  ])('a Host of %s is refused: a page whose name was bound to this machine', async (host) => {
    const { status, message } = await ask({ host });
    expect(status).toBe(403);
    expect(message).toContain('--allowed-hosts');
  });

  test.each(['https://evil.example', 'http://localhost:3000', 'null', 'file://'])(
    'pages of %s are refused',
    async (origin) => {
      const { status, headers } = await ask({ origin });
      expect([status, headers['access-control-allow-origin']]).toEqual([403, undefined]);
    },
  );

  test('the admin API is guarded alike', async () => {
    for (const path of ['/_eddy/status', '/_eddy/peek?queue=canary', '/_aws/sqs/messages?QueueUrl=canary']) {
      expect((await server.ask({ method: 'GET', path, headers: { host: 'evil.example' } })).status).toBe(403);
      expect((await server.ask({ method: 'GET', path, headers: { origin: 'https://evil.example' } })).status).toBe(403);
    }
    const body = '{"action":"advance","ms":1000}';
    const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    expect((await server.ask({ path: '/_eddy/clock', headers, body })).status).toBe(403);
  });

  test('queue URLs never carry a name that was not allowed', async () => {
    const { text } = await server.must(jsonAsk('sqs', 'ListQueues', {}));
    expect(text).not.toContain('evil');
    const forwarded = { ...jsonAsk('sqs', 'ListQueues', {}).headers, 'x-forwarded-host': 'evil.example' };
    expect((await server.ask({ headers: forwarded, body: '{}' })).text).not.toContain('evil');
  });
});

describe('the admin API', () => {
  test.each([
    ['GET', '/_eddy/nothing', 404],
    ['POST', '/_eddy/status', 405],
    ['GET', '/_eddy/peek?queue=missing', 404],
    ['GET', '/_eddy/peek?queue=canary&limit=-1', 400],
    ['GET', `/_eddy/peek?queue=${'x'.repeat(9_000)}`, 404],
    ['GET', '/_eddy/explain/', 404],
    ['GET', '/_eddy/explain/%ff', 404],
    ['GET', `/_eddy/explain/${'a'.repeat(5_000)}`, 404],
    ['GET', '/_eddy/explain/00000000-0000-0000-0000-000000000000', 404],
    ['GET', '/_eddy/../../etc/passwd', 404],
    ['POST', '/_eddy/clock', 400],
    ['GET', '/_aws/sqs/messages/us-east-1/000000000000/missing', 404],
  ])('%s %s is answered %i', async (method, path, status) => {
    expect((await server.ask({ method, path, headers: { authorization: claim('sqs') } })).status).toBe(status);
  });

  test.each([
    '{',
    '[]',
    '{"action":"advance","ms":-1}',
    '{"action":"advance","ms":1e300}',
    '{"action":"set","to":"x"}',
    '{"action":"set","to":0}',
  ])('the clock is not moved by %s', async (body) => {
    const before = await server.admin('clock');
    expect((await server.ask({ path: '/_eddy/clock', body })).status).toBeGreaterThanOrEqual(400);
    expect(await server.admin('clock')).toEqual(before);
  });
});
