// Appending, durability and reading of payloads.

import { describe, expect, it } from 'vitest';
import type { Position } from '../journal.ts';
import {
  appendMany,
  type EngineFactory,
  expectPayloads,
  hex,
  Lives,
  randomBytes,
  replayed,
  SEGMENT_BYTES,
  type Written,
} from './engine-under-test.ts';

export function describeWriting(factory: EngineFactory): void {
  const lives = new Lives(factory);

  describe('append', () => {
    it('gives positions that follow on one another and never repeat', async () => {
      const { engine } = await lives.first();
      let end = engine.journal.end;
      for (const entry of appendMany(engine, lives.random, 200)) {
        expect(entry.position).toBe(end);
        expect(entry.end).toBeGreaterThan(entry.position);
        expect(entry.payloads).toHaveLength(entry.payloadBytes.length);
        let before = entry.position;
        for (const payload of entry.payloads) {
          expect(payload).toBeGreaterThan(before);
          expect(payload).toBeLessThan(entry.end);
          before = payload;
        }
        end = entry.end;
      }
      expect(engine.journal.end).toBe(end);
    });

    it('copies what it is given', async () => {
      const life = await lives.first();
      const facts = Uint8Array.of(1, 2, 3);
      const payload = Uint8Array.of(4, 5, 6);
      const { payloads } = life.engine.journal.append(facts, [payload]);
      facts.fill(9);
      payload.fill(9);
      await life.settle();
      expect(Uint8Array.from(await life.engine.journal.read(payloads[0] as Position, 3))).toEqual(
        Uint8Array.of(4, 5, 6),
      );
      expect((await replayed(life.engine))[0]?.facts).toBe('010203');
    });

    it('takes an entry that is larger than a segment', async () => {
      const life = await lives.first();
      const before = appendMany(life.engine, lives.random, 3);
      const large = randomBytes(lives.random, SEGMENT_BYTES * 5 + 13);
      const entry = life.engine.journal.append(Uint8Array.of(1), [large]);
      const after = appendMany(life.engine, lives.random, 3);
      await life.settle();
      expect(await life.engine.journal.read(entry.payloads[0] as Position, large.length)).toEqual(
        expect.objectContaining({ length: large.length }),
      );
      const all = await replayed(life.engine);
      expect(all.map(({ position }) => position)).toEqual([...before, entry, ...after].map(({ position }) => position));
      expect(all[3]?.payloadHex).toEqual([hex(large)]);
    });
  });

  describe('durability', () => {
    it('is announced after the append has returned, in order, up to the end', async () => {
      const life = await lives.first();
      const { journal } = life.engine;
      const announced: number[] = [];
      let isAppending = false;
      journal.onDurable((durableEnd) => {
        expect(isAppending).toBe(false);
        expect(journal.durableEnd).toBe(durableEnd);
        announced.push(durableEnd);
      });
      for (let round = 0; round < 5; round += 1) {
        isAppending = true;
        appendMany(life.engine, lives.random, 20);
        isAppending = false;
        await life.settle();
        expect(journal.durableEnd).toBe(journal.end);
      }
      expect(announced).toEqual([...announced].sort((a, b) => a - b));
      expect(new Set(announced).size).toBe(announced.length);
      expect(announced.at(-1)).toBe(journal.end);
    });

    it('goes on for what the listener appends', async () => {
      const life = await lives.first();
      const { journal } = life.engine;
      let left = 10;
      journal.onDurable(() => {
        if (left === 0) return;
        left -= 1;
        journal.append(Uint8Array.of(left), []);
      });
      journal.append(Uint8Array.of(99), []);
      while (left > 0 || journal.durableEnd < journal.end) await life.settle();
      const order = ['63', '09', '08', '07', '06', '05', '04', '03', '02', '01', '00'];
      expect((await replayed(life.engine)).map(({ facts }) => facts)).toEqual(order);
    });
  });

  describe('read', () => {
    it('returns every payload, fresh and old, whole', async () => {
      const life = await lives.first();
      const written: Written[] = [];
      for (let round = 0; round < 6; round += 1) {
        written.push(...appendMany(life.engine, lives.random, 60));
        // Before it is durable, too.
        await expectPayloads(life.engine, written.slice(-60));
        await life.settle();
      }
      expect(life.engine.journal.segments().length).toBeGreaterThan(3);
      await expectPayloads(life.engine, written);
    });

    it('gives bytes that stay as they are when the journal goes on', async () => {
      const life = await lives.first();
      const { payloads } = life.engine.journal.append(Uint8Array.of(1), [Uint8Array.of(7, 7, 7)]);
      const bytes = await life.engine.journal.read(payloads[0] as Position, 3);
      appendMany(life.engine, lives.random, 300);
      await life.settle();
      expect(Uint8Array.from(bytes)).toEqual(Uint8Array.of(7, 7, 7));
    });

    it('refuses a length that is not the payload’s', async () => {
      const life = await lives.first();
      const { payloads } = life.engine.journal.append(Uint8Array.of(1), [new Uint8Array(100)]);
      const read = async () => life.engine.journal.read(payloads[0] as Position, 99);
      await expect(read()).rejects.toMatchObject({ name: 'StorageCorruption' });
      appendMany(life.engine, lives.random, 300);
      await life.settle();
      await expect(read()).rejects.toMatchObject({ name: 'StorageCorruption' });
    });
  });
}
