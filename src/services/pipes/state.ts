// The memory of Pipes. Pipes are documents; what is under way ends with the process, and its messages come back by their queue's visibility timeout.

import type { PolledMessage } from '#cell/poll-source.ts';
import type { Turn } from '#cell/turn.ts';
import type { BatchWindow } from '#structures/batch-window.ts';
import type { SqsFilter } from '#structures/event-pattern/sqs-filter.ts';
import type { Work } from '#structures/shard-reading/records.ts';
import { StreamPlaces } from '#structures/shard-reading/stream-places.ts';
import { Table } from '#structures/table.ts';
import type { PipeDoc } from './documents.ts';
import type { Execution } from './executing/execution.ts';
import type { SourceEvent } from './shaping/item.ts';
import type { StreamFilter } from './streams/filter.ts';
import type { PipeRecord, PipeRun } from './streams/source.ts';

export type PipesTurn = Turn<PipesState>;

export class PipesState {
  readonly pipes = new Table<PipeDoc>({ name: 'pipes.pipes' });
  /** How far pipes have read their streams. */
  readonly streams = new StreamPlaces();
  readonly running = new Running();
}

/** Lost with the process, on purpose. */
export class Running {
  nextBatch = 1;
  readonly pollers = new Map<string, Poller>();
  nextRun = 1;
  /** Readers of streams, by pipe. */
  readonly streams = new Map<string, PipeRun>();
  /** Pipes whose stream is being looked at in this very turn. */
  readonly polling = new Set<string>();
  readonly streamFilters = new Map<string, StreamFilter>();
  /** Batches whose messages' bodies are being read, by number. */
  readonly reading = new Map<string, Batch>();
  /** What waits for an enrichment or a target, by id. */
  readonly executions = new Map<string, Execution>();
  /** Of the events of all batches. */
  heldCharacters = 0;
  /** Pipes that found no room for their events, in the order in which they came. */
  readonly crowdedOut = new Set<string>();
}

export interface Poller {
  /** Batches under way. */
  inFlight: number;
  /** Batches at once: grows with a backlog, shrinks with failures. */
  limit: number;
  failuresInRow: number;
  /** No batch is taken before. */
  pausedUntilMs: number;
  readonly window: BatchWindow;
  /** Why the source could not be read, the last time it was tried. */
  problem: string | undefined;
  filter: { readonly texts: readonly string[] | undefined; readonly filter: SqsFilter } | undefined;
}

/** Messages that were taken together. They are worked through in order; each piece that is handed on together is an execution. */
export interface Batch {
  readonly kind: 'queue';
  readonly number: string;
  readonly key: string;
  readonly messages: readonly PolledMessage[];
  readonly takenAtMs: number;
  /** When the messages become visible again. */
  readonly hiddenUntilMs: number;
  /** Messages before this one are done with, or in `piece`. */
  next: number;
  piece: SourceEvent[];
  pieceBytes: number;
  /** Groups of a FIFO queue in which a message failed: those behind it have to wait for it. */
  readonly failedGroups: Set<string>;
}

/** Records of a shard that are handed on together: one execution. */
export interface StreamBatch {
  readonly kind: 'stream';
  readonly key: string;
  /** Of the pipe's readers: those of other settings are other runs. */
  readonly runId: number;
  readonly shardId: string;
  readonly work: Work<PipeRecord>;
  /** Records stay in their stream, whatever happens. */
  readonly hiddenUntilMs: number;
}
