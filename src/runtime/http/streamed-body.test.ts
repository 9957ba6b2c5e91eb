// Bodies that are handed on as they come, and answers of known length.

import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import type { BodyFailure, Exchange, IncomingBody } from './exchange.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let test: TestServer | undefined;
afterEach(async () => {
  await test?.stop();
  test = undefined;
});

interface Taken {
  readonly exchange: Exchange;
  readonly incoming: IncomingBody;
  text: string;
  end: 'open' | 'end' | BodyFailure;
  /** What `take` says. */
  hasRoom: boolean;
  start(): void;
}

async function startStreaming(options: { starts: boolean } = { starts: true }) {
  const taken: Taken[] = [];
  const server = await startTestServer({
    streamsBody: ({ path }) => path.startsWith('/stream'),
    onRequest(request, exchange) {
      const { incoming } = exchange;
      if (incoming === undefined) {
        exchange.reply({ status: 200, headers: [], body: request.body });
        return;
      }
      expect(request.body.length).toBe(0);
      const one: Taken = {
        exchange,
        incoming,
        text: '',
        end: 'open',
        hasRoom: true,
        start: () => incoming.start(taker),
      };
      const taker = {
        take(bytes: Buffer) {
          one.text += bytes.toString('latin1');
          return one.hasRoom;
        },
        end() {
          one.end = 'end';
          exchange.reply({ status: 200, headers: [], body: `${one.text.length} bytes` });
        },
        fail(how: BodyFailure) {
          one.end = how;
          if (how !== 'gone') exchange.reply({ status: 400, headers: [], body: how });
        },
      };
      taken.push(one);
      if (options.starts) one.start();
    },
  });
  test = server;
  return { server, taken };
}

const head = (length: number, rest = '') =>
  `PUT /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n${rest}\r\n`;
const NEXT = 'GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('a streamed body over HTTP/1.1', () => {
  it('comes as it is sent, and the next request follows it', async () => {
    const { server, taken } = await startStreaming();
    const client = await server.client();
    client.send(`${head(10)}hello`);
    await server.until(() => taken[0]?.text === 'hello');
    client.send(`world${NEXT}`);
    expect(await client.answer()).toMatchObject({ status: 200, body: '10 bytes' });
    expect(await client.answer()).toMatchObject({ status: 200, body: '' });
  });

  it('comes in chunks', async () => {
    const { server } = await startStreaming();
    const client = await server.client();
    client.send('PUT /stream HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n');
    client.send(`3\r\nabc\r\n0\r\n\r\n${NEXT}`);
    expect(await client.answer()).toMatchObject({ body: '8 bytes' });
    expect(await client.answer()).toMatchObject({ status: 200 });
  });

  it('waits until somebody takes it', async () => {
    const { server, taken } = await startStreaming({ starts: false });
    const client = await server.client();
    client.send(`${head(5)}hello${NEXT}`);
    await server.until(() => taken.length === 1);
    expect(taken[0]).toMatchObject({ text: '', end: 'open' });
    taken[0]?.start();
    expect(await client.answer()).toMatchObject({ body: '5 bytes' });
    expect(await client.answer()).toMatchObject({ status: 200 });
  });

  it('is held back while there is no room, without counting against the client', async () => {
    const { server, taken } = await startStreaming();
    const client = await server.client();
    client.send(head(40_000_000));
    await server.until(() => taken.length === 1);
    const one = taken[0] as Taken;
    one.hasRoom = false;
    client.send(Buffer.alloc(40_000_000, 'x'));
    await server.until(() => one.text.length > 0);
    // Many turns of the event loop later nothing more has come: the socket is not read.
    const before = one.text.length;
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(one.text.length).toBe(before);
    expect(before).toBeLessThan(1_000_000);
    server.pass(60_000);
    server.pass(60_000);
    expect(one.end).toBe('open');
    one.hasRoom = true;
    one.incoming.resume();
    expect(await client.answer()).toMatchObject({ body: '40000000 bytes' });
  });

  it('of no bytes is complete at once; one that was not announced is absent', async () => {
    const { server, taken } = await startStreaming();
    const client = await server.client();
    client.send(`${head(0)}PUT /stream HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(await client.answer()).toMatchObject({ body: '0 bytes' });
    expect(await client.answer()).toMatchObject({ body: '0 bytes' });
    expect(taken.map(({ incoming }) => incoming.isAbsent)).toEqual([false, true]);
  });

  it('is asked for when the client waits for that, and not before', async () => {
    const { server, taken } = await startStreaming({ starts: false });
    const client = await server.client();
    client.send(head(5, 'Expect: 100-continue\r\n'));
    await server.until(() => taken.length === 1);
    taken[0]?.start();
    expect(await client.textUntil('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('hello');
    expect(await client.answer()).toMatchObject({ body: '5 bytes' });
  });

  it('of no bytes is asked for, too, before it is answered: clients that expect it take the answer for its stand-in', async () => {
    const { server } = await startStreaming({ starts: false });
    const client = await server.client();
    client.send(head(0, 'Expect: 100-continue\r\n'));
    expect(await client.textUntil('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  });

  it('is not asked for after a refusal, and the connection ends', async () => {
    const { server, taken } = await startStreaming({ starts: false });
    const client = await server.client();
    client.send(head(5, 'Expect: 100-continue\r\n'));
    await server.until(() => taken.length === 1);
    taken[0]?.exchange.reply({ status: 404, headers: [], body: 'no' });
    expect(await client.answer()).toMatchObject({ status: 404, headers: { connection: 'close' } });
  });

  it('that is refused early keeps the connection when it is short, and costs it when it is long', async () => {
    const { server, taken } = await startStreaming({ starts: false });
    const client = await server.client();
    client.send(`${head(5)}hel`);
    await server.until(() => taken.length === 1);
    taken[0]?.exchange.reply({ status: 404, headers: [], body: 'no' });
    expect(await client.answer()).toMatchObject({ status: 404 });
    client.send(`lo${NEXT}`);
    expect(await client.answer()).toMatchObject({ status: 200, body: '' });
    client.send(head(10_000_000));
    await server.until(() => taken.length === 2);
    taken[1]?.exchange.reply({ status: 404, headers: [], body: 'no' });
    expect(await client.answer()).toMatchObject({ status: 404, headers: { connection: 'close' } });
  });

  it.each([true, false])(
    'that is refused and then does not come ends the connection (room for it: %s)',
    async (hasRoom) => {
      const { server, taken } = await startStreaming();
      const client = await server.client();
      client.send(head(10));
      await server.until(() => taken.length === 1);
      const one = taken[0] as Taken;
      one.hasRoom = hasRoom;
      client.send('hello');
      await server.until(() => one.text === 'hello');
      one.exchange.reply({ status: 403, headers: [], body: 'no' });
      expect(await client.answer()).toMatchObject({ status: 403 });
      server.pass(31_000);
      expect(await client.rest()).toBe('');
    },
  );

  it('that is refused while it is held back lets the next request follow it', async () => {
    const { server, taken } = await startStreaming();
    const client = await server.client();
    client.send(head(10));
    await server.until(() => taken.length === 1);
    const one = taken[0] as Taken;
    one.hasRoom = false;
    client.send('hello');
    await server.until(() => one.text === 'hello');
    one.exchange.reply({ status: 403, headers: [], body: 'no' });
    expect(await client.answer()).toMatchObject({ status: 403 });
    client.send(`world${NEXT}`);
    expect(await client.answer()).toMatchObject({ status: 200 });
  });

  it('that ends too early is told, and still answered', async () => {
    const { server, taken } = await startStreaming();
    const client = await server.client();
    client.send(`${head(10)}hello`);
    client.socket.end();
    expect(await client.answer()).toMatchObject({ status: 400, body: 'ended' });
    expect(taken[0]?.end).toBe('ended');
  });

  it('whose client is gone is told', async () => {
    const { server, taken } = await startStreaming();
    const client = await server.client();
    client.send(`${head(10)}hello`);
    await server.until(() => taken[0]?.text === 'hello');
    client.socket.resetAndDestroy();
    await server.until(() => taken[0]?.end !== 'open');
    expect(['gone', 'ended']).toContain(taken[0]?.end);
  });

  it('that does not come forward is told', async () => {
    const { server, taken } = await startStreaming();
    const client = await server.client();
    client.send(`${head(10)}hello`);
    await server.until(() => taken[0]?.text === 'hello');
    server.pass(31_000);
    expect(await client.answer()).toMatchObject({ status: 400, body: 'timed-out', headers: { connection: 'close' } });
  });

  it('with a malformed chunk is told', async () => {
    const { server } = await startStreaming();
    const client = await server.client();
    client.send('PUT /stream HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n');
    expect(await client.answer()).toMatchObject({ status: 400, body: 'malformed', headers: { connection: 'close' } });
  });

  it('comes behind requests that are still in work', async () => {
    const { server, taken } = await startStreaming();
    const client = await server.client();
    client.send(`${NEXT}${head(5)}hello${NEXT}`);
    expect((await client.answer()).status).toBe(200);
    expect(await client.answer()).toMatchObject({ body: '5 bytes' });
    expect((await client.answer()).status).toBe(200);
    expect(taken).toHaveLength(1);
  });
});

describe('a streamed body over HTTP/2', () => {
  it('comes as it is sent, is held back, and is refused early', async () => {
    const { server, taken } = await startStreaming();
    const session = connectHttp2(`http://127.0.0.1:${server.port}`);
    const upload = session.request({ ':method': 'PUT', ':path': '/stream', 'content-length': '3000000' });
    await server.until(() => taken.length === 1);
    const one = taken[0] as Taken;
    one.hasRoom = false;
    upload.end(Buffer.alloc(3_000_000, 'x'));
    await server.until(() => one.text.length > 0);
    expect(one.text.length).toBeLessThan(3_000_000);
    one.hasRoom = true;
    one.incoming.resume();
    let body = '';
    upload.on('data', (piece: Buffer) => {
      body += piece.toString();
    });
    await once(upload, 'end');
    expect(body).toBe('3000000 bytes');
    session.destroy();
    await server.until(() => one.end === 'end');
  });

  it('whose client is gone is told', async () => {
    const { server, taken } = await startStreaming();
    const session = connectHttp2(`http://127.0.0.1:${server.port}`);
    const upload = session.request({ ':method': 'PUT', ':path': '/stream' });
    upload.on('error', () => {});
    upload.write('hello');
    await server.until(() => taken[0]?.text === 'hello');
    session.destroy();
    await server.until(() => taken[0]?.end === 'gone');
  });
});

describe('an answer of known length', () => {
  it('is written in pieces and keeps the connection', async () => {
    const server = await startTestServer({
      onRequest(_request, exchange) {
        const stream = exchange.stream({ status: 200, headers: [] }, 10);
        stream.write('hello');
        stream.write('world');
        stream.end();
      },
    });
    test = server;
    const client = await server.client();
    client.send(NEXT + NEXT);
    for (let i = 0; i < 2; i += 1) {
      const answer = await client.answer();
      expect(answer).toMatchObject({ body: 'helloworld', headers: { 'content-length': '10' } });
      expect(answer.headers).not.toHaveProperty('transfer-encoding');
    }
  });

  it('that cannot be completed is cut', async () => {
    const server = await startTestServer({
      onRequest(_request, exchange) {
        const stream = exchange.stream({ status: 200, headers: [] }, 10);
        stream.write('hello');
        setImmediate(() => stream.cut());
      },
    });
    test = server;
    const client = await server.client();
    client.send(NEXT);
    await expect(client.answer()).rejects.toThrow(/closed/);
  });

  it('to HEAD says what a GET would get', async () => {
    const server = await startTestServer({
      onRequest: (_request, exchange) => exchange.reply({ status: 200, headers: [], body: '', bodyBytes: 123 }),
    });
    test = server;
    const client = await server.client();
    client.send('HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await client.answer({ hasBody: false })).headers['content-length']).toBe('123');
  });
});
