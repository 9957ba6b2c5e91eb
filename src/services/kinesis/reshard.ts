// Shards come in generations: the first ones with the stream, others from parents that are closed at the same moment.

import { wakeAllSubscribers } from './consumers/waking.ts';
import { type ShardDoc, type StreamDoc, shardKey, streamKey } from './documents.ts';
import type { HashRange } from './hash-range.ts';
import type { KinesisTurn } from './state.ts';
import { wakeKeyOf } from './wake-key.ts';

/** What becomes of a stream's shards in one turn: shards are opened from others, then all is written. */
export class Reshaping {
  /** By index; those that are new or were closed. */
  private readonly changed = new Map<number, ShardDoc>();
  private nextShard: number;

  constructor(
    private readonly turn: KinesisTurn,
    private readonly doc: StreamDoc,
  ) {
    this.nextShard = doc.nextShard;
  }

  /** Closes the parents, too. */
  open(range: HashRange, parents: readonly ShardDoc[]): ShardDoc {
    const { nowMs } = this.turn;
    for (const parent of parents) this.changed.set(parent.index, { ...parent, closedAtMs: nowMs });
    const shard: ShardDoc = {
      stream: this.doc.number,
      index: this.nextShard,
      startingHashKey: String(range.first),
      endingHashKey: String(range.last),
      parents: parents.map(({ index }) => index),
      epochSeconds: this.epochOf(parents),
      createdAtMs: nowMs,
    };
    this.nextShard += 1;
    this.changed.set(shard.index, shard);
    return shard;
  }

  get hasChanged(): boolean {
    return this.changed.size > 0;
  }

  /** Writes the stream's document with these members, and the shards. */
  commit(more: Partial<StreamDoc> = {}): void {
    const { turn, doc } = this;
    const stored = { ...doc, ...more, nextShard: this.nextShard };
    turn.put(turn.state.streams, streamKey(doc, doc.name), stored);
    for (const shard of this.changed.values()) turn.put(turn.state.shards, shardKey(shard), shard);
    if (!this.hasChanged) return;
    turn.wake(wakeKeyOf(doc.arn));
    const stream = turn.state.contents.get(doc.number);
    if (stream !== undefined) wakeAllSubscribers(turn, stream);
  }

  /** Later than what any record of a parent can have, also when both are made within a second. */
  private epochOf(parents: readonly ShardDoc[]): number {
    const seconds = Math.floor(this.turn.nowMs / 1000);
    return parents.reduce((latest, parent) => Math.max(latest, parent.epochSeconds + 1), seconds);
  }
}

export function rangeOf({ startingHashKey, endingHashKey }: ShardDoc): HashRange {
  return { first: BigInt(startingHashKey), last: BigInt(endingHashKey) };
}
