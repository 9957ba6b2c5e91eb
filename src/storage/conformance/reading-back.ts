// Replay, scan and drop.

import { describe, expect, it } from 'vitest';
import type { Engine, SegmentInfo } from '../journal.ts';
import {
  appendMany,
  type EngineFactory,
  expectPayloads,
  Lives,
  replayed,
  type Seen,
  seen,
  segmentsOf,
  type Written,
} from './engine-under-test.ts';

type Three = [SegmentInfo, SegmentInfo, SegmentInfo];
const threeOf = (engine: Engine): Three => segmentsOf(engine, 4).slice(0, 3) as Three;

export function describeReadingBack(factory: EngineFactory): void {
  const lives = new Lives(factory);

  describe('replay and scan', () => {
    it('an empty journal replays nothing', async () => {
      const { engine } = await lives.first();
      expect(await replayed(engine)).toEqual([]);
    });

    it('visits every entry from a position on, once, in order', async () => {
      const life = await lives.first();
      const written = appendMany(life.engine, lives.random, 250);
      await life.settle();
      for (const from of [0, 1, 100, 249]) {
        const position = (written[from] as Written).position;
        expect(await replayed(life.engine, position)).toEqual(written.slice(from).map(seen));
      }
      expect(await replayed(life.engine, life.engine.journal.end)).toEqual([]);
    });

    it('refuses a position behind the end: what lay before it would be missing', async () => {
      const life = await lives.first();
      appendMany(life.engine, lives.random, 3);
      await life.settle();
      await expect(replayed(life.engine, life.engine.journal.end + 8)).rejects.toMatchObject({
        name: 'StorageCorruption',
      });
    });

    it('all segments scanned one after another are the whole journal', async () => {
      const life = await lives.first();
      const written = appendMany(life.engine, lives.random, 250);
      await life.settle();
      const scanned: Seen[] = [];
      const segments = life.engine.journal.segments();
      let end = 0;
      for (const segment of segments) {
        expect(segment.start).toBe(end);
        end = segment.end;
        for await (const entry of life.engine.journal.scan(segment.start)) scanned.push(seen(entry));
      }
      expect(end).toBe(life.engine.journal.end);
      expect(segments.map(({ sealed }) => sealed)).toEqual(segments.map((_, index) => index < segments.length - 1));
      expect(new Set(segments.map((segment) => segment.name)).size).toBe(segments.length);
      expect(scanned).toEqual(written.map(seen));
    });
  });

  describe('drop', () => {
    it('gives up a segment; its neighbours stay readable', async () => {
      const life = await lives.first();
      const written = appendMany(life.engine, lives.random, 250);
      await life.settle();
      const { journal } = life.engine;
      const before = journal.segments();
      const [first, second, third] = threeOf(life.engine);
      await journal.drop(second.start);
      await journal.drop(first.start);
      expect(journal.segments()).toEqual(before.slice(2));
      await expectPayloads(
        life.engine,
        written.filter(({ position }) => position >= third.start),
      );
      const rest = written.filter(({ position }) => position >= third.start);
      expect(await replayed(life.engine, third.start)).toEqual(rest.map(seen));
    });

    it('keeps an older segment when a younger one goes', async () => {
      const life = await lives.first();
      const written = appendMany(life.engine, lives.random, 250);
      await life.settle();
      const [first, second] = threeOf(life.engine);
      await life.engine.journal.drop(second.start);
      await expectPayloads(
        life.engine,
        written.filter(({ position }) => position < first.end),
      );
    });

    it('lets a scan that is under way finish', async () => {
      const life = await lives.first();
      const written = appendMany(life.engine, lives.random, 250);
      await life.settle();
      const [first] = threeOf(life.engine);
      const scanned: Seen[] = [];
      let dropping: Promise<void> | undefined;
      for await (const entry of life.engine.journal.scan(first.start)) {
        scanned.push(seen(entry));
        dropping ??= life.engine.journal.drop(first.start);
      }
      await dropping;
      expect(scanned).toEqual(written.filter(({ position }) => position < first.end).map(seen));
    });

    it('refuses the segment that is being written', async () => {
      const life = await lives.first();
      appendMany(life.engine, lives.random, 10);
      await life.settle();
      const last = life.engine.journal.segments().at(-1) as SegmentInfo;
      await expect(async () => life.engine.journal.drop(last.start)).rejects.toMatchObject({ name: 'Defect' });
    });

    it('replay refuses to begin before what was dropped', async () => {
      const life = await lives.first();
      appendMany(life.engine, lives.random, 250);
      await life.settle();
      const { journal } = life.engine;
      const [, second, third] = threeOf(life.engine);
      await journal.drop(second.start);
      await expect(replayed(life.engine, 0)).rejects.toMatchObject({ name: 'StorageCorruption' });
      await expect(replayed(life.engine, second.start)).rejects.toMatchObject({ name: 'StorageCorruption' });
      expect(await replayed(life.engine, third.start)).not.toEqual([]);
    });
  });
}
