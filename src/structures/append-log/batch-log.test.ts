import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, utf8Decode, utf8Encode } from '#base/bytes.ts';
import { batchBlockName, decodeBatchBlock, encodeBatchBlock, type StoredBatch } from './batch-block.ts';
import { type BatchBlockPolicy, BatchLog } from './batch-log.ts';

const POLICY: BatchBlockPolicy = { bytesMax: 64, countMax: 20, batchesMax: 6, ageMs: 1_000, spanMs: 5_000 };
const RETENTION_MS = 3_000;
const ALL = { countMax: 1_000_000, bytesMax: 1_000_000 };

/** A log with the world around it: payloads of a journal, blobs, and the plain array that it is compared with. */
class Bench {
  log = new BatchLog();
  readonly payloads = new Map<number, Uint8Array>();
  readonly blobs = new Map<string, Uint8Array>();
  model: StoredBatch[] = [];
  private nextPayload = 1;
  nowMs = 10_000;

  append(text: string, count: number): void {
    const bytes = utf8Encode(text);
    const payload = this.nextPayload;
    this.nextPayload += 1;
    this.payloads.set(payload, bytes);
    this.model.push({ firstPlace: this.log.endPlace, count, atMs: this.nowMs, bytes });
    this.log.append({ payload, count, bytes: bytes.length, atMs: this.nowMs });
  }

  /** Writes the next block, and tells the log, unless the process ends in between. */
  seal(hasCrashed: boolean): void {
    if (this.log.fresh.count === 0) return;
    const { joined, batches } = this.log.planBlock(POLICY);
    const fresh = batches.map(({ payload, firstPlace, count, atMs }): StoredBatch => {
      const bytes = this.payloads.get(payload);
      if (bytes === undefined) throw new Error('a fresh batch has its payload');
      return { firstPlace, count, atMs, bytes };
    });
    const all = [...(joined === undefined ? [] : this.load(batchBlockName('log', joined))), ...fresh];
    const range = {
      firstPlace: all[0]?.firstPlace ?? 0,
      count: all.reduce((sum, { count }) => sum + count, 0),
    };
    this.blobs.set(batchBlockName('log', range), encodeBatchBlock(all).slice());
    if (hasCrashed) {
      this.restart();
      return;
    }
    this.log.seal({ count: batches.length, hasJoined: joined !== undefined }, (payload) => {
      expect(this.payloads.delete(payload)).toBe(true);
    });
    if (joined !== undefined) this.blobs.delete(batchBlockName('log', joined));
  }

  restart(): void {
    const writer = new ByteWriter();
    this.log.encode(writer);
    this.log = new BatchLog();
    this.log.restore(new ByteReader(writer.take()));
    const known = new Set(this.log.blocks.map((block) => batchBlockName('log', block)));
    for (const name of [...this.blobs.keys()]) if (!known.has(name)) this.blobs.delete(name);
  }

  expire(): void {
    const expired = this.log.expired(this.nowMs - RETENTION_MS, 3);
    for (const block of expired) this.blobs.delete(batchBlockName('log', block));
    this.log.dropOldestBlocks(expired.length);
    this.model = this.model.filter(({ firstPlace }) => firstPlace >= this.log.firstPlace);
  }

  load(name: string): readonly StoredBatch[] {
    const bytes = this.blobs.get(name);
    if (bytes === undefined) throw new Error(`${name} is stored`);
    return decodeBatchBlock(bytes);
  }

  /** From a place on: blocks, some at a time, then what is fresh. */
  readFrom(place: number, countMax: number): StoredBatch[] {
    const found: StoredBatch[] = [];
    let next = Math.max(place, this.log.firstPlace);
    while (next < this.log.sealedEnd) {
      const blocks = this.log.blocksFrom(next, { countMax, bytesMax: 1_000 });
      expect(blocks.length).toBeGreaterThan(0);
      for (const block of blocks) found.push(...this.load(batchBlockName('log', block)));
      const last = blocks[blocks.length - 1];
      next = (last?.firstPlace ?? 0) + (last?.count ?? 0);
    }
    for (let i = this.log.fresh.indexOf(next); i < this.log.fresh.count; i += 1) {
      const { payload, firstPlace, count, atMs } = this.log.fresh.at(i);
      found.push({ firstPlace, count, atMs, bytes: this.payloads.get(payload) as Uint8Array });
    }
    return found;
  }
}

/** Record by record, each one character: batches of the same moment are one in a block. */
const shown = (batches: readonly StoredBatch[]) =>
  batches.flatMap(({ firstPlace, atMs, bytes }) =>
    [...utf8Decode(bytes)].map((text, i) => ({ place: firstPlace + i, atMs, text })),
  );

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      text: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('seal' as const), hasCrashed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 300, 2_000) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'expire' as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function run(bench: Bench, one: Step): void {
  if (one.kind === 'append') bench.append(one.text, one.text.length);
  else if (one.kind === 'seal') bench.seal(one.hasCrashed);
  else if (one.kind === 'wait') bench.nowMs += one.ms;
  else if (one.kind === 'restart') bench.restart();
  else bench.expire();
}

describe('a batch log', () => {
  it('gives back what was appended, from any place and time, whatever was sealed, expired or restarted in between', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80, size: 'max' }),
        fc.nat(300),
        fc.integer({ min: 1, max: 30 }),
        (steps, from, countMax) => {
          const bench = new Bench();
          for (const one of steps) {
            run(bench, one);
            expect(bench.payloads.size).toBe(bench.log.fresh.count);
            expect(bench.blobs.size).toBe(bench.log.blocks.length);
          }
          const isWanted = ({ place }: { place: number }): boolean => place >= from;
          expect(shown(bench.readFrom(from, countMax)).filter(isWanted)).toEqual(shown(bench.model).filter(isWanted));
          for (const { atMs } of bench.model) {
            const place = bench.log.placeSince(atMs);
            const first = bench.model.find((batch) => batch.atMs >= atMs);
            expect(place).toBeLessThanOrEqual(first?.firstPlace ?? 0);
            expect(place).toBeGreaterThanOrEqual(bench.log.firstPlace);
          }
          expect(bench.log.placeSince(bench.nowMs + 1)).toBe(bench.log.endPlace);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has few blocks when it is quiet: a small block is joined until it is half full or a span old', () => {
    const bench = new Bench();
    for (let i = 0; i < 40; i += 1) {
      bench.append('x', 1);
      bench.seal(false);
      bench.nowMs += 10;
    }
    expect(bench.log.blocks.slice(0, -1).every(({ count }) => count > POLICY.countMax / 2)).toBe(true);
    expect(bench.log.blocks.length).toBeLessThan(6);
  });

  it('keeps a million records in a few kilobytes once they are in blocks', () => {
    const log = new BatchLog();
    const policy: BatchBlockPolicy = {
      bytesMax: 4 * 1024 * 1024,
      countMax: 65_536,
      batchesMax: 8_192,
      ageMs: 1,
      spanMs: 1,
    };
    for (let i = 0; i < 2_000; i += 1) {
      log.append({ payload: i, count: 500, bytes: 100_000, atMs: i });
      if (!log.isFull(policy)) continue;
      const { joined, batches } = log.planBlock(policy);
      log.seal({ count: batches.length, hasJoined: joined !== undefined }, () => {});
    }
    expect(log.endPlace).toBe(1_000_000);
    const writer = new ByteWriter();
    log.encode(writer);
    expect(writer.length).toBeLessThan(4_000);
  });

  it('takes a batch that is larger than a block, and gives enough blocks for a page', () => {
    const bench = new Bench();
    bench.append('x'.repeat(1_000), 1);
    expect(bench.log.isFull(POLICY)).toBe(true);
    bench.seal(false);
    for (let i = 0; i < 5; i += 1) {
      bench.append('y'.repeat(60), 20);
      bench.seal(false);
    }
    expect(bench.log.blocks).toMatchObject([{ count: 1, bytes: 1_000 }, {}, {}, {}, {}, {}]);
    expect(bench.log.blocksFrom(0, { ...ALL, countMax: 41 })).toHaveLength(3);
    expect(bench.log.blocksFrom(5, { ...ALL, bytesMax: 50 })).toHaveLength(2);
    expect(bench.log.blocksFrom(bench.log.endPlace, ALL)).toEqual([]);
  });
});
