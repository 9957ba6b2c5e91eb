import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, utf8Decode, utf8Encode } from '#base/bytes.ts';
import { AppendLog, type BlockPolicy } from './append-log.ts';
import { blockName, decodeBlock, encodeBlock, type LogRecord } from './block.ts';
import { compareInTime, type PageRange, RecordPage } from './page.ts';

const POLICY: BlockPolicy = { bytesMax: 64, countMax: 8, ageMs: 1_000, spanMs: 5_000 };
const RETENTION_MS = 3_000;
const EVERYTHING = {
  beforeTimeMs: Number.POSITIVE_INFINITY,
  beforeSequence: Number.POSITIVE_INFINITY,
  sinceAtMs: 0,
  bytesMax: 1_000_000,
};

/** A log with the world around it: payloads of a journal, blobs, and the plain array that it is compared with. */
class Bench {
  log = new AppendLog();
  readonly payloads = new Map<number, Uint8Array>();
  readonly blobs = new Map<string, Uint8Array>();
  model: LogRecord[] = [];
  private nextPayload = 1;
  nowMs = 10_000;

  append(text: string, timeMs: number): void {
    const bytes = utf8Encode(text);
    const payload = this.nextPayload;
    this.nextPayload += 1;
    this.payloads.set(payload, bytes);
    this.model.push({ sequence: this.log.nextSequence, atMs: this.nowMs, timeMs, bytes });
    this.log.append({ payload, bytes: bytes.length, atMs: this.nowMs, timeMs });
  }

  /** Writes the next block, and tells the log, unless the process ends in between. */
  seal(hasCrashed: boolean): void {
    if (this.log.fresh.count === 0) return;
    const { joined, firstSequence, records } = this.log.planBlock(POLICY);
    const fresh = records.map(({ payload, atMs, timeMs }, i) => {
      const bytes = this.payloads.get(payload);
      if (bytes === undefined) throw new Error('a fresh record has its payload');
      return { sequence: firstSequence + i, atMs, timeMs, bytes };
    });
    const block = encodeBlock([...(joined === undefined ? [] : this.load(blockName('log', joined))), ...fresh]).slice();
    const range = {
      firstSequence: joined?.firstSequence ?? firstSequence,
      count: (joined?.count ?? 0) + records.length,
    };
    this.blobs.set(blockName('log', range), block);
    if (hasCrashed) {
      this.restart();
      return;
    }
    const sealed = { count: records.length, hasJoined: joined !== undefined, storedBytes: block.length };
    this.log.seal(sealed, (payload) => {
      expect(this.payloads.delete(payload)).toBe(true);
    });
    if (joined !== undefined) this.blobs.delete(blockName('log', joined));
  }

  restart(): void {
    const writer = new ByteWriter();
    this.log.encode(writer);
    this.log = new AppendLog();
    this.log.restore(new ByteReader(writer.take()));
    const known = new Set(this.log.blocks.map((block) => blockName('log', block)));
    for (const name of [...this.blobs.keys()]) if (!known.has(name)) this.blobs.delete(name);
  }

  expire(): void {
    const expired = this.log.expired(this.nowMs - RETENTION_MS, 3);
    for (const block of expired) this.blobs.delete(blockName('log', block));
    this.log.dropOldestBlocks(expired.length);
    this.model = this.model.filter(({ sequence }) => sequence >= this.log.firstSequence);
  }

  load(name: string): LogRecord[] {
    const bytes = this.blobs.get(name);
    if (bytes === undefined) throw new Error(`${name} is stored`);
    return decodeBlock(bytes);
  }

  page(range: PageRange, blocks: AppendLog['blocks']) {
    const page = new RecordPage(range);
    for (const block of blocks) {
      const records = this.load(blockName('log', block));
      const place =
        range.order === 'time'
          ? { timeMs: block.minTimeMs, sequence: -1 }
          : { timeMs: 0, sequence: block.firstSequence };
      if (page.isCompleteBefore(place)) break;
      page.add(range.order === 'time' ? records.sort(compareInTime) : records);
    }
    return page.take();
  }

  /** All sealed records in order of time, some at a time, as a replay reads them. */
  readInTime(fromMs: number, toMs: number, countMax: number): LogRecord[] {
    const found: LogRecord[] = [];
    let after = { timeMs: fromMs, sequence: -1 };
    for (;;) {
      const { blocks, beforeTimeMs } = this.log.nextInTime(after, toMs);
      const { records, isCut } = this.page(
        { ...EVERYTHING, order: 'time', after, beforeTimeMs, countMax },
        blocks as AppendLog['blocks'],
      );
      found.push(...records);
      const last = records[records.length - 1];
      if (isCut && last !== undefined) after = { timeMs: last.timeMs, sequence: last.sequence };
      else if (beforeTimeMs >= toMs) return found;
      else after = { timeMs: beforeTimeMs, sequence: -1 };
    }
  }

  readInSequence(countMax: number): LogRecord[] {
    const found: LogRecord[] = [];
    for (;;) {
      const sequence = found[found.length - 1]?.sequence ?? -1;
      const blocks = this.log.nextInSequence(sequence);
      if (blocks.length === 0) return found;
      const range: PageRange = { ...EVERYTHING, order: 'sequence', after: { timeMs: 0, sequence }, countMax };
      found.push(...this.page(range, blocks as AppendLog['blocks']).records);
    }
  }
}

function shown(records: readonly LogRecord[]) {
  return records.map(({ sequence, atMs, timeMs, bytes }) => ({ sequence, atMs, timeMs, text: utf8Decode(bytes) }));
}

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      text: fc.string({ maxLength: 40 }),
      timeMs: fc.integer({ min: -50, max: 50 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('seal' as const), hasCrashed: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 300, 2_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'expire' as const }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function run(bench: Bench, one: Step): void {
  if (one.kind === 'append') bench.append(one.text, one.timeMs);
  else if (one.kind === 'seal') bench.seal(one.hasCrashed);
  else if (one.kind === 'wait') bench.nowMs += one.ms;
  else if (one.kind === 'restart') bench.restart();
  else bench.expire();
}

describe('an append log', () => {
  it('gives back what was appended, in order of time or of arrival, whatever was sealed, expired or restarted in between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 5 }), (steps, countMax) => {
        const bench = new Bench();
        for (const one of steps) {
          run(bench, one);
          expect(bench.log.count).toBe(bench.model.length);
          expect(bench.log.bytes).toBe(bench.model.reduce((sum, { bytes }) => sum + bytes.length, 0));
          expect(bench.payloads.size).toBe(bench.log.fresh.count);
          expect(bench.blobs.size).toBe(bench.log.blocks.length);
        }
        const sealed = bench.model.filter(({ sequence }) => sequence < bench.log.sealedEnd);
        expect(shown(bench.readInSequence(countMax))).toEqual(shown(sealed));
        const wanted = sealed.filter(({ timeMs }) => timeMs >= -20 && timeMs < 30).sort(compareInTime);
        expect(shown(bench.readInTime(-20, 30, countMax))).toEqual(shown(wanted));
      }),
      { numRuns: 300 },
    );
  });

  it('has few blocks when it is quiet: a small block is joined until it is half full or a span old', () => {
    const bench = new Bench();
    for (let i = 0; i < 40; i += 1) {
      bench.append('x', i);
      bench.seal(false);
      bench.nowMs += 10;
    }
    expect(bench.log.blocks.every(({ count }) => count > POLICY.countMax / 2)).toBe(true);
    bench.nowMs += POLICY.spanMs;
    bench.append('y', 0);
    bench.seal(false);
    expect(bench.log.blocks.at(-1)?.count).toBe(1);
  });

  it('gives memory back when records leave for blocks', () => {
    const bench = new Bench();
    for (let i = 0; i < 1_000; i += 1) bench.append('', i);
    while (bench.log.fresh.count > 0) bench.seal(false);
    const writer = new ByteWriter();
    bench.log.encode(writer);
    expect(bench.log.blocks.length).toBe(1_000 / POLICY.countMax);
    expect(writer.length / 1_000).toBeLessThan(6);
  });

  it('takes a record that is larger than a block', () => {
    const bench = new Bench();
    bench.append('x'.repeat(1_000), 1);
    bench.append('y', 2);
    expect(bench.log.isFull(POLICY)).toBe(true);
    bench.seal(false);
    expect(bench.log.blocks).toMatchObject([{ count: 1, bytes: 1_000 }]);
  });

  it('knows when fresh records are old enough', () => {
    const bench = new Bench();
    expect(bench.log.sealDueAtMs(POLICY)).toBeUndefined();
    bench.append('x', 1);
    expect(bench.log.sealDueAtMs(POLICY)).toBe(bench.nowMs + POLICY.ageMs);
  });
});

describe('a page of records', () => {
  const records = [5, 1, 3].map((timeMs, sequence) => ({
    sequence,
    atMs: sequence,
    timeMs,
    bytes: new Uint8Array(10),
  }));
  const range: PageRange = {
    ...EVERYTHING,
    order: 'time',
    after: { timeMs: 0, sequence: -1 },
    countMax: 10,
  };
  const sequences = (change: Partial<PageRange>): readonly number[] => {
    const page = new RecordPage({ ...range, ...change });
    page.add([...records].sort(compareInTime));
    return page.take().records.map(({ sequence }) => sequence);
  };

  it('has only what is inside the range', () => {
    expect(sequences({})).toEqual([1, 2, 0]);
    expect(sequences({ beforeTimeMs: 5 })).toEqual([1, 2]);
    expect(sequences({ beforeSequence: 2 })).toEqual([1, 0]);
    expect(sequences({ sinceAtMs: 1 })).toEqual([1, 2]);
    expect(sequences({ after: { timeMs: 1, sequence: 1 } })).toEqual([2, 0]);
    expect(sequences({ countMax: 2 })).toEqual([1, 2]);
    expect(sequences({ bytesMax: 25 })).toEqual([1, 2]);
    expect(sequences({ bytesMax: 1 })).toEqual([1]);
  });
});
