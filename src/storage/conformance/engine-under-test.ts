// What the conformance suite needs from an engine, and the work it makes the engine do.

import { afterEach, expect } from 'vitest';
import { SeededRandom } from '#base/random.ts';
import type { Engine, Position, ReplayedEntry, SegmentInfo } from '../journal.ts';

export interface EngineUnderTest {
  readonly engine: Engine;
  /** Resolves when all that was appended is durable and what is written of snapshots and blobs is written. */
  settle(): Promise<void>;
  /** The process ends without warning: a new engine over what survives. A string tells why there is none. */
  readonly crash: (() => Promise<EngineUnderTest>) | string;
  /** Closed in order and opened again. A string tells why that is not possible. */
  readonly reopen: (() => Promise<EngineUnderTest>) | string;
  /** Releases what the test took. */
  dispose(): Promise<void>;
}

export interface EngineFactoryOptions {
  /** Small, so that tests cross segments. */
  readonly segmentBytes: number;
  /** Small, so that tests read from behind the cache. */
  readonly cacheBytes: number;
  readonly seed: number;
}

export type EngineFactory = (options: EngineFactoryOptions) => Promise<EngineUnderTest>;

export const SEGMENT_BYTES = 16 * 1024;
const CACHE_BYTES = 16 * 1024;

export interface Written {
  readonly position: Position;
  readonly end: Position;
  readonly payloads: readonly Position[];
  readonly facts: Uint8Array;
  readonly payloadBytes: readonly Uint8Array[];
}

export function randomBytes(random: SeededRandom, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  random.fill(bytes);
  return bytes;
}

/** Entries of many shapes: no facts, no payloads, empty payloads, lengths around the alignment. */
export function appendMany(engine: Engine, random: SeededRandom, count: number): Written[] {
  const written: Written[] = [];
  for (let i = 0; i < count; i += 1) {
    const facts = randomBytes(random, random.below(random.chance(0.1) ? 3000 : 90));
    const payloadBytes = Array.from({ length: random.below(4) }, () => randomBytes(random, random.below(400)));
    written.push({ ...engine.journal.append(facts, payloadBytes), facts, payloadBytes });
  }
  return written;
}

/** An entry in a form that tests compare fast, and print readably when they differ. */
export interface Seen {
  readonly position: number;
  readonly end: number;
  readonly payloads: readonly number[];
  readonly facts: string;
  readonly payloadHex: readonly string[];
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const seen = (entry: ReplayedEntry | Written): Seen => ({
  position: entry.position,
  end: entry.end,
  payloads: [...entry.payloads],
  facts: hex(entry.facts),
  payloadHex: entry.payloadBytes.map(hex),
});

export async function replayed(engine: Engine, from = 0): Promise<Seen[]> {
  const entries: Seen[] = [];
  await engine.journal.replay(from as Position, (entry) => entries.push(seen(entry)));
  return entries;
}

export async function expectPayloads(engine: Engine, written: readonly Written[]): Promise<void> {
  for (const entry of written) {
    for (const [index, bytes] of entry.payloadBytes.entries()) {
      const read = await engine.journal.read(entry.payloads[index] as Position, bytes.length);
      expect(Buffer.compare(read, bytes)).toBe(0);
    }
  }
}

/** At least `count` segments, or the test would not test what it says. */
export function segmentsOf(engine: Engine, count: number): readonly [SegmentInfo, ...SegmentInfo[]] {
  const segments = engine.journal.segments();
  expect(segments.length).toBeGreaterThanOrEqual(count);
  return segments as [SegmentInfo, ...SegmentInfo[]];
}

/** Lets the engine finish what the promise waits for. */
export async function durably<T>(life: EngineUnderTest, work: Promise<T>): Promise<T> {
  await life.settle();
  return work;
}

type Skip = (reason: string) => never;

/** Opens stores for one suite and disposes of them after each test. */
export class Lives {
  readonly random = new SeededRandom(20240501);
  private current: EngineUnderTest | undefined;

  constructor(private readonly factory: EngineFactory) {
    afterEach(async () => {
      await this.current?.dispose();
      this.current = undefined;
    });
  }

  async first(): Promise<EngineUnderTest> {
    const options = { segmentBytes: SEGMENT_BYTES, cacheBytes: CACHE_BYTES, seed: this.random.u32() };
    this.current = await this.factory(options);
    return this.current;
  }

  /** The next life of the store; skips the test with the engine's reason when there is none. */
  async next(life: EngineUnderTest, how: 'crash' | 'reopen', skip: Skip): Promise<EngineUnderTest> {
    const go = life[how];
    if (typeof go === 'string') return skip(go);
    this.current = await go();
    return this.current;
  }
}
