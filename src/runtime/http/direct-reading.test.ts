// Large bodies that are read straight into the memory of whoever takes them, and what else comes over their connections.

import { createHash, randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readDirectly } from './direct-reading.ts';
import type { BodyTaker } from './exchange.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let test: TestServer | undefined;
afterEach(async () => {
  await test?.stop();
  test = undefined;
});

interface Upload {
  /** Where the bytes belong; a taker of few has memory for a part only. */
  readonly whole: Uint8Array;
  length: number;
  /** Bytes that lay where they belong. */
  placed: number;
  failed: string | undefined;
  hasRoom: boolean;
  resume(): void;
}

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Paths with /some have memory for a half of the body only; /held say no to each piece and go on a turn later. */
async function startTaking() {
  const uploads: Upload[] = [];
  const server = await startTestServer({
    streamsBody: ({ method }) => method === 'PUT',
    onRequest({ path, body }, exchange) {
      const { incoming } = exchange;
      if (incoming === undefined) {
        exchange.reply({ status: 200, headers: [], body });
        return;
      }
      const { announcedBytes = 0 } = incoming;
      const whole = new Uint8Array(new SharedArrayBuffer(announcedBytes));
      const resume = () => incoming.resume();
      const one: Upload = { whole, length: 0, placed: 0, failed: undefined, hasRoom: true, resume };
      uploads.push(one);
      const end = path.startsWith('/some') ? announcedBytes / 2 : announcedBytes;
      const taker: BodyTaker = {
        memory: () => (one.length < end ? whole.subarray(one.length, Math.min(end, one.length + 300_000)) : undefined),
        take(bytes) {
          if (bytes.buffer === whole.buffer && bytes.byteOffset === one.length) one.placed += bytes.length;
          else whole.set(bytes, one.length);
          one.length += bytes.length;
          if (path.startsWith('/held')) setImmediate(resume);
          return one.hasRoom && !path.startsWith('/held');
        },
        end: () => exchange.reply({ status: 200, headers: [], body: sha(whole) }),
        fail(how) {
          one.failed = how;
          if (how !== 'gone') exchange.reply({ status: 400, headers: [], body: how });
        },
      };
      incoming.start(taker);
    },
  });
  test = server;
  return { server, uploads };
}

const head = (path: string, length: number) => `PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`;
const post = (body: string) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('a large body', () => {
  it('is put where its taker wants it, and the requests behind it are read as they are', async () => {
    const { server, uploads } = await startTaking();
    const client = await server.client();
    for (const path of ['/', '/some', '/held', '/']) {
      const body = randomBytes(3_000_000);
      client.send(head(path, body.length));
      client.send(body);
      client.send(post('small'));
      client.send(post('x'.repeat(40_000)));
      expect(await client.answer()).toMatchObject({ body: sha(body) });
      expect(await client.answer()).toMatchObject({ body: 'small' });
      expect(await client.answer()).toMatchObject({ body: 'x'.repeat(40_000) });
    }
    // But for what had come with the head, and for what nobody gave memory for.
    const placed = uploads.map((one) => one.placed / one.whole.length);
    expect(placed.map((part) => (part > 0.75 ? 'all' : part > 0.25 ? 'half' : 'none'))).toEqual([
      'all',
      'half',
      'all',
      'all',
    ]);
  });

  it('and small ones share a connection', async () => {
    const { server, uploads } = await startTaking();
    const client = await server.client();
    for (const length of [2_000_000, 10, 70_000, 1_500_000, 0, 1]) {
      const body = randomBytes(length);
      client.send(Buffer.concat([Buffer.from(head('/', length)), body, Buffer.from(post('next'))]));
      expect(await client.answer()).toMatchObject({ body: sha(body) });
      expect(await client.answer()).toMatchObject({ body: 'next' });
    }
    expect(uploads).toHaveLength(6);
  });

  it('is held back while there is no room', async () => {
    const { server, uploads } = await startTaking();
    const client = await server.client();
    client.send(head('/', 20_000_000));
    await server.until(() => uploads.length === 1);
    const one = uploads[0] as Upload;
    one.hasRoom = false;
    const body = randomBytes(20_000_000);
    client.send(body);
    await server.until(() => one.length > 0);
    const before = one.length;
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(one.length).toBe(before);
    one.hasRoom = true;
    one.resume();
    expect(await client.answer()).toMatchObject({ body: sha(body) });
  });

  it.each(['ended', 'gone'])('that %s in the middle is told', async (how) => {
    const { server, uploads } = await startTaking();
    const client = await server.client();
    client.send(head('/', 5_000_000));
    client.send(Buffer.alloc(2_000_000));
    await server.until(() => (uploads[0]?.placed ?? 0) > 1_000_000);
    if (how === 'ended') client.socket.end();
    else client.destroy();
    await server.until(() => uploads[0]?.failed !== undefined);
    if (how === 'ended') expect(await client.answer()).toMatchObject({ status: 400, body: 'ended' });
  });
});

it('is not done where a socket has nothing open for it', () => {
  const reading = { memory: () => undefined, take: () => {} };
  expect(readDirectly(new Socket(), reading)).toBe(false);
});
