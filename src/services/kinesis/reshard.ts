// Shards come in generations: the first ones with the stream, others from parents that are closed at the same moment.

import { type ShardDoc, type StreamDoc, shardKey, streamKey } from './documents.ts';
import type { Shard } from './shard.ts';
import type { KinesisTurn } from './state.ts';
import { wakeKeyOf } from './wake-key.ts';

export interface NewShard {
  readonly range: readonly [bigint, bigint];
  readonly parents: readonly Shard[];
}

/** Closes the parents and opens the shards; gives the stream's document as it is stored then. */
export function openShards(turn: KinesisTurn, doc: StreamDoc, shards: readonly NewShard[]): StreamDoc {
  const { streams, shards: table } = turn.state;
  const stored = { ...doc, nextShard: doc.nextShard + shards.length };
  turn.put(streams, streamKey(doc, doc.name), stored);
  for (const shard of new Set(shards.flatMap(({ parents }) => parents))) {
    turn.put(table, shardKey(shard.doc), { ...shard.doc, closedAtMs: turn.nowMs });
  }
  for (const [i, shard] of shards.entries()) {
    const child = childOf(turn, { stream: doc.number, index: doc.nextShard + i }, shard);
    turn.put(table, shardKey(child), child);
  }
  turn.wake(wakeKeyOf(doc.arn));
  return stored;
}

function childOf(turn: KinesisTurn, name: Pick<ShardDoc, 'stream' | 'index'>, { range, parents }: NewShard): ShardDoc {
  const [first, last] = range;
  const seconds = Math.floor(turn.nowMs / 1000);
  return {
    ...name,
    startingHashKey: String(first),
    endingHashKey: String(last),
    parents: parents.map(({ doc }) => doc.index),
    epochSeconds: Math.max(seconds, ...parents.map(({ doc }) => Math.max(doc.epochSeconds, seconds) + 1)),
    createdAtMs: turn.nowMs,
  };
}
