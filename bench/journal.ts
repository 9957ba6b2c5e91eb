// How fast the journal of the file engine is, beside what the disk itself allows: the same bytes in the same groups,
// written and synced to a prepared file without any format. Run: node tools/run-ts.mjs bench/journal.ts [directory]
//
// A waiter appends one entry, waits until it is durable, and appends the next. All waiters live in one process.

import { closeSync, fdatasync, fsyncSync, mkdtempSync, openSync, rmSync, write, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileEngine, open } from '../src/storage/file/open.ts';
import type { Position } from '../src/storage/journal.ts';

const PAYLOAD = new Uint8Array(1024).fill(0x61);
const FACTS = new Uint8Array(120).fill(0x62);
const ROUNDS = 3;

interface Figures {
  readonly entriesPerSecond: number;
  readonly groupsPerSecond: number;
  /** Of the thread that appends, per entry. */
  readonly mainThreadMicros: number;
  readonly groupP50Ms: number;
  readonly groupP99Ms: number;
  readonly entryBytes: number;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

interface Watch {
  readonly startedAt: number;
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>;
}

function figures(watch: Watch, entryCount: number, groupMs: number[], entryBytes: number): Figures {
  const elapsedMs = performance.now() - watch.startedAt;
  const busy = performance.eventLoopUtilization(watch.loop).active;
  groupMs.sort((a, b) => a - b);
  return {
    entriesPerSecond: (entryCount / elapsedMs) * 1000,
    groupsPerSecond: (groupMs.length / elapsedMs) * 1000,
    mainThreadMicros: (busy * 1000) / entryCount,
    groupP50Ms: quantile(groupMs, 0.5),
    groupP99Ms: quantile(groupMs, 0.99),
    entryBytes,
  };
}

const startWatch = (): Watch => ({ startedAt: performance.now(), loop: performance.eventLoopUtilization() });

/** Keeps `waiters` entries under way until `entryCount` are durable. */
async function journalRun(engine: FileEngine, waiters: number, entryCount: number): Promise<Figures> {
  const { journal } = engine;
  const ends = new Float64Array(entryCount);
  let sent = 0;
  let done = 0;
  const send = () => {
    ends[sent] = journal.append(FACTS, [PAYLOAD]).end;
    sent += 1;
  };
  const watch = startWatch();
  const groupMs: number[] = [];
  let lastGroupAt = watch.startedAt;
  await new Promise<void>((resolve) => {
    onGroup = (durableEnd) => {
      const now = performance.now();
      groupMs.push(now - lastGroupAt);
      lastGroupAt = now;
      while (done < sent && (ends[done] as number) <= durableEnd) {
        done += 1;
        if (sent < entryCount) send();
      }
      if (done === entryCount) resolve();
    };
    for (let i = 0; i < waiters; i += 1) send();
  });
  return figures(watch, entryCount, groupMs, (ends[1] as number) - (ends[0] as number));
}

let onGroup: (durableEnd: Position) => void = () => undefined;

/** The same bytes in groups of `waiters` entries: one write, one fdatasync, no format, nothing else. */
async function rawRun(path: string, waiters: number, entryCount: number, entryBytes: number): Promise<Figures> {
  const fileBytes = 64 * 2 ** 20;
  const fd = openSync(path, 'w');
  for (let at = 0; at < fileBytes; at += 2 ** 20) writeSync(fd, new Uint8Array(2 ** 20), 0, 2 ** 20, at);
  fsyncSync(fd);
  const group = Buffer.alloc(waiters * entryBytes, 1);
  const groupMs: number[] = [];
  const watch = startWatch();
  let at = 0;
  for (let sent = 0; sent < entryCount; sent += waiters) {
    const from = performance.now();
    if (at + group.length > fileBytes) at = 0;
    const position = at;
    at += group.length;
    await new Promise<void>((resolve, reject) => {
      write(fd, group, 0, group.length, position, (writeError) => {
        if (writeError) reject(writeError);
        else fdatasync(fd, (syncError) => (syncError ? reject(syncError) : resolve()));
      });
    });
    groupMs.push(performance.now() - from);
  }
  closeSync(fd);
  return figures(watch, entryCount, groupMs, entryBytes);
}

function show(name: string, run: Figures): void {
  const columns = [
    name.padEnd(28),
    `${Math.round(run.entriesPerSecond).toLocaleString('en').padStart(9)} entries/s`,
    `${Math.round(run.groupsPerSecond).toString().padStart(5)} groups/s`,
    `${run.mainThreadMicros.toFixed(2).padStart(6)} us main thread/entry`,
    `group p50 ${run.groupP50Ms.toFixed(2)} p99 ${run.groupP99Ms.toFixed(2)} ms`,
  ];
  console.log(columns.join('  '));
}

const median = (runs: readonly Figures[]): Figures =>
  [...runs].sort((a, b) => a.entriesPerSecond - b.entriesPerSecond)[runs.length >> 1] as Figures;

const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'eddy-bench-'));
try {
  console.log(`1 KiB payload, ${FACTS.length} B facts; median of ${ROUNDS} rounds; ${root}`);
  for (const [waiters, entryCount] of [
    [1, 8_000],
    [64, 300_000],
    [1024, 600_000],
  ] as const) {
    const ours: Figures[] = [];
    const raw: Figures[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const engine = await open(join(root, `store-${waiters}-${round}`));
      engine.journal.onDurable((durableEnd) => onGroup(durableEnd));
      const one = await journalRun(engine, waiters, entryCount);
      ours.push(one);
      await engine.close();
      raw.push(await rawRun(join(root, 'raw'), waiters, entryCount, one.entryBytes));
      rmSync(join(root, `store-${waiters}-${round}`), { recursive: true });
    }
    const [journal, floor] = [median(ours), median(raw)];
    show(`journal, ${waiters} waiters`, journal);
    show(`raw file, groups of ${waiters}`, floor);
    const share = (journal.entriesPerSecond / floor.entriesPerSecond) * 100;
    console.log(`${''.padEnd(28)}  the journal reaches ${share.toFixed(0)} % of the raw file`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
