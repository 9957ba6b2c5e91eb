// A stream and its shards in memory.

import { BatchLog } from '#structures/append-log/batch-log.ts';
import type { ShardDoc, StreamDoc } from './documents.ts';
import { ShardRouter } from './hash-range.ts';
import { newCounters } from './metrics.ts';

export class Shard {
  readonly log = new BatchLog();
  readonly counters = newCounters();

  constructor(public doc: ShardDoc) {}

  get isClosed(): boolean {
    return this.doc.closedAtMs !== undefined;
  }

  /** Of timers, and name of the shard's log: its blobs begin with it. */
  get subject(): string {
    return `${this.doc.stream}/${this.doc.index}`;
  }
}

export class Stream {
  /** By index, in order of it: parents before children. */
  readonly shards = new Map<number, Shard>();
  private knownRouter: ShardRouter | undefined;

  constructor(public doc: StreamDoc) {}

  get router(): ShardRouter {
    this.knownRouter ??= new ShardRouter([...this.shards.values()].filter(({ isClosed }) => !isClosed));
    return this.knownRouter;
  }

  /** Shards have come, closed or gone. */
  shardsChanged(): void {
    this.knownRouter = undefined;
  }
}

export const BLOCK_PREFIX = 'kinesis/';

export function logName(shard: Shard): string {
  return `${BLOCK_PREFIX}${shard.subject}`;
}
