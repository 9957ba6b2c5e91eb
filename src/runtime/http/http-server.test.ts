import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
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

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const post = (path: string, body: string, more = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;

function answerTo(server: TestServer, index: number, body: string): void {
  server.waiting[index]?.reply({ status: 200, headers: [], body });
}

describe('requests and answers', () => {
  it('answers with head and body, and keeps the connection', async () => {
    const server = await start();
    const client = await server.client();
    client.send(post('/a?b=c', 'hello'));
    expect(await client.answer()).toEqual({
      status: 200,
      headers: { date: 'Fri, 02 Jan 2026 03:04:05 GMT', 'x-path': '/a', 'content-length': '5' },
      body: 'hello',
    });
    server.pass(1000);
    client.send(get('/2'));
    expect((await client.answer()).headers['date']).toBe('Fri, 02 Jan 2026 03:04:06 GMT');
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/a', query: 'b=c' });
    expect(server.server.connectionCount).toBe(1);
  });

  it('hands an answer to the kernel as one piece', async () => {
    const server = await start();
    const client = await server.client();
    const pieces: number[] = [];
    client.socket.on('data', (bytes) => pieces.push(bytes.length));
    client.send(post('/', 'x'.repeat(2000)));
    await client.answer();
    client.send(post('/', '\xfc'.repeat(2000)));
    await client.answer();
    expect(pieces).toHaveLength(2);
  });

  it('reads a request however it is cut', async () => {
    const server = await start();
    const client = await server.client();
    const text = post('/cut', 'body');
    for (const char of text) {
      client.send(char);
      // Each byte gets an event loop turn of its own, so that the server sees most of them alone.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.answer()).toMatchObject({ status: 200, body: 'body' });
  });

  it('sends text as UTF-8 and counts its bytes', async () => {
    const server = await start({
      onRequest: (_request, exchange) => exchange.reply({ status: 200, headers: [['A', '\xe9']], body: 'Grüße 🎈' }),
    });
    const client = await server.client();
    client.send(get('/'));
    expect(await client.answer()).toMatchObject({ headers: { 'content-length': '12', a: '\xe9' }, body: 'Grüße 🎈' });
  });

  it('sends bytes of any size as they are', async () => {
    const server = await start();
    const client = await server.client();
    for (const size of [0, 1, 16_384, 300_000, 5_000_000]) {
      client.send(post('/', 'b'.repeat(size)));
      const { body } = await client.answer();
      expect(body.length).toBe(size);
    }
  });

  it('answers HEAD without the body but with its length', async () => {
    const server = await start({
      onRequest: (_request, exchange) => exchange.reply({ status: 200, headers: [], body: 'abc' }),
    });
    const client = await server.client();
    client.send('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await client.answer({ hasBody: false })).headers['content-length']).toBe('3');
    client.send(get('/'));
    expect((await client.answer()).body).toBe('abc');
  });

  it('gives 204 and 304 neither body nor length', async () => {
    const statuses = [204, 304];
    const server = await start({
      onRequest: (_request, exchange) => exchange.reply({ status: statuses.shift() ?? 200, headers: [], body: 'no' }),
    });
    const client = await server.client();
    for (const status of [204, 304, 200]) {
      client.send(get('/'));
      const answer = await client.answer();
      expect([answer.status, answer.headers['content-length']]).toEqual([status, status === 200 ? '2' : undefined]);
    }
  });

  it('closes after Connection: close and reads nothing behind it', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/last', 'Connection: close\r\n') + get('/never'));
    expect((await client.answer()).headers['connection']).toBe('close');
    expect(await client.rest()).toBe('');
    expect(server.requests).toHaveLength(1);
  });

  it('speaks HTTP/1.0: closes, unless asked to keep the connection', async () => {
    const server = await start();
    const client = await server.client();
    client.send('GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    expect((await client.answer()).headers['connection']).toBe('keep-alive');
    client.send('GET /b HTTP/1.0\r\n\r\n');
    expect((await client.answer()).headers['connection']).toBe('close');
    expect(await client.rest()).toBe('');
  });

  it('ignores an offer to upgrade', async () => {
    const server = await start();
    const client = await server.client();
    client.send(
      get('/', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'),
    );
    expect((await client.answer()).status).toBe(200);
  });

  it('answers a client that has closed its sending side', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait'));
    client.end();
    await server.until(() => server.waiting.length === 1);
    answerTo(server, 0, 'late');
    expect(await client.answer()).toMatchObject({ body: 'late' });
    expect(await client.rest()).toBe('');
  });

  it('never lets a header of an answer end its line', async () => {
    const server = await start({
      onRequest: (_request, exchange) =>
        exchange.reply({ status: 200, headers: [['X-Echo', 'a\r\nSet-Cookie: b']], body: 'secret' }),
    });
    const client = await server.client();
    client.send(get('/'));
    const answer = await client.answer();
    expect(answer.status).toBe(500);
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(answer.body).not.toContain('secret');
    expect(server.diagnostics).toMatchObject([{ kind: 'bad-response-header' }]);
  });
});

describe('pipelining', () => {
  it('keeps the order of the requests whatever the order of the answers', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait/1') + post('/now', 'between') + get('/wait/2') + get('/wait/3'));
    await server.until(() => server.waiting.length === 3);
    answerTo(server, 2, 'three');
    answerTo(server, 0, 'one');
    expect((await client.answer()).body).toBe('one');
    expect((await client.answer()).body).toBe('between');
    answerTo(server, 1, 'two');
    expect((await client.answer()).body).toBe('two');
    expect((await client.answer()).body).toBe('three');
  });

  it('sends answers that become ready together together', async () => {
    const server = await start();
    const client = await server.client();
    const pieces: number[] = [];
    client.socket.on('data', (bytes) => pieces.push(bytes.length));
    client.send(get('/wait/1') + get('/wait/2'));
    await server.until(() => server.waiting.length === 2);
    answerTo(server, 0, 'one');
    answerTo(server, 1, 'two');
    await client.answer();
    await client.answer();
    expect(pieces).toHaveLength(1);
  });

  it('stops reading while too many requests are in work', async () => {
    const server = await start({ limits: { pipelineCountMax: 3 } });
    const client = await server.client();
    for (let i = 0; i < 10; i += 1) client.send(get(`/wait/${i}`));
    for (let i = 0; i < 10; i += 1) {
      await server.until(() => server.waiting.length > i);
      expect(server.waiting.length).toBeLessThanOrEqual(i + 3);
      answerTo(server, i, String(i));
      expect((await client.answer()).body).toBe(String(i));
    }
  });

  it('stops reading while large answers wait for a client that does not read', async () => {
    let count = 0;
    const server = await start({
      onRequest(_request, exchange) {
        count += 1;
        exchange.reply({ status: 200, headers: [], body: 'x'.repeat(1_000_000) });
      },
    });
    const client = await server.client();
    client.socket.pause();
    client.send(get('/').repeat(100));
    await server.until(() => count > 0);
    // All hundred requests arrived in one packet; the kernel's buffers take a few of the answers.
    expect(count).toBeLessThan(50);
    client.socket.resume();
    for (let i = 0; i < 100; i += 1) expect((await client.answer()).body.length).toBe(1_000_000);
  });

  it('answers what came before a malformed request, then closes', async () => {
    const server = await start();
    const client = await server.client();
    client.send(`${get('/wait')}garbage\r\n\r\n${get('/never')}`);
    await server.until(() => server.waiting.length === 1);
    answerTo(server, 0, 'first');
    expect((await client.answer()).body).toBe('first');
    expect((await client.answer()).status).toBe(400);
    expect(await client.rest()).toBe('');
    expect(server.requests).toHaveLength(1);
  });
});

describe('bodies', () => {
  it('asks for the body at once when the client waits for that', async () => {
    const server = await start();
    const client = await server.client();
    client.send('PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
    expect(await client.textUntil('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('body');
    expect(await client.answer()).toMatchObject({ status: 200, body: 'body' });
  });

  it('does not ask for a body that is already there', async () => {
    const server = await start();
    const client = await server.client();
    client.send(post('/', 'body', 'Expect: 100-continue\r\n'));
    expect(await client.answer()).toMatchObject({ status: 200, body: 'body' });
  });

  it('asks for a body only after the answers that come before it', async () => {
    const server = await start();
    const client = await server.client();
    client.send(`${get('/wait')}PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`);
    await server.until(() => server.waiting.length === 1);
    answerTo(server, 0, 'first');
    expect((await client.answer()).body).toBe('first');
    expect(await client.textUntil('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('body');
    expect((await client.answer()).body).toBe('body');
  });

  it('does not ask for a body that is too large', async () => {
    const server = await start({ limits: { bodyBytesMax: 3 } });
    const client = await server.client();
    client.send('PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
    expect((await client.answer()).status).toBe(413);
    expect(await client.rest()).toBe('');
  });

  it('reads chunks and the request behind them', async () => {
    const server = await start();
    const client = await server.client();
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    client.send(`${head}3;e\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n${get('/behind')}`);
    expect((await client.answer()).body).toBe('abcde');
    expect((await client.answer()).headers['x-path']).toBe('/behind');
  });

  it('takes the limit of a body from the head', async () => {
    const server = await start({ bodyBytesMax: ({ path }) => (path === '/big' ? 100 : 10) });
    const client = await server.client();
    client.send(post('/big', 'x'.repeat(100)));
    expect((await client.answer()).status).toBe(200);
    client.send(post('/small', 'x'.repeat(11)));
    expect((await client.answer()).status).toBe(413);
    const chunked = await server.client();
    chunked.send('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n');
    expect((await chunked.answer()).status).toBe(413);
  });

  it.each([
    ['gzip', gzipSync('zipped')],
    ['x-gzip', gzipSync('zipped')],
    ['GZIP', gzipSync('zipped')],
    ['deflate', deflateSync('zipped')],
    ['deflate', deflateRawSync('zipped')],
  ])('undoes %s and keeps what was signed', async (encoding, zipped) => {
    const server = await start();
    const client = await server.client();
    client.send(post('/', zipped.toString('latin1'), `Content-Encoding: ${encoding}\r\n`) + post('/next', 'plain'));
    expect((await client.answer()).body).toBe('zipped');
    expect((await client.answer()).body).toBe('plain');
    const request = server.requests.find(({ path }) => path === '/');
    expect(Buffer.from(request?.signedBody ?? []).equals(zipped)).toBe(true);
  });

  it('leaves encodings alone that are not its own or not to be undone', async () => {
    const server = await start({ undoesContentEncoding: ({ path }) => path !== '/object' });
    const client = await server.client();
    client.send(post('/', 'signed chunks', 'Content-Encoding: aws-chunked\r\n'));
    expect((await client.answer()).body).toBe('signed chunks');
    client.send(post('/object', 'not even gzip', 'Content-Encoding: gzip\r\n'));
    expect((await client.answer()).body).toBe('not even gzip');
  });

  it('refuses a body that inflates beyond the limit, and one that is no gzip', async () => {
    const server = await start({ limits: { bodyBytesMax: 100_000 } });
    const bomb = await server.client();
    bomb.send(post('/', gzipSync(Buffer.alloc(100_001)).toString('latin1'), 'Content-Encoding: gzip\r\n'));
    expect((await bomb.answer()).status).toBe(413);
    expect(await bomb.rest()).toBe('');
    const broken = await server.client();
    broken.send(post('/', 'no gzip', 'Content-Encoding: gzip\r\n'));
    expect((await broken.answer()).status).toBe(400);
    expect(server.requests).toHaveLength(0);
  });
});

describe('streamed answers', () => {
  it('are chunked and leave the connection open', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait') + get('/behind'));
    await server.until(() => server.waiting.length === 1);
    const stream = server.waiting[0]?.stream({ status: 200, headers: [['Content-Type', 'text/event-stream']] });
    stream?.write('data: é\n\n');
    expect(await client.textUntil('a\r\ndata: \xc3\xa9')).toContain('Transfer-Encoding: chunked\r\n');
    stream?.write(Buffer.from('x'));
    stream?.end();
    expect(await client.textUntil('0\r\n\r\n')).toBe('\n\n\r\n1\r\nx\r\n0\r\n\r\n');
    expect((await client.answer()).headers['x-path']).toBe('/behind');
  });

  it('end with the connection on HTTP/1.0', async () => {
    const server = await start();
    const client = await server.client();
    client.send('GET /wait HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    await server.until(() => server.waiting.length === 1);
    const stream = server.waiting[0]?.stream({ status: 200, headers: [] });
    stream?.write('abc');
    stream?.end();
    expect((await client.answer()).headers['connection']).toBe('close');
    expect(await client.rest()).toBe('abc');
  });

  it('tell the writer to wait while the client does not read', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait'));
    await server.until(() => server.waiting.length === 1);
    const stream = server.waiting[0]?.stream({ status: 200, headers: [] });
    client.socket.pause();
    let hasDrained = false;
    stream?.onDrain(() => {
      hasDrained = true;
    });
    const block = Buffer.alloc(1_000_000);
    let isWritable = true;
    // The kernel's buffers take some megabytes before the socket says no.
    for (let i = 0; isWritable && i < 1000; i += 1) {
      isWritable = stream?.write(block) ?? false;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(isWritable).toBe(false);
    client.socket.resume();
    await server.until(() => hasDrained);
  });
});

describe('clients that go away', () => {
  it('abort the long poll that waits for them', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait'));
    await server.until(() => server.waiting.length === 1);
    let aborts = 0;
    server.waiting[0]?.onAbort(() => {
      aborts += 1;
    });
    client.destroy();
    await server.until(() => aborts === 1 && server.server.connectionCount === 0);
    expect(server.waiting[0]?.isAborted).toBe(true);
    answerTo(server, 0, 'too late');
    expect(aborts).toBe(1);
  });

  it('are taken as gone when they close their sending side of a long poll', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait/poll') + get('/wait/plain'));
    await server.until(() => server.waiting.length === 2);
    let isAborted = false;
    server.waiting[0]?.onAbort(() => {
      isAborted = true;
    });
    client.end();
    await server.until(() => isAborted);
    answerTo(server, 1, 'plain');
    expect((await client.answer()).body).toBe('plain');
    expect(await client.rest()).toBe('');
  });

  it('are reported at once to whom asks after they have gone', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait'));
    await server.until(() => server.waiting.length === 1);
    client.end();
    // A round trip on a connection made later shows that the end has been seen by now.
    const other = await server.client();
    other.send(get('/'));
    await other.answer();
    let aborts = 0;
    const exchange = server.waiting[0];
    exchange?.onAbort(() => {
      aborts += 1;
    });
    expect(aborts).toBe(1);
    expect(exchange?.isAborted).toBe(true);
    expect(await client.rest()).toBe('');
  });

  it('get answers that are complete and wait behind a long poll', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait/poll') + get('/wait/plain'));
    await server.until(() => server.waiting.length === 2);
    let aborted = '';
    answerTo(server, 1, 'plain');
    server.waiting.forEach((exchange, index) => {
      exchange.onAbort(() => {
        aborted += index;
      });
    });
    client.end();
    expect((await client.answer()).body).toBe('plain');
    expect(aborted).toBe('0');
  });

  it('are not reported as gone once they were answered', async () => {
    const server = await start();
    const client = await server.client();
    client.send(get('/wait'));
    await server.until(() => server.waiting.length === 1);
    let isAborted = false;
    server.waiting[0]?.onAbort(() => {
      isAborted = true;
    });
    answerTo(server, 0, 'done');
    await client.answer();
    client.destroy();
    await server.until(() => server.server.connectionCount === 0);
    expect(isAborted).toBe(false);
  });
});

describe('closing the server', () => {
  it('ends idle connections at once and answers what is in work', async () => {
    const server = await start();
    const idle = await server.client();
    idle.send(get('/'));
    await idle.answer();
    const busy = await server.client();
    busy.send(get('/wait'));
    await server.until(() => server.waiting.length === 1);
    const closed = server.server.close({ graceMs: 10_000 });
    expect(await idle.rest()).toBe('');
    answerTo(server, 0, 'finished');
    expect(await busy.answer()).toMatchObject({ headers: { connection: 'close' }, body: 'finished' });
    expect(await busy.rest()).toBe('');
    busy.end();
    idle.end();
    await closed;
    await expect(server.client()).rejects.toThrow('ECONNREFUSED');
  });

  it('does not wait for idle clients to close their side, answered before or never heard of', async () => {
    const server = await start();
    const idle = await server.client();
    idle.send(get('/'));
    await idle.answer();
    await server.client();
    await server.until(() => server.server.connectionCount === 2);
    await server.server.close({ graceMs: 10_000 });
    expect(await idle.rest()).toBe('');
  });

  it('cuts what is still in work when the grace is over', async () => {
    const server = await start();
    const busy = await server.client();
    busy.send(get('/wait'));
    await server.until(() => server.waiting.length === 1);
    const closed = server.server.close({ graceMs: 10_000 });
    server.pass(9_999);
    expect(server.server.connectionCount).toBe(1);
    server.pass(1);
    await closed;
    await server.until(() => server.server.connectionCount === 0);
  });
});
