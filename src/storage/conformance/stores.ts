// Snapshots and blobs.

import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Position, Snapshot } from '../journal.ts';
import { durably, type EngineFactory, type EngineUnderTest, Lives, randomBytes } from './engine-under-test.ts';

export function describeStores(factory: EngineFactory): void {
  const lives = new Lives(factory);

  const snapshotAt = (position: number): Snapshot => ({
    position: position as Position,
    sections: new Map([
      ['queues', randomBytes(lives.random, 5000)],
      ['empty', new Uint8Array(0)],
      ['ärger/..', randomBytes(lives.random, 1)],
    ]),
  });
  const write = (life: EngineUnderTest, snapshot: Snapshot) => durably(life, life.engine.snapshots.write(snapshot));

  describe('snapshots', () => {
    it('there is none at first', async () => {
      const { engine } = await lives.first();
      expect(await engine.snapshots.latest()).toBeUndefined();
    });

    it('the newest one comes back as it was written, sections in order', async () => {
      const life = await lives.first();
      for (const position of [0, 8, 4096]) await write(life, snapshotAt(position));
      const newest = snapshotAt(8192);
      await write(life, newest);
      const found = await life.engine.snapshots.latest();
      expect(found?.position).toBe(8192);
      expect([...(found?.sections.keys() ?? [])]).toEqual([...newest.sections.keys()]);
      for (const [name, bytes] of newest.sections) {
        expect(Uint8Array.from(found?.sections.get(name) ?? [])).toEqual(bytes);
      }
    });

    it('takes sections in pieces, which are asked for once', async () => {
      const life = await lives.first();
      const pieces = [3, 0, 5000, 1_200_000, 1].map((length) => randomBytes(lives.random, length));
      let askedCount = 0;
      function* made(): Generator<Uint8Array> {
        askedCount += 1;
        yield* pieces;
      }
      const sections = new Map<string, Iterable<Uint8Array>>([
        ['made', made()],
        ['none', []],
        ['last', [Uint8Array.of(1)]],
      ]);
      await durably(life, life.engine.snapshots.write({ position: 8 as Position, sections }));
      expect(askedCount).toBe(1);
      const found = (await life.engine.snapshots.latest())?.sections;
      expect([...(found?.keys() ?? [])]).toEqual(['made', 'none', 'last']);
      expect(Buffer.compare(found?.get('made') as Uint8Array, Buffer.concat(pieces))).toBe(0);
      expect(found?.get('none')?.length).toBe(0);
      expect([...(found?.get('last') ?? [])]).toEqual([1]);
    });

    it('copies what it is given before it says it is done', async () => {
      const life = await lives.first();
      const bytes = Uint8Array.of(1, 2, 3);
      await write(life, { position: 8 as Position, sections: new Map([['a', bytes]]) });
      bytes.fill(9);
      expect(Uint8Array.from((await life.engine.snapshots.latest())?.sections.get('a') ?? [])).toEqual(
        Uint8Array.of(1, 2, 3),
      );
    });

    it('is there in the next life', async ({ skip }) => {
      const life = await lives.first();
      await write(life, snapshotAt(0));
      const again = await lives.next(life, 'reopen', skip);
      expect((await again.engine.snapshots.latest())?.sections.size).toBe(3);
    });
  });

  describe('blobs', () => {
    const names = ['plain', '../../etc/passwd', 'a/b', '', 'ünïcode', '.', 'x'.repeat(500)];

    it('come back by any name, can be replaced and deleted', async () => {
      const life = await lives.first();
      const { blobs } = life.engine;
      expect(await blobs.get('plain')).toBeUndefined();
      for (const name of names) await durably(life, blobs.put(name, randomBytes(lives.random, 3000)));
      for (const name of names) {
        const bytes = randomBytes(lives.random, lives.random.below(3000));
        await durably(life, blobs.put(name, bytes));
        expect(Uint8Array.from((await blobs.get(name)) ?? [])).toEqual(bytes);
      }
      expect(await blobs.names()).toEqual([...names].sort());
      await durably(life, blobs.delete('a/b'));
      await durably(life, blobs.delete('never there'));
      expect(await blobs.get('a/b')).toBeUndefined();
      expect(await blobs.names()).toEqual(names.filter((name) => name !== 'a/b').sort());
    });

    it('are there in the next life', async ({ skip }) => {
      const life = await lives.first();
      await durably(life, life.engine.blobs.put('code', Uint8Array.of(5)));
      const again = await lives.next(life, 'reopen', skip);
      expect(await again.engine.blobs.names()).toEqual(['code']);
    });

    const uuid = (number: number) => `s3/00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const inPieces = async (life: EngineUnderTest, name: string, pieces: readonly Uint8Array[]) => {
      const writer = await life.engine.blobs.write(name);
      for (const piece of pieces) await writer.append(piece);
      return writer;
    };

    it('written in pieces are there as a whole once they are finished, and not before', async () => {
      const life = await lives.first();
      const { blobs } = life.engine;
      for (const name of [uuid(1), 'any name at all/..']) {
        const pieces = [0, 1, 300_000, 262_144, 7].map((length) => randomBytes(lives.random, length));
        const writer = await inPieces(life, name, pieces);
        expect(await blobs.open(name)).toBeUndefined();
        expect(await blobs.names()).not.toContain(name);
        await durably(life, writer.finish());
        expect(await blobs.names()).toContain(name);
        expect(Buffer.compare(Buffer.concat(pieces), (await blobs.get(name)) ?? new Uint8Array(0))).toBe(0);
      }
    });

    it('whose pieces come before the ones before are written are in their order, with the CRC-32 of all where the store makes it', async () => {
      const life = await lives.first();
      const { blobs } = life.engine;
      const pieces = [5, 262_144, 0, 700_000, 1].map((length) => randomBytes(lives.random, length));
      const writer = await blobs.write(uuid(1));
      const appended = pieces.map((piece) => writer.append(piece));
      const whole = Buffer.concat(pieces);
      const expected = blobs.makesCrc32 === true ? crc32(whole) : undefined;
      expect(writer.crc32?.()).toBe(expected);
      await Promise.all(appended);
      await durably(life, writer.finish());
      expect(writer.crc32?.()).toBe(expected);
      expect(Buffer.compare(whole, (await blobs.get(uuid(1))) ?? new Uint8Array(0))).toBe(0);
    });

    it('are read by ranges', async () => {
      const life = await lives.first();
      const { blobs } = life.engine;
      const bytes = randomBytes(lives.random, 600_000);
      await durably(life, (await inPieces(life, uuid(1), [bytes])).finish());
      await durably(life, blobs.put('in one go', bytes));
      for (const name of [uuid(1), 'in one go']) {
        const reader = await blobs.open(name);
        expect(reader?.bytes).toBe(600_000);
        const edges = [0, 1, 262_143, 262_144, 262_145, 524_288, 599_999, 600_000];
        for (const from of edges) {
          for (const to of edges.filter((edge) => edge >= from)) {
            const part = (await reader?.read(from, to)) as Uint8Array;
            expect(Buffer.compare(part, bytes.subarray(from, to))).toBe(0);
          }
        }
        await reader?.close();
      }
    });

    it('that are held go with the last who holds them, unless there is a new one of their name', async ({ skip }) => {
      const life = await lives.first();
      const { blobs } = life.engine;
      if (blobs.hold === undefined) skip();
      const bytes = Uint8Array.of(1);
      for (const name of ['a', 'b', 'c']) await durably(life, blobs.put(name, bytes));
      const one = blobs.hold?.(['a', 'b', 'b']);
      const other = blobs.hold?.(['b']);
      for (const name of ['a', 'b', 'c']) await durably(life, blobs.delete(name));
      expect(await blobs.names()).toEqual(['a', 'b']);
      await durably(life, blobs.put('a', Uint8Array.of(2)));
      one?.();
      one?.();
      expect(await blobs.get('b')).toHaveLength(1);
      other?.();
      while ((await blobs.get('b')) !== undefined) await new Promise((resolve) => setImmediate(resolve));
      expect(await blobs.names()).toEqual(['a']);
    });

    it('that are empty are blobs', async () => {
      const life = await lives.first();
      await durably(life, (await inPieces(life, uuid(1), [])).finish());
      const reader = await life.engine.blobs.open(uuid(1));
      expect(reader?.bytes).toBe(0);
      expect(await reader?.read(0, 0)).toHaveLength(0);
      await reader?.close();
    });

    it('that are abandoned never were', async () => {
      const life = await lives.first();
      const { blobs } = life.engine;
      const writer = await inPieces(life, uuid(1), [randomBytes(lives.random, 10)]);
      await writer.abandon();
      expect(await blobs.names()).toEqual([]);
      expect(await blobs.get(uuid(1))).toBeUndefined();
    });

    it('take the bytes before append says that it is done', async () => {
      const life = await lives.first();
      const bytes = Uint8Array.of(1, 2, 3);
      const writer = await inPieces(life, uuid(1), [bytes]);
      bytes.fill(9);
      await durably(life, writer.finish());
      expect(Uint8Array.from((await life.engine.blobs.get(uuid(1))) ?? [])).toEqual(Uint8Array.of(1, 2, 3));
    });

    it('are read to their end when they are deleted meanwhile', async () => {
      const life = await lives.first();
      const { blobs } = life.engine;
      const bytes = randomBytes(lives.random, 300_000);
      await durably(life, (await inPieces(life, uuid(1), [bytes])).finish());
      const reader = await blobs.open(uuid(1));
      await durably(life, blobs.delete(uuid(1)));
      expect(Buffer.compare((await reader?.read(0, 300_000)) as Uint8Array, bytes)).toBe(0);
      expect(await blobs.open(uuid(1))).toBeUndefined();
      await reader?.close();
    });

    it('are listed by the beginning of their names', async () => {
      const life = await lives.first();
      const { blobs } = life.engine;
      for (const name of [uuid(2), uuid(1), 's3/other', 's31', 'code'])
        await durably(life, blobs.put(name, new Uint8Array(1)));
      expect(await blobs.names('s3/')).toEqual([uuid(1), uuid(2), 's3/other']);
      expect(await blobs.names()).toEqual(['code', uuid(1), uuid(2), 's3/other', 's31']);
    });

    it('that were not finished are gone in the next life', async ({ skip }) => {
      const life = await lives.first();
      await durably(life, (await inPieces(life, uuid(1), [randomBytes(lives.random, 400_000)])).finish());
      await inPieces(life, uuid(2), [randomBytes(lives.random, 400_000)]);
      const again = await lives.next(life, 'crash', skip);
      expect(await again.engine.blobs.names()).toEqual([uuid(1)]);
      expect((await again.engine.blobs.get(uuid(1)))?.length).toBe(400_000);
    });
  });
}
