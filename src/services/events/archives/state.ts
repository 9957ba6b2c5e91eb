// What archives keep in memory: documents, the index of each archive's blocks, and how far replays are.

import type { PayloadId } from '#cell/payloads.ts';
import { AppendLog, type BlockPlan } from '#structures/append-log/append-log.ts';
import type { LogPlace } from '#structures/append-log/block.ts';
import { Table } from '#structures/table.ts';
import type { ArchiveDoc, ReplayDoc } from './documents.ts';

export interface ArchiveContent {
  readonly number: number;
  doc: ArchiveDoc;
  readonly log: AppendLog;
}

export type ReplayOutcome = 'COMPLETED' | 'CANCELLED' | 'FAILED';

export interface ReplayRun {
  readonly number: number;
  readonly doc: ReplayDoc;
  endSequence: number;
  sinceAtMs: number;
  /** Everything up to here was replayed. */
  after: LogPlace;
  hasAdvanced: boolean;
  eventCount: number;
  refusedCount: number;
  lastEventMs: number | undefined;
  isCancelled: boolean;
  /** The next step is not made before; undefined when it may be made at once. */
  pausedUntilMs: number | undefined;
  ended: { readonly outcome: ReplayOutcome; readonly reason: string | undefined; readonly atMs: number } | undefined;
}

export class ArchivesState {
  /** By `account/region/name`. */
  readonly archives = new Table<ArchiveDoc>({ name: 'events.archives' });
  readonly replays = new Table<ReplayDoc>({ name: 'events.replays' });
  readonly contents = new Map<number, ArchiveContent>();
  /** By the number of the managed rule. */
  readonly byRule = new Map<number, ArchiveContent>();
  readonly runs = new Map<number, ReplayRun>();
  nextArchive = 1;
  nextReplay = 1;

  // What this process is doing; a new one begins without.

  /** Blocks that are being written, by archive. */
  readonly writing = new Map<number, BlockPlan>();
  /** Replays whose next events are being read, and the time up to which the reader was asked. */
  readonly reading = new Map<number, number>();
  /** Blocks may be written: those that an earlier process left behind are gone. */
  isSwept = false;
}

export function newContent(doc: ArchiveDoc): ArchiveContent {
  return { number: doc.number, doc, log: new AppendLog() };
}

export function newRun(doc: ReplayDoc): ReplayRun {
  return {
    number: doc.number,
    doc,
    endSequence: 0,
    sinceAtMs: 0,
    after: { timeMs: doc.fromMs, sequence: -1 },
    hasAdvanced: false,
    eventCount: 0,
    refusedCount: 0,
    lastEventMs: undefined,
    isCancelled: false,
    pausedUntilMs: undefined,
    ended: undefined,
  };
}

/** Name of the archive's log, which its blobs begin with. */
export const BLOCK_PREFIX = 'events-archive/';

export function logName(archive: number): string {
  return `${BLOCK_PREFIX}${archive}`;
}

export function payloadId(payload: number): PayloadId {
  return payload as PayloadId;
}
