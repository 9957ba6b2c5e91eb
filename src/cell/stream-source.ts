// What reads streams (event source mappings, pipes, delivery streams) asks of the service that owns them. A shard is a log: places in it are
// numbers that count its records, never reused, so that a reader's checkpoint is one number. Records may be on disk: what was read comes in
// a later turn, through the reader's own door, like the answers of `callable.ts`.

import type { Turn } from './turn.ts';

/** Clients' clocks may be ahead by this: readers that begin at the present say so with a time. */
export const CLOCK_SKEW_MS = 1_000;

/** `arn:…:stream/orders/consumer/fast:1616044553` is a consumer of `arn:…:stream/orders`. */
export function streamArnOf(sourceArn: string): string {
  const at = sourceArn.indexOf('/consumer/');
  return at === -1 ? sourceArn : sourceArn.slice(0, at);
}

export interface StreamSource {
  /** Undefined: no such stream, or it is not ACTIVE or UPDATING. */
  describe(turn: Turn, streamArn: string): StreamView | undefined;
  /** Text of the own policy of a stream or a consumer, when it has one: it speaks along when a reader's permission is asked. */
  policy(turn: Turn, sourceArn: string): string | undefined;
  /**
   * The place a reader begins at. `timestampMs` is epoch milliseconds: the place for a time is not behind the first record that arrived then or
   * later, but some before it may be read from there: `ShardRead.sinceMs` leaves them out. Undefined: no such shard.
   */
  placeOf(turn: Turn, shard: ShardName, start: ShardStart): number | undefined;
  /** Key that is woken when the shard has a new record, was closed, or the stream's shards changed or went. */
  wakeKey(streamArn: string): string;
  /** Asks for records. The answer comes exactly once, in a turn of its own, unless the process ends: who asked asks again after a restart. */
  read(turn: Turn, request: ShardRead): void;
}

export interface StreamView {
  readonly streamArn: string;
  readonly retentionHours: number;
  readonly createdAtMs: number;
  /** Open shards and closed ones whose records are still kept, parents before their children. */
  readonly shards: readonly StreamShard[];
}

export interface StreamShard {
  /** `shardId-000000000000` */
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  readonly isClosed: boolean;
  /** Of the oldest record that is kept. */
  readonly firstPlace: number;
  /** Of the record that would come next. */
  readonly endPlace: number;
}

export interface ShardName {
  readonly streamArn: string;
  readonly shardId: string;
}

export type ShardStart =
  | { readonly at: 'oldest' }
  | { readonly at: 'end' }
  | { readonly at: 'time'; readonly timestampMs: number };

export interface ShardRead extends ShardName {
  /** Place of the first record wanted. One that has expired gives the oldest that is kept. */
  readonly from: number;
  readonly countMax: number;
  /** Of data; one record is given even when it is larger. */
  readonly bytesMax: number;
  /** Records that arrived earlier are left out: for readers that begin at a time. */
  readonly sinceMs?: number;
  /** Who reads: the service's name (its `streamReader` door gets the page) and what the read is about. */
  readonly reader: { readonly service: string; readonly subject: string };
}

export interface ShardPage {
  readonly records: readonly StreamRecord[];
  /** Where the next read goes on. */
  readonly next: number;
  /** The shard is closed and everything in it has been read. */
  readonly isEnd: boolean;
  /** How far `next` is behind the newest record, in time. */
  readonly behindMs: number;
}

export interface StreamRecord {
  readonly place: number;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrivedAtMs: number;
}

/** Implemented by the services that read. */
export interface StreamReader {
  /** `undefined`: the stream or the shard has gone, or reading failed (the disk); the reader asks `describe` what is true now. */
  recordsRead(turn: Turn, subject: string, page: ShardPage | undefined): void;
}
