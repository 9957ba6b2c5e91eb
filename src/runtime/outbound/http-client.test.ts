import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpOutcome, HttpRequest } from '#cell/http-request.ts';
import { selfSignedCertificate } from '../signing/certificate.ts';
import { type AskForName, HostDirectory } from './host-addresses.ts';
import { HttpClient } from './http-client.ts';
import { OutboundGuard } from './outbound-guard.ts';

const OWN_PORT = 1;
const rules = { allowsLoopback: true, allowsPrivate: false, allowsPublic: true, ranges: [] };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listening(server: Pick<Server, 'listen' | 'address' | 'close'>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function httpServer(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  closers.push(() => server.closeAllConnections());
  return listening(server);
}

async function socketServer(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const port = await listening(
    createSocketServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      onSocket(socket);
    }) as unknown as Server,
  );
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  return port;
}

function client(ask?: AskForName): HttpClient {
  const made = new HttpClient({
    guard: new OutboundGuard(rules, OWN_PORT),
    ...(ask === undefined ? {} : { directory: new HostDirectory(ask) }),
  });
  closers.push(() => made.close());
  return made;
}

function send(url: string, given: Partial<HttpRequest> = {}, from = client()): Promise<HttpOutcome> {
  const request = { method: 'POST', headers: [], body: '{}', timeoutMs: 5_000, bodyBytesMax: 1_000, ...given };
  return from.send({ ...request, url });
}

function kindOf(outcome: HttpOutcome): string {
  return 'failure' in outcome ? outcome.failure.kind : `status ${outcome.status}`;
}

describe('an exchange', () => {
  test('carries method, path, query, headers and body, and brings back status, headers and body', async () => {
    let seen: IncomingMessage | undefined;
    let body = '';
    const port = await httpServer((request, answer) => {
      seen = request;
      request.on('data', (piece) => {
        body += piece;
      });
      request.on('end', () => answer.writeHead(201, { 'Retry-After': '7' }).end('done'));
    });
    const headers = [
      ['X-One', '1'],
      ['Connection', 'close'],
      ['Host', 'evil'],
      ['Content-Length', '99'],
    ] as const;
    const outcome = await send(`http://127.0.0.1:${port}/a/b?c=d`, { method: 'PUT', headers, body: '{"ü":1}' });
    expect(seen).toMatchObject({ method: 'PUT', url: '/a/b?c=d' });
    expect(seen?.headers).toEqual({
      host: `127.0.0.1:${port}`,
      'content-length': '8',
      'x-one': '1',
      connection: 'close',
    });
    expect(body).toBe('{"ü":1}');
    expect(outcome).toMatchObject({ status: 201, headers: { 'retry-after': '7' }, isBodyCut: false });
    expect('body' in outcome && Buffer.from(outcome.body).toString()).toBe('done');
  });

  test('a redirect is an answer, not a way', async () => {
    let count = 0;
    const port = await httpServer((_request, answer) => {
      count += 1;
      answer.writeHead(302, { Location: '/elsewhere' }).end();
    });
    expect(kindOf(await send(`http://127.0.0.1:${port}/`))).toBe('status 302');
    expect(count).toBe(1);
  });

  test('an answer without a body, to HEAD or with 204, is complete', async () => {
    const port = await httpServer((_request, answer) => answer.writeHead(204, { 'Content-Encoding': 'gzip' }).end());
    expect(kindOf(await send(`http://127.0.0.1:${port}/`, { method: 'HEAD', body: undefined }))).toBe('status 204');
    expect(kindOf(await send(`http://127.0.0.1:${port}/`, { body: undefined }))).toBe('status 204');
  });

  test('a compressed body is given decompressed', async () => {
    const port = await httpServer((_request, answer) =>
      answer.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('hello')),
    );
    const outcome = await send(`http://127.0.0.1:${port}/`);
    expect('body' in outcome && Buffer.from(outcome.body).toString()).toBe('hello');
  });
});

describe('servers that do harm', () => {
  test('one that never answers takes its time and no more', async () => {
    const port = await socketServer(() => {});
    expect(kindOf(await send(`http://127.0.0.1:${port}/`, { timeoutMs: 50 }))).toBe('timeout');
  });

  test('one that trickles a head, or a body, has no more time than one that is silent', async () => {
    const trickling = (first: string) =>
      socketServer((socket) => {
        socket.write(first);
        const drip = setInterval(() => socket.write('x'), 5);
        socket.on('close', () => clearInterval(drip));
      });
    const head = await trickling('HTTP/1.1 200 OK\r\nX-Long: ');
    const body = await trickling('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
    expect(kindOf(await send(`http://127.0.0.1:${head}/`, { timeoutMs: 100 }))).toBe('timeout');
    expect(kindOf(await send(`http://127.0.0.1:${body}/`, { timeoutMs: 100, bodyBytesMax: 200_000 }))).toBe('timeout');
  });

  test('an endless body is cut at the limit and its connection closed', async () => {
    let isClosed: (value: true) => void = () => {};
    const closed = new Promise<true>((resolve) => {
      isClosed = resolve;
    });
    const port = await httpServer((request, answer) => {
      request.socket.on('close', () => isClosed(true));
      const pour = (): void => {
        while (!answer.destroyed && answer.write('x'.repeat(10_000)));
        answer.once('drain', pour);
      };
      pour();
    });
    const outcome = await send(`http://127.0.0.1:${port}/`, { bodyBytesMax: 15_000 });
    expect(outcome).toMatchObject({ status: 200, isBodyCut: true });
    expect('body' in outcome && outcome.body.length).toBe(15_000);
    expect(await closed).toBe(true);
  });

  test('a small body that inflates is cut at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const port = await httpServer((_request, answer) =>
      answer.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb),
    );
    const outcome = await send(`http://127.0.0.1:${port}/`, { bodyBytesMax: 1_000 });
    expect(outcome).toMatchObject({ status: 200, isBodyCut: true });
    expect('body' in outcome && outcome.body.length).toBe(1_000);
  });

  test('a body that is not what its encoding says is a failure', async () => {
    const encoded = (encoding: string) =>
      httpServer((_request, answer) => answer.writeHead(200, { 'Content-Encoding': encoding }).end('plain'));
    expect(kindOf(await send(`http://127.0.0.1:${await encoded('gzip')}/`))).toBe('answer');
    expect(kindOf(await send(`http://127.0.0.1:${await encoded('br')}/`))).toBe('answer');
  });

  test('a reset before, and a close within the answer are failed connections', async () => {
    const reset = await socketServer((socket) => socket.resetAndDestroy());
    const early = await socketServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'));
    const silent = await socketServer((socket) => socket.end());
    for (const port of [reset, early, silent]) {
      expect(kindOf(await send(`http://127.0.0.1:${port}/`))).toBe('connection');
    }
  });

  test('what is not HTTP, too large a head, and a changed protocol are failures', async () => {
    const saying = (text: string) => socketServer((socket) => socket.end(text));
    const garbage = await saying('SSH-2.0-OpenSSH\r\n');
    const huge = await saying(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`);
    const changed = await saying('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    expect(kindOf(await send(`http://127.0.0.1:${garbage}/`))).toBe('answer');
    expect(kindOf(await send(`http://127.0.0.1:${huge}/`))).toBe('answer');
    expect(kindOf(await send(`http://127.0.0.1:${changed}/`))).toBe('answer');
  });

  test('a port nobody listens on, and one that does not speak TLS', async () => {
    const port = await socketServer((socket) => socket.end('no TLS here'));
    expect(kindOf(await send(`https://127.0.0.1:${port}/`))).toBe('tls');
    const gone = createSocketServer();
    const free = await listening(gone as unknown as Server);
    await new Promise((resolve) => gone.close(resolve));
    expect(kindOf(await send(`http://127.0.0.1:${free}/`))).toBe('connection');
  });
});

describe('TLS', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = selfSignedCertificate(privateKey);
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  /** Of the certificate. */
  const NAME = 'sns.amazonaws.com';

  async function sendTo(
    name: string,
    certificateAuthorities?: string,
  ): Promise<{ outcome: HttpOutcome; host?: string }> {
    let host: string | undefined;
    const server = createSecureServer({ key, cert: certificate }, (request, answer) => {
      host = request.headers.host;
      answer.end();
    });
    closers.push(() => server.closeAllConnections());
    const port = await listening(server);
    const made = new HttpClient({
      guard: new OutboundGuard(rules, OWN_PORT),
      directory: new HostDirectory(async () => [{ address: '127.0.0.1', family: 4 }]),
      ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    });
    closers.push(() => made.close());
    const outcome = await send(`https://${name}:${port}/`, {}, made);
    return { outcome, ...(host === undefined ? {} : { host }) };
  }

  test('the name of the URL is asked for and checked, although the connection goes to a checked address', async () => {
    const { outcome, host } = await sendTo(NAME, certificate);
    expect(kindOf(outcome)).toBe('status 200');
    expect(host).toMatch(/^sns\.amazonaws\.com:\d+$/);
  });

  test('a certificate of another name, or that nobody vouches for, is refused', async () => {
    expect(kindOf((await sendTo('other.test', certificate)).outcome)).toBe('tls');
    expect(kindOf((await sendTo(NAME)).outcome)).toBe('tls');
  });
});

describe('where requests may not go', () => {
  test('a name is refused when any of its addresses is', async () => {
    let count = 0;
    const port = await httpServer((_request, answer) => {
      count += 1;
      answer.end();
    });
    const ask: AskForName = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '169.254.169.254', family: 4 },
    ];
    expect(kindOf(await send(`http://two-faced.test:${port}/`, {}, client(ask)))).toBe('address-not-allowed');
    expect(count).toBe(0);
  });

  test('a name that changes its meaning after it was checked changes nothing', async () => {
    let asked = 0;
    const port = await httpServer((_request, answer) => answer.end());
    const ask: AskForName = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    };
    // Node's own lookup of this name would fail: the connection goes to what was checked.
    expect(kindOf(await send(`http://rebinding.invalid:${port}/`, {}, client(ask)))).toBe('status 200');
    expect(asked).toBe(1);
  });

  test.each(['http://0x7f.1:1/', 'http://[::1]:1/', 'http://localhost:1/', 'http://127.1:1/_eddy/status'])(
    'not to this server itself: %s',
    async (url) => {
      expect(kindOf(await send(url))).toBe('address-not-allowed');
    },
  );

  test.each(['http://10.0.0.1/', 'http://[::ffff:10.0.0.1]/', 'http://1.1.1.1/', 'http://2852039166/'])(
    'not where the rules do not lead: %s',
    async (url) => {
      expect(kindOf(await send(url))).toBe('address-not-allowed');
    },
  );

  test.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'http://user:secret@127.0.0.1/', 'nonsense', 'http://'])(
    'not by other ways than http and https: %s',
    async (url) => {
      const outcome = await send(url);
      expect(kindOf(outcome)).toBe('request');
      expect(JSON.stringify(outcome)).not.toContain('secret');
    },
  );

  test('a header that would become two is not sent', async () => {
    const port = await httpServer((_request, answer) => answer.end());
    for (const header of [['X-A', 'b\r\nX-C: d'] as const, ['X A', 'b'] as const, ['X-A', 'snow ☃'] as const]) {
      expect(kindOf(await send(`http://127.0.0.1:${port}/`, { headers: [header] }))).toBe('request');
    }
    expect(kindOf(await send(`http://127.0.0.1:${port}/`, { method: 'GET / HTTP/1.1\r\nX: y' }))).toBe('request');
  });
});

describe('names', () => {
  test('a name without addresses is a failure that tells no more than the name', async () => {
    const ask: AskForName = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const outcome = await send('https://nowhere.test/path?key=secret', {}, client(ask));
    expect(outcome).toEqual({ failure: { kind: 'name-not-found', detail: 'the name nowhere.test has no address' } });
  });

  test('a lookup that hangs is one lookup, however many wait for it', async () => {
    let asked = 0;
    const hanging = client(() => {
      asked += 1;
      return new Promise(() => {});
    });
    const waiting = Array.from({ length: 20 }, () => send('http://hanging.test/', { timeoutMs: 50 }, hanging));
    expect(new Set((await Promise.all(waiting)).map(kindOf))).toEqual(new Set(['timeout']));
    expect(asked).toBe(1);
  });

  test('an answer is believed for five seconds', async () => {
    let asked = 0;
    let nowMs = 0;
    const directory = new HostDirectory(
      async () => {
        asked += 1;
        return [];
      },
      () => nowMs,
    );
    await directory.find('a.test');
    await directory.find('a.test');
    expect(asked).toBe(1);
    nowMs = 5_000;
    await directory.find('a.test');
    expect(asked).toBe(2);
  });
});

test('closing ends what is under way', async () => {
  const port = await socketServer(() => {});
  const closing = client();
  const outcome = send(`http://127.0.0.1:${port}/`, {}, closing);
  await new Promise((resolve) => setImmediate(resolve));
  closing.close();
  expect(kindOf(await outcome)).toBe('connection');
});
