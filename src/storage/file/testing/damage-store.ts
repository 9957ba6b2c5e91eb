// A store on the disk in memory with something of everything in it, to be damaged: sealed segments, the last one, a
// dropped one, snapshots, blobs. And what it must say afterwards: the truth, or that it is damaged.

import { expect } from 'vitest';
import { SeededRandom } from '#base/random.ts';
import { appendMany, hex, replayed, type Seen, seen, type Written } from '../../conformance/engine-under-test.ts';
import type { Position } from '../../journal.ts';
import { type FileEngine, type FileEngineOptions, openOn } from '../open.ts';
import { NO_MARKS, settle } from './engine-lives.ts';
import { PowerCutDisk } from './power-cut-disk.ts';

export const STORE = '/store';
export const JOURNAL = `${STORE}/journal`;
export const SMALL: FileEngineOptions = { segmentBytes: 8192, cacheBytes: 8192, markAfterMs: NO_MARKS };

export interface Sample {
  /** Closed in order; take a copy with `afterKill` before damaging it. */
  readonly disk: PowerCutDisk;
  /** Everything that was acknowledged and not dropped. */
  readonly written: readonly Written[];
  /** Those that follow the older of the two snapshots. */
  readonly replayFrom: readonly [Position, Position];
  readonly blob: Uint8Array;
}

export async function makeSample(seed: number): Promise<Sample> {
  const random = new SeededRandom(seed);
  const disk = new PowerCutDisk(random);
  const engine = await openOn(disk, STORE, SMALL);
  const written = appendMany(engine, random, 60);
  await settle(engine);
  const replayFrom: Position[] = [];
  for (let i = 0; i < 2; i += 1) {
    replayFrom.push(engine.journal.end);
    const sections = new Map([['state', new Uint8Array(1000).fill(i)]]);
    await engine.snapshots.write({ position: engine.journal.end, sections });
    written.push(...appendMany(engine, random, 20));
    await settle(engine);
  }
  const [first, second] = engine.journal.segments();
  await engine.journal.drop(second?.start as Position);
  await engine.journal.drop(first?.start as Position);
  const blob = new Uint8Array(3000);
  random.fill(blob);
  await engine.blobs.put('code', blob);
  await engine.close();
  const kept = written.filter(({ position }) => position >= (second?.end as Position));
  return { disk, written: kept, replayFrom: replayFrom as [Position, Position], blob };
}

export type Verdict = 'unharmed' | 'damage named';

/** Opens the store and asks it for everything. Fails when it tells anything but the truth. */
export async function judge(disk: PowerCutDisk, sample: Sample): Promise<Verdict> {
  const reports: string[] = [];
  let engine: FileEngine;
  try {
    engine = await openOn(disk, STORE, { ...SMALL, report: (line) => reports.push(line) });
  } catch (error) {
    return named(error);
  }
  const verdicts = new Set<Verdict>();
  const ask = async (question: () => Promise<void>): Promise<void> => {
    try {
      await question();
      verdicts.add('unharmed');
    } catch (error) {
      verdicts.add(named(error));
    }
  };
  await ask(() => askJournal(engine, sample));
  await ask(() => askSegments(engine, sample));
  for (const entry of sample.written) await ask(() => askPayloads(engine, entry));
  await ask(async () => expect(hex((await engine.blobs.get('code')) as Uint8Array)).toBe(hex(sample.blob)));
  await engine.close();
  const isReported = reports.some((line) => line.includes('damaged'));
  return verdicts.has('damage named') || isReported ? 'damage named' : 'unharmed';
}

async function askJournal(engine: FileEngine, sample: Sample): Promise<void> {
  const snapshot = await engine.snapshots.latest();
  const index = sample.replayFrom.indexOf(snapshot?.position as Position);
  expect(index).toBeGreaterThanOrEqual(0);
  expect(snapshot?.sections.get('state')).toEqual(new Uint8Array(1000).fill(index));
  const expected: Seen[] = sample.written.filter(({ position }) => position >= (snapshot?.position ?? 0)).map(seen);
  expect(await replayed(engine, snapshot?.position)).toEqual(expected);
}

async function askSegments(engine: FileEngine, sample: Sample): Promise<void> {
  const scanned: Seen[] = [];
  for (const { start } of engine.journal.segments()) {
    for await (const entry of engine.journal.scan(start)) scanned.push(seen(entry));
  }
  expect(scanned).toEqual(sample.written.map(seen));
}

async function askPayloads(engine: FileEngine, entry: Written): Promise<void> {
  for (const [index, bytes] of entry.payloadBytes.entries()) {
    const read = await engine.journal.read(entry.payloads[index] as Position, bytes.length);
    expect(hex(read)).toBe(hex(bytes));
  }
}

function named(error: unknown): 'damage named' {
  const { name, message } = error as Error;
  if (name !== 'StorageCorruption' && name !== 'StartupProblem') throw error;
  expect(message).toContain(STORE);
  return 'damage named';
}
