// Records leave the journal in blocks: when they fill one, and when they are ten minutes old. One block of a shard is written at a time; the fact
// that it is there follows. A crash in between leaves a blob that nobody knows: the next start removes it.

import type { Outcome } from '#cell/turn.ts';
import { type BatchBlock, batchBlockName } from '#structures/append-log/batch-block.ts';
import { WRITE_BATCH_BLOCK, type WriteBatchBlock } from '#structures/append-log/batch-effects.ts';
import type { BatchBlockPlan } from '#structures/append-log/batch-log.ts';
import { DELETE_BLOCKS, SWEEP_BLOCKS, type SweepBlocks } from '#structures/append-log/effects.ts';
import { findShard, payloadId } from './apply.ts';
import { ShardBlockPostponed, ShardBlockSealed } from './facts.ts';
import { BLOCK_POLICY, BLOCK_RETRY_MS } from './limits.ts';
import { BLOCK_PREFIX, logName, type Shard } from './shard.ts';
import type { KinesisTurn } from './state.ts';

export const BLOCK_WRITTEN = 'shard-block-written';
export const BLOCKS_DELETED = 'shard-blocks-deleted';
export const BLOCKS_SWEPT = 'shard-blocks-swept';

type BlockRange = Pick<BatchBlock, 'firstPlace' | 'count'>;

export function sealIfFull(turn: KinesisTurn, shard: Shard): void {
  if (shard.log.isFull(BLOCK_POLICY)) sealNow(turn, shard);
}

/** Writes the next block, full or not, unless one is being written. */
function sealNow(turn: KinesisTurn, shard: Shard): void {
  const { writing, isSwept } = turn.state;
  const { subject, log } = shard;
  if (!isSwept || writing.has(subject) || log.fresh.count === 0) return;
  const plan = log.planBlock(BLOCK_POLICY);
  const { joined, batches } = plan;
  const input: WriteBatchBlock = {
    name: batchBlockName(logName(shard), rangeOf(plan)),
    joined: joined === undefined ? undefined : batchBlockName(logName(shard), joined),
    batches,
  };
  writing.set(subject, plan);
  const payloads = batches.map(({ payload }) => payloadId(payload));
  turn.perform({ performer: WRITE_BATCH_BLOCK, input, payloads, then: { reaction: BLOCK_WRITTEN, subject } });
}

/** What the block will hold. */
function rangeOf({ joined, batches, count }: BatchBlockPlan): BlockRange {
  return { firstPlace: joined?.firstPlace ?? batches[0]?.firstPlace ?? 0, count };
}

function numbersOf(subject: string): { stream: number; shard: number } {
  const [stream, shard] = subject.split('/');
  return { stream: Number(stream), shard: Number(shard) };
}

export function shardOf(turn: KinesisTurn, subject: string): Shard | undefined {
  const { stream, shard } = numbersOf(subject);
  return findShard(turn.state, stream, shard);
}

/** The timer: fresh records are old enough, or a block that could not be written is tried again. */
export function sealAged(turn: KinesisTurn, subject: string): void {
  const shard = shardOf(turn, subject);
  if (shard !== undefined) sealNow(turn, shard);
}

export function blockWritten(turn: KinesisTurn, subject: string, outcome: Outcome): void {
  const { writing } = turn.state;
  const plan = writing.get(subject);
  writing.delete(subject);
  if (plan === undefined) return;
  const numbers = numbersOf(subject);
  const shard = shardOf(turn, subject);
  if ('failed' in outcome) {
    if (shard === undefined) return;
    turn.record(ShardBlockPostponed, { ...numbers, reason: outcome.failed, retryAtMs: turn.nowMs + BLOCK_RETRY_MS });
    return;
  }
  const { joined, batches } = plan;
  if (shard === undefined || !isStillRight(shard, plan)) {
    deleteBlocks(turn, `${BLOCK_PREFIX}${subject}`, [rangeOf(plan)]);
    if (shard !== undefined) sealNow(turn, shard);
    return;
  }
  turn.record(ShardBlockSealed, { ...numbers, count: batches.length, hasJoined: joined !== undefined });
  if (joined !== undefined) deleteBlocks(turn, logName(shard), [joined]);
  sealIfFull(turn, shard);
}

/** The block that was joined may have expired meanwhile. */
function isStillRight({ log }: Shard, { joined, batches }: BatchBlockPlan): boolean {
  const isNext = log.sealedEnd === batches[0]?.firstPlace;
  return isNext && (joined === undefined || log.blocks[log.blocks.length - 1] === joined);
}

export function deleteBlocks(turn: KinesisTurn, log: string, blocks: readonly BlockRange[]): void {
  if (blocks.length === 0) return;
  const input = blocks.map((block) => batchBlockName(log, block));
  turn.perform({ performer: DELETE_BLOCKS, input, then: { reaction: BLOCKS_DELETED, subject: '' } });
}

/** After a restart: blocks that no shard knows go (the process ended before the fact that they are there), and only then new ones are written. */
export function resumeSealing(turn: KinesisTurn): void {
  const { state } = turn;
  if (state.nextStream === 1) {
    state.isSwept = true;
    return;
  }
  const known = new Set<string>();
  for (const { shards } of state.contents.values()) {
    for (const shard of shards.values()) {
      for (const block of shard.log.blocks) known.add(batchBlockName(logName(shard), block));
    }
  }
  const input: SweepBlocks = { prefix: BLOCK_PREFIX, known };
  turn.perform({ performer: SWEEP_BLOCKS, input, then: { reaction: BLOCKS_SWEPT, subject: '' } });
}

/** Whatever came of it: what could not be removed is tried again at the next start. */
export function blocksSwept(turn: KinesisTurn): void {
  turn.state.isSwept = true;
  for (const { shards } of turn.state.contents.values()) {
    for (const shard of shards.values()) {
      const isDue = (shard.log.sealDueAtMs(BLOCK_POLICY) ?? Number.POSITIVE_INFINITY) <= turn.nowMs;
      if (isDue || shard.log.isFull(BLOCK_POLICY)) sealNow(turn, shard);
    }
  }
}
