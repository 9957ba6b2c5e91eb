// Objects sent over a real connection from a store in memory that fills what it is given to fill, as the one on disk does.

import { randomBytes } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { BlobBody } from '#cell/objects-door.ts';
import { createHttpServer, type HttpServer } from '#runtime/http/http-server.ts';
import { RawClient } from '#runtime/http/raw-client.ts';
import type { BlobReader } from '#storage/journal.ts';
import { MemoryBlobs } from '#storage/memory/memory-store.ts';
import { sendBlobs } from './send-blobs.ts';

class FillingBlobs extends MemoryBlobs {
  open_ = 0;

  override async open(name: string): Promise<BlobReader | undefined> {
    const bytes = await this.get(name);
    if (bytes === undefined) return undefined;
    this.open_ += 1;
    return {
      bytes: bytes.length,
      async read(from, to, memory) {
        await new Promise((resolve) => setImmediate(resolve));
        if (memory === undefined || memory.length < to - from) return bytes.slice(from, to);
        memory.set(bytes.subarray(from, to));
        return memory.subarray(0, to - from);
      },
      close: async () => {
        this.open_ -= 1;
      },
    };
  }
}

let server: HttpServer | undefined;
afterEach(async () => {
  await server?.close({ graceMs: 0 });
  server = undefined;
});

async function serve(
  blobs: FillingBlobs,
  body: BlobBody,
): Promise<{ port: number; problems: string[]; sent: boolean[] }> {
  const problems: string[] = [];
  const sent: boolean[] = [];
  server = createHttpServer({
    onRequest(_request, exchange) {
      const onDefect = (what: string) => problems.push(what);
      const head = { status: 200, headers: [] };
      sendBlobs({ exchange, blobs, body, head, onSent: () => {}, onDefect }).then(
        (isSent) => {
          sent.push(isSent);
          if (!isSent) exchange.reply({ status: 404, headers: [], body: '' });
        },
        () => exchange.reply({ status: 500, headers: [], body: '' }),
      );
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { port, problems, sent };
}

function fetched(port: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get({ port, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve(Buffer.concat(pieces)));
      answer.on('error', reject);
    }).on('error', reject);
  });
}

const whole = (blob: string, bytes: Uint8Array) => ({ blob, from: 0, to: bytes.length });

describe('an object', () => {
  it.each([0, 1, 262_144, 262_145, 1_048_577, 9_000_001])('of %i bytes is sent as it is', async (length) => {
    const blobs = new FillingBlobs();
    const bytes = randomBytes(length);
    await blobs.put('a', bytes);
    const { port } = await serve(blobs, { parts: length === 0 ? [] : [whole('a', bytes)], bytes: length });
    expect(Buffer.compare(await fetched(port), bytes)).toBe(0);
    while (blobs.open_ > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('of many parts, some of the same blob, is sent in their order', async () => {
    const blobs = new FillingBlobs();
    const expected: Buffer[] = [];
    const parts: { blob: string; from: number; to: number }[] = [];
    for (let i = 0; i < 60; i += 1) {
      const bytes = randomBytes(100_000);
      await blobs.put(`part-${i % 40}`, bytes);
    }
    for (let i = 0; i < 60; i += 1) {
      const blob = `part-${i % 40}`;
      parts.push({ blob, from: i * 100, to: 100_000 - i });
      expected.push(Buffer.from((await blobs.get(blob)) ?? []).subarray(i * 100, 100_000 - i));
    }
    const all = Buffer.concat(expected);
    const { port } = await serve(blobs, { parts, bytes: all.length });
    expect(Buffer.compare(await fetched(port), all)).toBe(0);
    while (blobs.open_ > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('is sent twice over one connection to a client that reads slowly', async () => {
    const blobs = new FillingBlobs();
    const bytes = Buffer.from(randomBytes(2_000_000).toString('hex'));
    await blobs.put('a', bytes);
    const { port } = await serve(blobs, { parts: [whole('a', bytes)], bytes: bytes.length });
    const client = await RawClient.connect(port);
    client.socket.pause();
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n');
    for (let i = 0; i < 200; i += 1) await new Promise((resolve) => setImmediate(resolve));
    client.socket.resume();
    for (let i = 0; i < 2; i += 1) {
      const { body } = await client.answer();
      expect(body.length > 0 && Buffer.compare(Buffer.from(body, 'latin1'), bytes) === 0).toBe(true);
    }
    client.destroy();
  });

  it('that is deleted before it could be opened is not sent, and one that is deleted then is', async () => {
    const blobs = new FillingBlobs();
    const bytes = randomBytes(3_000_000);
    await blobs.put('a', bytes);
    const { port, sent } = await serve(blobs, { parts: [whole('a', bytes)], bytes: bytes.length });
    const getting = fetched(port);
    while (blobs.open_ === 0) await new Promise((resolve) => setImmediate(resolve));
    await blobs.delete('a');
    expect(Buffer.compare(await getting, bytes)).toBe(0);
    await fetched(port);
    expect(sent).toEqual([true, false]);
  });

  it('of more parts than are open at once is sent to its end when all of them are deleted, and they are gone then', async () => {
    const blobs = new FillingBlobs();
    const names = Array.from({ length: 40 }, (_, at) => `part-${at}`);
    const pieces = names.map(() => randomBytes(1_000_000));
    for (const [at, name] of names.entries()) await blobs.put(name, pieces[at] as Uint8Array);
    const parts = names.map((name, at) => whole(name, pieces[at] as Uint8Array));
    const { port, problems } = await serve(blobs, { parts, bytes: 40_000_000 });
    const answer = await new Promise<IncomingMessage>((resolve) => get({ port, agent: false }, resolve));
    for (const name of names) await blobs.delete(name);
    expect(await blobs.names()).toHaveLength(40);
    const body: Buffer[] = [];
    for await (const piece of answer) body.push(piece as Buffer);
    expect(Buffer.compare(Buffer.concat(body), Buffer.concat(pieces))).toBe(0);
    while (blobs.open_ > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await blobs.names()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('of many parts whose client goes away holds them no longer', async () => {
    const blobs = new FillingBlobs();
    const bytes = randomBytes(2_000_000);
    const names = Array.from({ length: 20 }, (_, at) => `part-${at}`);
    for (const name of names) await blobs.put(name, bytes);
    const { port } = await serve(blobs, { parts: names.map((name) => whole(name, bytes)), bytes: 40_000_000 });
    const client = await RawClient.connect(port);
    client.socket.pause();
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    while (blobs.open_ === 0) await new Promise((resolve) => setImmediate(resolve));
    for (const name of names) await blobs.delete(name);
    expect(await blobs.names()).toHaveLength(20);
    client.destroy();
    while ((await blobs.names()).length > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('that cannot be read to its end is cut off, and told', async () => {
    const blobs = new FillingBlobs();
    const bytes = randomBytes(3_000_000);
    await blobs.put('a', bytes);
    const open = blobs.open.bind(blobs);
    blobs.open = async (name) => {
      const reader = (await open(name)) as BlobReader;
      return {
        ...reader,
        read: (from, to, memory) =>
          from > 2_000_000 ? Promise.reject(new Error('damaged')) : reader.read(from, to, memory),
      };
    };
    const { port, problems } = await serve(blobs, { parts: [whole('a', bytes)], bytes: bytes.length });
    await expect(fetched(port)).rejects.toThrow();
    expect(problems).toEqual(['an object could not be sent to its end']);
  });

  it('whose client goes away is closed', async () => {
    const blobs = new FillingBlobs();
    const bytes = randomBytes(30_000_000);
    await blobs.put('a', bytes);
    const { port } = await serve(blobs, { parts: [whole('a', bytes)], bytes: bytes.length });
    const client = await RawClient.connect(port);
    client.socket.pause();
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    while (blobs.open_ === 0) await new Promise((resolve) => setImmediate(resolve));
    client.destroy();
    while (blobs.open_ > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});
