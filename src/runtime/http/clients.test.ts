// Ordinary clients against the server: what they do with connections is not ours to choose.

import { Agent, request } from 'node:http';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpServerOptions } from './http-server.ts';
import type { TestServer } from './test-server.ts';
import { startTestServer } from './test-server.ts';

let running: TestServer | undefined;
const sessions: ClientHttp2Session[] = [];

async function start(options?: Partial<HttpServerOptions>): Promise<TestServer> {
  running = await startTestServer(options);
  return running;
}

function http2(server: TestServer): ClientHttp2Session {
  // The client's own limit counts what it waits to send; from Node 24 on, 10 MB of it end the session.
  const session = connect(`http://127.0.0.1:${server.port}`, { maxSessionMemory: 128 });
  session.on('error', () => {});
  sessions.push(session);
  return session;
}

afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await running?.stop();
  running = undefined;
});

interface Http2Answer {
  readonly headers: IncomingHttpHeaders & { ':status'?: number };
  readonly body: Buffer;
}

function send(session: ClientHttp2Session, headers: Record<string, string>, body?: Buffer): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    const parts: Buffer[] = [];
    let received: IncomingHttpHeaders = {};
    stream.on('response', (each) => {
      received = each;
    });
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => resolve({ headers: received, body: Buffer.concat(parts) }));
    stream.on('error', reject);
    if (body !== undefined) stream.end(body);
  });
}

describe('node:http', () => {
  it('sends 200 requests over 8 kept connections', async () => {
    const server = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const body = (i: number): string => `${i}-`.repeat(i * 20);
    const once = (i: number): Promise<string> =>
      new Promise((resolve, reject) => {
        const sent = request(
          { agent, port: server.port, host: '127.0.0.1', method: 'POST', path: `/${i}` },
          (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('end', () => resolve(Buffer.concat(parts).toString()));
          },
        );
        sent.on('error', reject);
        sent.end(body(i));
      });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => once(i)));
    expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => body(i)));
    expect(server.server.connectionCount).toBe(8);
    agent.destroy();
  });
});

describe('the AWS SDK', () => {
  it('gets its answer', async () => {
    const server = await start({
      onRequest: (_request, exchange) =>
        exchange.reply({
          status: 200,
          headers: [['Content-Type', 'application/x-amz-json-1.0']],
          body: '{"QueueUrls":["a"]}',
        }),
    });
    const sqs = new SQSClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual(['a']);
    sqs.destroy();
  });
});

describe('HTTP/2 with prior knowledge on the same port', () => {
  it('carries 50 requests of 900 KB at once', async () => {
    const server = await start();
    const session = http2(server);
    const bodies = Array.from({ length: 50 }, (_, i) => Buffer.alloc(900_000, i));
    const answers = await Promise.all(
      bodies.map((body, i) => send(session, { ':method': 'POST', ':path': `/${i}?q`, 'x-a': 'b' }, body)),
    );
    answers.forEach(({ headers, body }, i) => {
      expect(headers[':status']).toBe(200);
      expect(headers['content-length']).toBe('900000');
      expect(body.equals(bodies[i] as Buffer)).toBe(true);
    });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      query: 'q',
      headers: { host: `127.0.0.1:${server.port}`, 'x-a': 'b' },
    });
    expect(Object.keys(server.requests[0]?.headers ?? {})).not.toContain(':path');
    expect(server.server.connectionCount).toBe(1);
  });

  it('is recognised when the first packet is one byte', async () => {
    const server = await start();
    const client = await server.client();
    for (const piece of ['P', 'R', 'I', ' * HTTP/2.0\r\n\r\nSM\r\n\r\n']) {
      client.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.send(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    // The server's SETTINGS frame: type 4 on stream 0.
    expect(await client.textUntil('\x04\x00\x00\x00\x00\x00')).toBeDefined();
  });

  it('undoes gzip, answers HEAD and 204 without a body', async () => {
    const server = await start({
      onRequest: (each, exchange) =>
        exchange.reply({
          status: each.path === '/none' ? 204 : 200,
          headers: [
            ['X-A', '1'],
            ['x-a', '2'],
          ],
          body: each.body,
        }),
    });
    const session = http2(server);
    const zipped = await send(
      session,
      { ':method': 'POST', ':path': '/', 'content-encoding': 'gzip' },
      gzipSync('zipped'),
    );
    expect(zipped.body.toString()).toBe('zipped');
    expect(zipped.headers['x-a']).toBe('1, 2');
    expect((await send(session, { ':method': 'HEAD', ':path': '/' })).headers[':status']).toBe(200);
    expect((await send(session, { ':method': 'GET', ':path': '/none' })).headers).not.toHaveProperty('content-length');
  });

  it('refuses bodies over the limit and repeated signatures', async () => {
    const server = await start({ limits: { bodyBytesMax: 1000 } });
    const session = http2(server);
    expect((await send(session, { ':method': 'POST', ':path': '/' }, Buffer.alloc(1001))).headers[':status']).toBe(413);
    expect((await send(session, { ':method': 'POST', ':path': '/' }, Buffer.alloc(1000))).headers[':status']).toBe(200);
    const twoHosts = { ':method': 'GET', ':path': '/', ':authority': 'a', host: 'b' };
    expect((await send(session, twoHosts)).headers[':status']).toBe(400);
    expect(server.requests).toHaveLength(1);
  });

  it('tells a long poll when its stream is cancelled', async () => {
    const server = await start();
    const session = http2(server);
    const stream = session.request({ ':path': '/wait' });
    stream.on('error', () => {});
    await server.until(() => server.waiting.length === 1);
    let isAborted = false;
    server.waiting[0]?.onAbort(() => {
      isAborted = true;
    });
    stream.close(8);
    await server.until(() => isAborted);
    server.waiting[0]?.reply({ status: 200, headers: [], body: 'too late' });
  });

  it('replaces an answer whose header could not be sent', async () => {
    const server = await start({
      onRequest: (_request, exchange) =>
        exchange.reply({ status: 200, headers: [['X-Echo', 'a\r\nb: c']], body: 'secret' }),
    });
    const { headers, body } = await send(http2(server), { ':path': '/' });
    expect(headers[':status']).toBe(500);
    expect(body.toString()).not.toContain('secret');
  });

  it('streams answers', async () => {
    const server = await start();
    const session = http2(server);
    const answer = send(session, { ':path': '/wait' });
    await server.until(() => server.waiting.length === 1);
    const stream = server.waiting[0]?.stream({ status: 200, headers: [['Content-Type', 'text/event-stream']] });
    stream?.write('data: 1\n\n');
    stream?.write(Buffer.from('data: 2\n\n'));
    stream?.end();
    expect((await answer).body.toString()).toBe('data: 1\n\ndata: 2\n\n');
  });

  it('lets requests in work end when the server closes', async () => {
    const server = await start();
    const session = http2(server);
    const answer = send(session, { ':path': '/wait' });
    await server.until(() => server.waiting.length === 1);
    const closed = server.server.close({ graceMs: 10_000 });
    server.waiting[0]?.reply({ status: 200, headers: [], body: 'finished' });
    expect((await answer).body.toString()).toBe('finished');
    await closed;
  });

  it('survives a client that speaks nonsense after the preface', async () => {
    const server = await start();
    const client = await server.client();
    client.send(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'\xff'.repeat(100)}`);
    await client.rest();
    await server.until(() => server.server.connectionCount === 0);
  });
});
