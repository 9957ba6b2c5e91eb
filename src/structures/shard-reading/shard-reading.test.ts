// Properties of reading shards: whatever fails, crashes, is resharded or reconfigured, every record is given at least once and in its key's order, and nothing is behind
// a checkpoint that was not done.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { ageMsMax, readSince, startingPosition } from './choices.ts';
import { laneOf } from './progress.ts';
import type { ReadingSettings, ReadRecord, Work } from './records.ts';
import { shardNews } from './shard-order.ts';
import { StreamPlaces } from './stream-places.ts';
import { readerOf, readSubject, StreamRun } from './stream-run.ts';

interface TestRecord extends ReadRecord {
  readonly id: number;
}
interface TestShard {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  isClosed: boolean;
  readonly records: TestRecord[];
}

const READER = 'reader';
const AGE_MS_MAX = 1e12;

/** A stream, a reader that may crash at any time, and a function that fails as it is told. */
class World {
  readonly shards: TestShard[] = [{ shardId: 's0', parentShardIds: [], isClosed: false, records: [] }];
  places = new StreamPlaces();
  run: StreamRun<TestRecord>;
  readonly seen = new Map<string, number[]>();
  readonly written = new Map<string, number[]>();
  /** Ids that a function was done with, or that were given up. */
  readonly done = new Set<number>();
  readonly underWay: { shardId: string; work: Work<TestRecord>; run: StreamRun<TestRecord> }[] = [];
  private nextId = 0;
  nowMs = 1_000;

  constructor(private settings: ReadingSettings) {
    this.run = new StreamRun(0, {}, settings);
  }

  write(key: string, bytes: number): void {
    const open = this.shards.filter(({ isClosed }) => !isClosed);
    const { records } = open[laneOf(key, open.length)] as TestShard;
    const id = this.nextId;
    this.nextId += 1;
    records.push({ id, place: records.length, partitionKey: key, arrivedAtMs: this.nowMs, bytes });
    this.written.set(key, [...(this.written.get(key) ?? []), id]);
  }

  split(): void {
    if (this.shards.length > 6) return;
    // All open shards give way at once, so that keys may change their place as they like.
    const open = this.shards.filter(({ isClosed }) => !isClosed);
    const parentShardIds = open.map(({ shardId }) => shardId);
    for (const shard of open) shard.isClosed = true;
    for (let i = 0; i < 2; i += 1) {
      this.shards.push({ shardId: `s${this.shards.length}`, parentShardIds, isClosed: false, records: [] });
    }
  }

  crash(settings = this.settings): void {
    const writer = new ByteWriter();
    this.places.encode(writer);
    this.places = new StreamPlaces();
    this.places.restore(new ByteReader(writer.take()));
    this.settings = settings;
    this.run = new StreamRun(this.run.id + 1, {}, settings);
    this.underWay.length = 0;
  }

  step(): void {
    const { shards, places, run } = this;
    for (let hasFinished = true; hasFinished; ) {
      const reading = { position: { at: 'oldest' } as const, placeOf: () => 0 };
      const { begun } = shardNews({ shards, createdAtMs: 0 }, places.of(READER), reading);
      if (begun !== undefined) places.begin(READER, 0, begun);
      run.follow(places.of(READER) as NonNullable<ReturnType<StreamPlaces['of']>>);
      this.read();
      for (let due = run.takeWork(this.nowMs); due !== undefined; due = run.takeWork(this.nowMs)) {
        const { reader, work } = due;
        this.underWay.push({ shardId: reader.shardId, work, run });
        for (const { partitionKey, id } of work.records) {
          this.seen.set(partitionKey, [...(this.seen.get(partitionKey) ?? []), id]);
        }
      }
      const finished = run.finished();
      for (const shardId of finished) places.finish(READER, shardId);
      hasFinished = finished.length > 0;
    }
  }

  private read(): void {
    const looks = this.shards.map((shard) => ({ ...shard, endPlace: shard.records.length }));
    for (const { shardId, wish } of this.run.wishes(looks, Number.POSITIVE_INFINITY)) {
      const { records, isClosed } = this.shards.find((shard) => shard.shardId === shardId) as TestShard;
      const given = records.slice(wish.from, wish.from + wish.countMax);
      const next = wish.from + given.length;
      const reader = this.run.readers.get(shardId);
      const wanted = given.filter((record) => reader?.isDone(record) === false);
      reader?.took({ wanted, next, isEnd: isClosed && next >= records.length });
    }
  }

  /** `failAt`: place in the batch of the first item that is not done. */
  end(choice: number, failAt: number | undefined): void {
    const [ended] = this.underWay.splice(choice % Math.max(1, this.underWay.length), 1);
    if (ended === undefined) return;
    const { shardId, work, run } = ended;
    const reader = run.readers.get(shardId);
    if (reader === undefined) return;
    const { length } = work.records;
    const doneCount = failAt === undefined ? length : failAt % length;
    for (const { id } of work.records.slice(0, doneCount)) this.done.add(id);
    if (failAt === undefined) reader.finish(work);
    else {
      const verdict = reader.fail(work, { nowMs: this.nowMs, doneCount });
      if (verdict.kind === 'give-up') {
        for (const rest of verdict.rest) {
          for (const { id } of rest.records) this.done.add(id);
          reader.finish(rest);
        }
      }
    }
    this.places.advance(READER, shardId, { lanes: reader.progress.lanes });
  }

  drain(): void {
    for (let i = 0; i < 20_000; i += 1) {
      this.step();
      if (this.underWay.length === 0) {
        this.nowMs += 100_000;
        this.step();
        if (this.underWay.length === 0) return;
      }
      this.end(0, undefined);
    }
  }
}

const settingsOf = fc.record({
  batchSize: fc.integer({ min: 1, max: 5 }),
  batchBytesMax: fc.integer({ min: 10, max: 50 }),
  gatherMs: fc.constantFrom(0, 500),
  laneCount: fc.integer({ min: 1, max: 4 }),
  isBisecting: fc.boolean(),
  retriesMax: fc.constantFrom(undefined, undefined, 0, 2),
  ageMsMax: fc.constant(AGE_MS_MAX),
  windowMs: fc.constant(0),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), key: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('end' as const), choice: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fail' as const), choice: fc.nat(9), at: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 5_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), settings: settingsOf }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'split' as const }) },
);

function play(world: World, steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]): void {
  for (const taken of steps) {
    if (taken.kind === 'write') world.write(`key-${taken.key}`, 1 + (taken.key % 3) * 9);
    else if (taken.kind === 'end') world.end(taken.choice, undefined);
    else if (taken.kind === 'fail') world.end(taken.choice, taken.at);
    else if (taken.kind === 'wait') world.nowMs += taken.ms;
    else if (taken.kind === 'crash') world.crash();
    else if (taken.kind === 'change') world.crash(taken.settings);
    else world.split();
    world.step();
  }
  world.drain();
}

test('every record is given and done, and each first time in the order of its key', () => {
  fc.assert(
    fc.property(settingsOf, fc.array(step, { maxLength: 120 }), (settings, steps) => {
      const world = new World(settings);
      play(world, steps);
      for (const [key, ids] of world.written) {
        expect([...new Set(world.seen.get(key) ?? [])], key).toEqual(ids);
        for (const id of ids) expect(world.done.has(id), `${id} is done`).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('without crashes and failures every record is given once', () => {
  const calm = step.filter(({ kind }) => kind === 'write' || kind === 'end' || kind === 'wait' || kind === 'split');
  fc.assert(
    fc.property(settingsOf, fc.array(calm, { maxLength: 120 }), (settings, steps) => {
      const world = new World(settings);
      play(world, steps);
      for (const [key, ids] of world.written) expect(world.seen.get(key), key).toEqual(ids);
    }),
    { numRuns: 200 },
  );
});

test('what comes again is never behind what a later batch of its key was done with', () => {
  fc.assert(
    fc.property(settingsOf, fc.array(step, { maxLength: 120 }), (settings, steps) => {
      const world = new World(settings);
      const isOrdered = (work: Work<TestRecord>): boolean => {
        const seen = new Map<string, number>();
        for (const { partitionKey, id } of work.records) {
          if ((seen.get(partitionKey) ?? -1) >= id) return false;
          seen.set(partitionKey, id);
        }
        return true;
      };
      const first = world.end.bind(world);
      world.end = (choice, failAt) => {
        const ended = world.underWay[choice % Math.max(1, world.underWay.length)];
        if (ended !== undefined) expect(isOrdered(ended.work)).toBe(true);
        for (const { partitionKey, id } of ended?.work.records ?? []) {
          // Everything before it in its key is done.
          for (const earlier of world.written.get(partitionKey) ?? []) {
            const isBefore = earlier < id && !ended?.work.records.some((record) => record.id === earlier);
            if (isBefore) expect(world.done.has(earlier)).toBe(true);
          }
        }
        first(choice, failAt);
      };
      play(world, steps);
    }),
    { numRuns: 200 },
  );
});

const SETTINGS: ReadingSettings = {
  ...{ batchSize: 10, batchBytesMax: 100, gatherMs: 0, laneCount: 1, isBisecting: false, retriesMax: undefined },
  ...{ ageMsMax: AGE_MS_MAX, windowMs: 0 },
};

test('readers share the room that there is, and one that holds nothing may always read', () => {
  const run = new StreamRun<TestRecord>(0, {}, SETTINGS);
  const places = new StreamPlaces();
  const begun = ['a', 'b', 'c'].map((shardId) => ({ shardId, place: 0, isFinished: false }));
  places.begin(READER, 0, begun);
  run.follow(places.of(READER) as NonNullable<ReturnType<StreamPlaces['of']>>);
  const looks = begun.map(({ shardId }) => ({ shardId, endPlace: 5, isClosed: false }));
  expect(run.wishes(looks, 150).map(({ shardId }) => shardId)).toEqual(['a', 'b']);
  expect(run.heldBytes).toBe(200);
  expect(run.wishes(looks, 0)).toEqual([]);
  for (const shardId of ['a', 'b']) run.readers.get(shardId)?.notRead();
  expect(run.wishes(looks, -1_000).map(({ shardId }) => shardId)).toEqual(['a']);
});

test('shards that the stream does not have any more are forgotten, and another stream of the name is begun anew', () => {
  const places = new StreamPlaces();
  const shard = (shardId: string, parentShardIds: string[] = [], isClosed = false) => ({
    ...{ shardId, parentShardIds, isClosed },
  });
  const reading = { position: { at: 'end' } as const, placeOf: () => 7 };
  const news = (createdAtMs: number, ...shards: ReturnType<typeof shard>[]) =>
    shardNews({ createdAtMs, shards }, places.of(READER), reading);
  const first = news(1, shard('s0', [], true), shard('s1'));
  expect(first).toEqual({
    gone: [],
    begun: [
      { shardId: 's0', place: 0, isFinished: true },
      { shardId: 's1', place: 7, isFinished: false },
    ],
  });
  places.begin(READER, 1, first.begun ?? []);
  expect(news(1, shard('s0', [], true), shard('s1'))).toEqual({ gone: [], begun: undefined });
  // A child waits for its parent, and what comes later is read from its oldest record.
  expect(news(1, shard('s1', [], true), shard('s2', ['s1']))).toEqual({ gone: ['s0'], begun: undefined });
  places.finish(READER, 's1');
  expect(news(1, shard('s1', [], true), shard('s2', ['s1'])).begun).toMatchObject([{ shardId: 's2' }]);
  expect(news(2, shard('s1')).begun).toMatchObject([{ shardId: 's1', isFinished: false }]);
});

test('what clients choose becomes a position, a time and an age', () => {
  const at = { position: 'AT_TIMESTAMP', positionMs: 5 } as const;
  expect([startingPosition(at), readSince(at)]).toEqual([{ at: 'time', timestampMs: 5 }, { sinceMs: 5 }]);
  expect(startingPosition({ position: 'LATEST' })).toEqual({ at: 'end' });
  expect([startingPosition({ position: 'TRIM_HORIZON' }), readSince({ position: 'TRIM_HORIZON' })]).toEqual([
    { at: 'oldest' },
    {},
  ]);
  expect(ageMsMax({ position: 'LATEST' }, 24)).toBe(86_400_000);
  expect(ageMsMax({ position: 'LATEST', ageSecondsMax: 60 }, 24)).toBe(60_000);
  expect(ageMsMax({ position: 'LATEST', ageSecondsMax: 604_800 }, 24)).toBe(86_400_000);
});

test('an answer finds its reader by what the read was about, unless that is no more', () => {
  const run = new StreamRun<TestRecord>(3, {}, SETTINGS);
  run.follow({
    createdAtMs: 0,
    shards: new Map([['s0', { progress: { lanes: [0], earlier: [] }, isFinished: false }]]),
  });
  const runs = new Map([['account/region/reader', run]]);
  const subject = readSubject(run, 's0', 'account/region/reader');
  expect(readerOf(runs, subject)).toEqual({
    key: 'account/region/reader',
    shardId: 's0',
    run,
    reader: run.readers.get('s0'),
  });
  for (const other of ['2/s0/account/region/reader', '3/s1/account/region/reader', '3/s0/another', '']) {
    expect(readerOf(runs, other)).toBeUndefined();
  }
});
