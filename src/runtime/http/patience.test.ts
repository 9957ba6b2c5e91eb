import { connect } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpServerOptions } from './http-server.ts';
import type { TestServer } from './test-server.ts';
import { startTestServer } from './test-server.ts';

let running: TestServer | undefined;

async function start(options?: Partial<HttpServerOptions>): Promise<TestServer> {
  running = await startTestServer(options);
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

describe('patience ends', () => {
  it('after 10 s with a client that has not sent anything', async () => {
    const server = await start();
    const client = await server.client();
    await server.until(() => server.server.connectionCount === 1);
    server.pass(10_000);
    expect(server.server.connectionCount).toBe(1);
    server.pass(1);
    expect(await client.rest()).toBe('');
  });

  it('after 10 s with a head that does not end, however it trickles', async () => {
    const server = await start();
    const client = await server.client();
    // The answer to the first request shows that the first bytes of the second were read with it.
    client.send(`${get('/')}GET /slow HTTP/1.1\r\n`);
    await client.answer();
    server.pass(9_000);
    client.send('A: b\r\n');
    server.pass(1_000);
    expect(server.diagnostics).toEqual([]);
    server.pass(1);
    expect((await client.answer()).status).toBe(408);
    expect(await client.rest()).toBe('');
    expect(server.diagnostics).toMatchObject([{ kind: 'timed-out', status: 408 }]);
  });

  it('after 65 s between two requests, and not before', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/'));
    await client.answer();
    server.pass(65_000);
    client.send(get('/'));
    expect((await client.answer()).status).toBe(200);
    server.pass(65_001);
    expect(await client.rest()).toBe('');
  });

  it('when a body brings too little in 30 s', async () => {
    const heads: string[] = [];
    const server = await start({
      bodyBytesMax(head) {
        heads.push(head.path);
        return 1_000_000;
      },
    });
    const client = await server.client();
    client.send('POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n');
    await server.until(() => heads.length === 1);
    server.pass(29_999);
    expect(server.diagnostics).toEqual([]);
    server.pass(1);
    expect((await client.answer()).status).toBe(408);
    expect(await client.rest()).toBe('');
  });

  it('not while a body makes progress', async () => {
    const server = await start({ limits: { bodyBytesPerWindowMin: 10 } });
    const client = await server.client();
    // Earlier requests in the same packets show how far the server has read.
    const waits = (): Promise<void> => server.until(() => server.requests.length === 1);
    client.send(`${get('/')}POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n0123456789`);
    await waits();
    server.pass(30_000);
    expect(server.diagnostics).toEqual([]);
    client.send('0123456789');
    await client.answer();
    expect((await client.answer()).body).toBe('01234567890123456789');
  });

  it('not with a long poll', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait'));
    await server.until(() => server.waiting.length === 1);
    server.pass(1_000_000);
    server.waiting[0]?.reply({ status: 200, headers: [], body: 'at last' });
    expect((await client.answer()).body).toBe('at last');
  });

  it('not with a body that waits for "100 Continue" behind a long poll', async () => {
    const server = await start();
    const client = await server.client();
    client.send(`${get('/wait')}PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`);
    await server.until(() => server.waiting.length === 1);
    server.pass(1_000_000);
    server.waiting[0]?.reply({ status: 200, headers: [], body: 'first' });
    await client.answer();
    await client.textUntil('100 Continue\r\n\r\n');
    server.pass(29_999);
    client.send('body');
    expect((await client.answer()).body).toBe('body');
  });

  it('after 30 s and the time for its bytes with a client that does not read its answer', async () => {
    const server = await start({
      limits: { readBytesPerSecondMin: 1_000_000 },
      onRequest: (_request, exchange) => exchange.reply({ status: 200, headers: [], body: Buffer.alloc(20_000_000) }),
    });
    const client = await server.client();
    client.socket.pause();
    client.send(get('/'));
    await server.until(() => server.server.connectionCount === 1);
    // 20 MB do not fit into the kernel's buffers; from the first tick after the write on, the clock counts.
    await new Promise((resolve) => client.socket.once('readable', resolve));
    server.pass(49_000);
    expect(server.server.connectionCount).toBe(1);
    server.pass(2_000);
    await server.until(() => server.server.connectionCount === 0);
  });

  it('after 5 s with a refused client that goes on sending and never closes', async () => {
    const server = await start();
    const client = await server.client();
    client.send('garbage\r\n\r\n');
    expect((await client.answer()).status).toBe(400);
    await client.rest();
    client.send('more');
    server.pass(5_000);
    expect(server.server.connectionCount).toBe(1);
    server.pass(1);
    await server.until(() => server.server.connectionCount === 0);
  });

  it('after 16 MiB with a refused client that goes on sending', async () => {
    const server = await start({ limits: { lingerBytesMax: 1000 } });
    const client = await server.client();
    client.send('garbage\r\n\r\n');
    await client.rest();
    client.send('x'.repeat(1001));
    await server.until(() => server.server.connectionCount === 0);
  });

  it('after 30 s with a client that closed its sending side and whose answer does not come', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait'));
    await server.until(() => server.waiting.length === 1);
    client.end();
    // Nothing tells the client when the server has seen the end, so time goes on until it acts on it; a long poll would stay.
    await server.until(() => {
      server.pass(10_000);
      return server.server.connectionCount === 0;
    });
    expect(server.waiting[0]?.isAborted).toBe(true);
  });
});

describe('places are limited', () => {
  it('a connection too many is closed at once', async () => {
    const server = await start({ limits: { connectionCountMax: 2 } });
    const first = await server.client();
    const second = await server.client();
    const third = await server.client();
    expect(await third.rest()).toBe('');
    for (const client of [first, second]) {
      client.send(get('/'));
      expect((await client.answer()).status).toBe(200);
    }
    expect(server.diagnostics).toMatchObject([{ kind: 'connection-limit' }]);
  });
});

describe('patience with HTTP/2', () => {
  it('ends after 65 s without a request, and with a body that does not come', async () => {
    const heads: string[] = [];
    const server = await start({
      bodyBytesMax(head) {
        heads.push(head.path);
        return 1_000_000;
      },
    });
    const session = connect(`http://127.0.0.1:${server.port}`);
    const closed = new Promise((resolve) => session.on('close', resolve));
    const stream = session.request({ ':method': 'POST', ':path': '/slow' }, { endStream: false });
    const answered = new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])));
    stream.on('error', () => {});
    const ended = new Promise((resolve) => stream.on('close', resolve));
    await server.until(() => heads.length === 1);
    server.pass(29_999);
    expect(server.diagnostics).toEqual([]);
    server.pass(1);
    expect(await answered).toBe(408);
    stream.resume();
    await ended;
    await server.until(() => server.server.connectionCount === 1);
    server.pass(65_001);
    await closed;
  });
});
