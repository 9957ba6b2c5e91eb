// Events leave the journal in blocks: when they fill one, when they are an hour old, when a replay wants to read them. One block of an archive
// is written at a time; the fact that it is there follows. A crash in between leaves a blob that nobody knows: the next start removes it.

import type { Outcome } from '#cell/turn.ts';
import type { BlockPlan } from '#structures/append-log/append-log.ts';
import { blockName, type LogBlock } from '#structures/append-log/block.ts';
import { DELETE_BLOCKS, WRITE_BLOCK, type WriteBlock, type WrittenBlock } from '#structures/append-log/effects.ts';
import type { EventsTurn } from '../state.ts';
import { ArchiveBlockPostponed, ArchiveBlockSealed } from './facts.ts';
import { BLOCK_POLICY, BLOCK_RETRY_MS } from './limits.ts';
import { type ArchiveContent, logName, payloadId } from './state.ts';

export const BLOCK_WRITTEN = 'archive-block-written';
export const BLOCKS_DELETED = 'archive-blocks-deleted';

export function sealIfFull(turn: EventsTurn, content: ArchiveContent): void {
  if (content.log.isFull(BLOCK_POLICY)) sealNow(turn, content);
}

/** Writes the next block, full or not, unless one is being written. */
export function sealNow(turn: EventsTurn, content: ArchiveContent): void {
  const { number, log } = content;
  const { writing, isSwept } = turn.state.archives;
  if (!isSwept || writing.has(number) || log.fresh.count === 0) return;
  const plan = log.planBlock(BLOCK_POLICY);
  const { joined, firstSequence, records } = plan;
  const input: WriteBlock = {
    name: blockName(logName(number), rangeOf(plan)),
    joined: joined === undefined ? undefined : blockName(logName(number), joined),
    firstSequence,
    records,
  };
  writing.set(number, plan);
  const payloads = records.map(({ payload }) => payloadId(payload));
  turn.perform({
    performer: WRITE_BLOCK,
    input,
    payloads,
    then: { reaction: BLOCK_WRITTEN, subject: String(number) },
  });
}

/** What the block will hold. */
function rangeOf({ joined, firstSequence, records }: BlockPlan): Pick<LogBlock, 'firstSequence' | 'count'> {
  return { firstSequence: joined?.firstSequence ?? firstSequence, count: (joined?.count ?? 0) + records.length };
}

/** The timer: fresh events are old enough, or a block that could not be written is tried again. */
export function sealAged(turn: EventsTurn, subject: string): void {
  const content = turn.state.archives.contents.get(Number(subject));
  if (content !== undefined) sealNow(turn, content);
}

export function blockWritten(turn: EventsTurn, subject: string, outcome: Outcome): void {
  const { contents, writing } = turn.state.archives;
  const number = Number(subject);
  const plan = writing.get(number);
  writing.delete(number);
  if (plan === undefined) return;
  const content = contents.get(number);
  if ('failed' in outcome) {
    if (content === undefined) return;
    const retryAtMs = turn.nowMs + BLOCK_RETRY_MS;
    turn.record(ArchiveBlockPostponed, { archive: number, reason: outcome.failed, retryAtMs });
    return;
  }
  if (content === undefined || !isStillRight(content, plan)) {
    deleteBlocks(turn, number, [rangeOf(plan)]);
    if (content !== undefined) sealNow(turn, content);
    return;
  }
  const { storedBytes } = outcome.result as WrittenBlock;
  const { joined, records } = plan;
  const sealed = { count: records.length, hasJoined: joined !== undefined, storedBytes };
  turn.record(ArchiveBlockSealed, { archive: number, ...sealed });
  if (joined !== undefined) deleteBlocks(turn, number, [joined]);
  sealIfFull(turn, content);
}

/** The block that was joined may have expired meanwhile. */
function isStillRight({ log }: ArchiveContent, { joined, firstSequence }: BlockPlan): boolean {
  return log.sealedEnd === firstSequence && (joined === undefined || log.blocks[log.blocks.length - 1] === joined);
}

export function deleteBlocks(
  turn: EventsTurn,
  archive: number,
  blocks: readonly Pick<LogBlock, 'firstSequence' | 'count'>[],
): void {
  if (blocks.length === 0) return;
  const input = blocks.map((block) => blockName(logName(archive), block));
  turn.perform({ performer: DELETE_BLOCKS, input, then: { reaction: BLOCKS_DELETED, subject: '' } });
}
