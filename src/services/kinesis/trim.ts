// The retention at work: blocks whose newest record has expired go, some at a time; apply sets the timer for the next ones. A shard that was
// closed goes with its last record. What expires before its block does is not read any more (`keptSinceMs`).

import { shardKey } from './documents.ts';
import { ShardTrimmed } from './facts.ts';
import { BLOCKS_TRIMMED_MAX, hoursMs } from './limits.ts';
import { deleteBlocks, shardOf } from './sealing.ts';
import { logName, type Shard, type Stream } from './shard.ts';
import type { KinesisTurn } from './state.ts';

export function trimShard(turn: KinesisTurn, subject: string): void {
  const shard = shardOf(turn, subject);
  const stream = shard === undefined ? undefined : turn.state.contents.get(shard.doc.stream);
  if (shard === undefined || stream === undefined) return;
  const sinceMs = keptSinceMs(stream, turn.nowMs);
  const blocks = shard.log.expired(sinceMs, BLOCKS_TRIMMED_MAX);
  if (blocks.length > 0) {
    const records = blocks.reduce((sum, { count }) => sum + count, 0);
    const firstPlace = shard.log.firstPlace + records;
    const { stream: number, index } = shard.doc;
    turn.record(ShardTrimmed, { stream: number, shard: index, blocks: blocks.length, records, firstPlace });
    deleteBlocks(turn, logName(shard), blocks);
  }
  if (isOver(shard, sinceMs)) turn.drop(turn.state.shards, shardKey(shard.doc));
}

/** Closed, and all it had has expired: nothing lists it any more. */
export function isOver({ doc, log }: Shard, sinceMs: number): boolean {
  if (doc.closedAtMs === undefined || doc.closedAtMs >= sinceMs) return false;
  return log.blocks.length === 0 && (log.fresh.count === 0 || log.fresh.at(log.fresh.count - 1).atMs < sinceMs);
}

/**
 * Records that arrived before have expired. AWS: API reference, IncreaseStreamRetentionPeriod: "it does not make previous, expired data (older than the
 * stream's previous retention period) accessible".
 */
export function keptSinceMs({ doc }: Stream, nowMs: number): number {
  return Math.max(doc.horizonMs ?? 0, nowMs - hoursMs(doc.retentionHours));
}
