// The file engine on a disk whose power goes at a random operation, again and again: whatever was acknowledged is there,
// whatever is there was written, in order. The simulation that proves recovery.ts.

import { describe, expect, it } from 'vitest';
import { SeededRandom } from '#base/random.ts';
import { appendMany, expectPayloads, replayed, seen, type Written } from '../conformance/engine-under-test.ts';
import type { Position } from '../journal.ts';
import { type FileEngine, openOn } from './open.ts';
import { SMALL, STORE } from './testing/damage-store.ts';
import { PowerCutDisk } from './testing/power-cut-disk.ts';

const SEEDS = 40;
const LIVES = 8;

interface Known {
  /** Everything that is certainly in the journal, from `from` on. */
  written: Written[];
  from: number;
  /** Acknowledged in the running life. */
  ackedEnd: number;
  snapshots: number[];
  blob: number;
  blobUnderWay: number;
}

/** Sections that take several writes, one of them of several pieces. */
function sectionsAt(position: number): Map<string, Iterable<Uint8Array>> {
  const value = position % 251;
  return new Map([
    ['a', [new Uint8Array(300).fill(value), new Uint8Array(400).fill(value)]],
    ['b', [new Uint8Array(600).fill(value)]],
  ]);
}

/** One life: appends in bursts, writes snapshots and blobs, drops segments, until the power goes. */
async function live(engine: FileEngine, disk: PowerCutDisk, random: SeededRandom, known: Known): Promise<Written[]> {
  const { journal, snapshots, blobs } = engine;
  const hopeful: Written[] = [];
  journal.onDurable((durableEnd) => {
    known.ackedEnd = durableEnd;
  });
  disk.cutAfter(random.below(400));
  for (let round = 0; round < 60 && !disk.isOff; round += 1) {
    hopeful.push(...appendMany(engine, random, random.below(12)));
    for (let turns = random.below(4); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
    const { durableEnd } = journal;
    if (random.chance(0.1) && known.snapshots.at(-1) !== durableEnd) {
      void snapshots.write({ position: durableEnd, sections: sectionsAt(durableEnd) }).then(() => {
        known.snapshots.push(durableEnd);
      });
    }
    if (random.chance(0.1)) {
      known.blobUnderWay += 1;
      const value = known.blobUnderWay;
      void blobs.put('blob', new Uint8Array(900).fill(value)).then(() => {
        known.blob = value;
      });
    }
    const [oldest] = journal.segments();
    const snapshotAt = known.snapshots.at(-1) ?? 0;
    if (random.chance(0.2) && oldest?.sealed === true && oldest.end <= snapshotAt) void journal.drop(oldest.start);
  }
  return hopeful;
}

async function check(engine: FileEngine, known: Known, hopeful: readonly Written[]): Promise<void> {
  const snapshot = await engine.snapshots.latest();
  expect(snapshot?.position ?? 0).toBeGreaterThanOrEqual(known.snapshots.at(-1) ?? 0);
  if (snapshot !== undefined) {
    const value = snapshot.position % 251;
    const { sections } = snapshot;
    expect([...sections].map(([name, { length }]) => [name, length])).toEqual([
      ['a', 700],
      ['b', 600],
    ]);
    for (const bytes of sections.values()) expect(bytes.every((byte) => byte === value)).toBe(true);
  }
  const from = engine.journal.segments()[0]?.start ?? 0;
  expect(from).toBeLessThanOrEqual(known.snapshots.at(-1) ?? 0);
  const all = [...known.written, ...hopeful].filter(({ position }) => position >= from);
  const found = await replayed(engine, from);
  expect(found).toEqual(all.slice(0, found.length).map(seen));
  expect(engine.journal.end).toBeGreaterThanOrEqual(known.ackedEnd);
  await expectPayloads(engine, all.slice(0, found.length));
  const blob = (await engine.blobs.get('blob'))?.[0] ?? 0;
  expect(blob).toBeGreaterThanOrEqual(known.blob);
  expect(blob).toBeLessThanOrEqual(known.blobUnderWay);
  known.written = all.slice(0, found.length);
  known.from = from;
  known.blob = blob;
}

async function run(seed: number): Promise<{ tornCount: number; dropCount: number; snapshotCount: number }> {
  const random = new SeededRandom(seed);
  let disk = new PowerCutDisk(random);
  const known: Known = { written: [], from: 0, ackedEnd: 0, snapshots: [], blob: 0, blobUnderWay: 0 };
  let tornCount = 0;
  for (let life = 0; life < LIVES; life += 1) {
    const report = (line: string) => {
      if (line.includes('unfinished tail')) tornCount += 1;
    };
    const engine = await openOn(disk, STORE, { ...SMALL, report });
    const hopeful = await live(engine, disk, random, known);
    // Now and then the power goes again while the store is being opened.
    disk.cutAfter(0);
    disk = disk.afterPowerCut();
    if (random.chance(0.3)) {
      disk.cutAfter(random.below(60));
      const opening = openOn(disk, STORE, SMALL).catch((error: unknown) => error as Error);
      const outcome = await Promise.race([opening, powerGone(disk)]);
      expect(outcome instanceof Error ? outcome.message : 'no error').toBe('no error');
      disk = disk.afterPowerCut();
    }
    const again = await openOn(disk, STORE, { ...SMALL, report });
    await check(again, known, hopeful);
    known.snapshots = known.snapshots.filter((position) => position <= (again.journal.end as Position));
    if (random.chance(0.5)) await again.close();
    else disk = disk.afterPowerCut();
  }
  return { tornCount, dropCount: known.from > 0 ? 1 : 0, snapshotCount: known.snapshots.length };
}

async function powerGone(disk: PowerCutDisk): Promise<void> {
  for (let turns = 0; turns < 200 && !disk.isOff; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('power cuts', () => {
  it(`${SEEDS} stores of ${LIVES} lives keep what they acknowledged, in order, and open every time`, async () => {
    const totals = { tornCount: 0, dropCount: 0, snapshotCount: 0 };
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const one = await run(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      totals.tornCount += one.tornCount;
      totals.dropCount += one.dropCount;
      totals.snapshotCount += one.snapshotCount;
    }
    // The net was cast where the fish are.
    expect(totals.tornCount).toBeGreaterThan(SEEDS / 2);
    expect(totals.dropCount).toBeGreaterThan(SEEDS / 4);
    expect(totals.snapshotCount).toBeGreaterThan(SEEDS);
  });
});
