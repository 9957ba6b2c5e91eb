// Archives' indexes and replays' progress as snapshot bytes. Their documents are kept by the kernel.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { EventsState } from '../state.ts';
import type { ReplayOutcome, ReplayRun } from './state.ts';

const LOGS = 'archives/logs';
const REPLAYS = 'archives/replays';

export function writeSnapshot({ archives }: EventsState, section: (name: string) => ByteWriter): void {
  const logs = section(LOGS);
  logs.varint(archives.nextArchive);
  logs.varint(archives.contents.size);
  for (const { number, log } of archives.contents.values()) {
    logs.varint(number);
    log.encode(logs);
  }
  const replays = section(REPLAYS);
  replays.varint(archives.nextReplay);
  replays.varint(archives.runs.size);
  for (const run of archives.runs.values()) writeRun(replays, run);
}

/** The documents have made empty archives and replays that have not begun. */
export function readSnapshot({ archives }: EventsState, section: (name: string) => ByteReader | undefined): void {
  const logs = section(LOGS);
  const replays = section(REPLAYS);
  if (logs === undefined || replays === undefined) return;
  archives.nextArchive = logs.varint();
  for (let left = logs.varint(); left > 0; left -= 1) archives.contents.get(logs.varint())?.log.restore(logs);
  archives.nextReplay = replays.varint();
  for (let left = replays.varint(); left > 0; left -= 1) {
    const run = archives.runs.get(replays.varint());
    if (run !== undefined) readRun(replays, run);
  }
}

function writeRun(writer: ByteWriter, run: ReplayRun): void {
  const { ended } = run;
  writer.varint(run.number);
  writer.varint(run.endSequence);
  writer.f64(run.sinceAtMs);
  writer.f64(run.after.timeMs);
  writer.f64(run.after.sequence);
  writer.u8(run.hasAdvanced ? 1 : 0);
  writer.varint(run.eventCount);
  writer.varint(run.refusedCount);
  writer.f64(run.lastEventMs ?? Number.NaN);
  writer.u8(run.isCancelled ? 1 : 0);
  writer.f64(run.pausedUntilMs ?? Number.NaN);
  writer.text(ended?.outcome ?? '');
  writer.text(ended?.reason ?? '');
  writer.f64(ended?.atMs ?? 0);
}

function readRun(reader: ByteReader, run: ReplayRun): void {
  run.endSequence = reader.varint();
  run.sinceAtMs = reader.f64();
  run.after = { timeMs: reader.f64(), sequence: reader.f64() };
  run.hasAdvanced = reader.u8() === 1;
  run.eventCount = reader.varint();
  run.refusedCount = reader.varint();
  run.lastEventMs = optional(reader.f64());
  run.isCancelled = reader.u8() === 1;
  run.pausedUntilMs = optional(reader.f64());
  const outcome = reader.text();
  const reason = reader.text();
  const atMs = reader.f64();
  if (outcome !== '') {
    run.ended = { outcome: outcome as ReplayOutcome, reason: reason === '' ? undefined : reason, atMs };
  }
}

function optional(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
