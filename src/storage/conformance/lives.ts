// What survives: closing and opening again, and the end without warning.

import { describe, expect, it } from 'vitest';
import type { Position } from '../journal.ts';
import {
  appendMany,
  type EngineFactory,
  type EngineUnderTest,
  expectPayloads,
  Lives,
  replayed,
  seen,
  segmentsOf,
  type Written,
} from './engine-under-test.ts';

export function describeLives(factory: EngineFactory): void {
  const lives = new Lives(factory);

  describe('closed and opened again', () => {
    it('everything appended is there, and the journal goes on behind it', async ({ skip }) => {
      let life = await lives.first();
      const written: Written[] = [];
      for (let round = 0; round < 4; round += 1) {
        written.push(...appendMany(life.engine, lives.random, 70));
        life = await lives.next(life, 'reopen', skip);
        expect(life.engine.journal.end).toBe(written.at(-1)?.end);
        expect(life.engine.journal.durableEnd).toBe(written.at(-1)?.end);
        expect(await replayed(life.engine)).toEqual(written.map(seen));
      }
      await expectPayloads(life.engine, written);
    });

    it('keeps its secret', async ({ skip }) => {
      const life = await lives.first();
      const secret = Uint8Array.from(life.engine.secret);
      expect(secret).toHaveLength(32);
      const again = await lives.next(life, 'reopen', skip);
      expect(Uint8Array.from(again.engine.secret)).toEqual(secret);
    });

    it('a dropped segment stays dropped, and the rest can be replayed from behind it', async ({ skip }) => {
      let life = await lives.first();
      const written = appendMany(life.engine, lives.random, 300);
      await life.settle();
      const [first, second, , fourth] = segmentsOf(life.engine, 5);
      await keepFrom(life, [written.at(-2)?.end as Position, written.at(-1)?.end as Position]);
      await life.engine.journal.drop((second as typeof first).start);
      const left = life.engine.journal.segments();
      life = await lives.next(life, 'reopen', skip);
      expect(life.engine.journal.segments()).toEqual(left);
      const later = written.filter(({ position }) => position >= (fourth as typeof first).start);
      expect(await replayed(life.engine, fourth?.start)).toEqual(later.map(seen));
      await expectPayloads(
        life.engine,
        written.filter(({ position }) => position < first.end),
      );
      appendMany(life.engine, lives.random, 300);
      await life.settle();
      await life.engine.journal.drop(first.start);
      life = await lives.next(life, 'reopen', skip);
      expect(life.engine.journal.segments()[0]?.start).toBe(second?.end);
    });
  });

  describe('after a crash', () => {
    it('what was durable is there; what was not is there whole, in order, or not at all', async ({ skip }) => {
      let life = await lives.first();
      let known: Written[] = [];
      for (let round = 0; round < 12; round += 1) {
        const durable = appendMany(life.engine, lives.random, lives.random.below(60));
        await life.settle();
        const hopeful = appendMany(life.engine, lives.random, lives.random.below(60));
        life = await lives.next(life, 'crash', skip);
        const all = [...known, ...durable, ...hopeful];
        const found = await replayed(life.engine);
        expect(found.length).toBeGreaterThanOrEqual(known.length + durable.length);
        expect(found).toEqual(all.slice(0, found.length).map(seen));
        expect(life.engine.journal.end).toBe(found.at(-1)?.end ?? 0);
        known = all.slice(0, found.length);
      }
      await expectPayloads(life.engine, known);
    });

    it('a snapshot that was written is there', async ({ skip }) => {
      const life = await lives.first();
      await keepFrom(life, [0 as Position]);
      const again = await lives.next(life, 'crash', skip);
      expect((await again.engine.snapshots.latest())?.position).toBe(0);
    });

    it('a blob that was put is there', async ({ skip }) => {
      const life = await lives.first();
      const putting = life.engine.blobs.put('code', Uint8Array.of(1, 2, 3));
      await life.settle();
      await putting;
      const again = await lives.next(life, 'crash', skip);
      expect(Uint8Array.from((await again.engine.blobs.get('code')) ?? [])).toEqual(Uint8Array.of(1, 2, 3));
    });
  });
}

async function keepFrom(life: EngineUnderTest, positions: readonly Position[]): Promise<void> {
  for (const position of positions) {
    const writing = life.engine.snapshots.write({ position, sections: new Map([['a', Uint8Array.of(1)]]) });
    await life.settle();
    await writing;
  }
}
