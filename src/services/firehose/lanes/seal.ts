// Packs that wait for long leave the journal for blocks, so that its segments are freed: a destination that is down for hours costs disk, and little
// memory. Blocks end where batches end. A crash between blob and fact leaves a blob that nobody knows: the next start removes it.

import type { PayloadId } from '#cell/payloads.ts';
import type { Outcome } from '#cell/turn.ts';
import { blockName } from '#structures/append-log/block.ts';
import {
  DELETE_BLOCKS,
  SWEEP_BLOCKS,
  type SweepBlocks,
  WRITE_BLOCK,
  type WriteBlock,
  type WrittenBlock,
} from '#structures/append-log/effects.ts';
import { BufferBlockPostponed, BufferBlockSealed } from '../facts.ts';
import { BLOCK_POLICY, BLOCK_RETRY_MS } from '../limits.ts';
import {
  BLOCK_PREFIX,
  type FirehoseTurn,
  type Lane,
  laneBySubject,
  laneNumber,
  logName,
  type StreamContent,
  subjectOf,
} from '../state.ts';
import { blockNamesOf } from './end-batch.ts';
import { BLOCKS_DELETED } from './running.ts';

export const BLOCK_WRITTEN = 'block-written';
export const BLOCKS_SWEPT = 'blocks-swept';

/** The timer. */
export function seal(turn: FirehoseTurn, subject: string): void {
  const found = laneBySubject(turn.state, subject);
  if (found !== undefined) sealLane(turn, found.content, found.lane);
}

function sealLane(turn: FirehoseTurn, content: StreamContent, lane: Lane): void {
  const { state } = turn;
  const { log, name } = lane;
  const subject = subjectOf(content.number, name);
  if (!state.isSwept || state.sealing.has(subject) || log.fresh.count === 0) return;
  const endSequence =
    state.runs.get(subject)?.endSequence ?? lane.trouble?.endSequence ?? lane.splunk?.endSequence ?? 0;
  const inBatch = endSequence - log.sealedEnd;
  // What is under way is in this process's hands, and is over soon: its packs stay where its effects look for them.
  if (state.runs.has(subject) && inBatch > 0) {
    postpone(turn, { content, lane }, 'its batch is under way');
    return;
  }
  const countMax = inBatch > 0 ? Math.min(inBatch, BLOCK_POLICY.countMax) : BLOCK_POLICY.countMax;
  const { firstSequence, records } = log.planBlock({ ...BLOCK_POLICY, countMax });
  const input: WriteBlock = {
    name: blockName(logName(content.number, name), { firstSequence, count: records.length }),
    joined: undefined,
    firstSequence,
    records,
  };
  state.sealing.set(subject, firstSequence);
  const payloads = records.map(({ payload }) => payload as PayloadId);
  turn.perform({
    performer: WRITE_BLOCK,
    input,
    payloads,
    then: { reaction: BLOCK_WRITTEN, subject: `${subject}/${records.length}` },
  });
}

interface FoundLane {
  readonly content: StreamContent;
  readonly lane: Lane;
}

function postpone(turn: FirehoseTurn, { content, lane }: FoundLane, reason: string): void {
  const retryAtMs = turn.nowMs + BLOCK_RETRY_MS;
  turn.record(BufferBlockPostponed, { stream: content.number, lane: laneNumber(lane.name), reason, retryAtMs });
}

export function blockWritten(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const [number = '', name = '', counted = ''] = subject.split('/');
  const lane = `${number}/${name}`;
  const firstSequence = turn.state.sealing.get(lane);
  turn.state.sealing.delete(lane);
  const found = laneBySubject(turn.state, lane);
  if (firstSequence === undefined) return;
  const count = Number(counted);
  if ('failed' in outcome) {
    if (found !== undefined) postpone(turn, found, outcome.failed);
    return;
  }
  // Delivered meanwhile, or about to be: the block is of no use.
  const isUnderWay = turn.state.runs.has(lane);
  if (found === undefined || isUnderWay || found.lane.log.sealedEnd !== firstSequence) {
    const input = [blockName(`${BLOCK_PREFIX}${number}-${name}`, { firstSequence, count })];
    turn.perform({ performer: DELETE_BLOCKS, input, then: { reaction: BLOCKS_DELETED, subject: '' } });
    if (found !== undefined) postpone(turn, found, 'its batch was delivered meanwhile');
    return;
  }
  const { storedBytes } = outcome.result as WrittenBlock;
  turn.record(BufferBlockSealed, {
    stream: found.content.number,
    lane: laneNumber(found.lane.name),
    count,
    storedBytes,
  });
}

/** After a restart, before anything new is written. */
export function sweep(turn: FirehoseTurn): void {
  const { state } = turn;
  if (state.nextNumber === 1) {
    state.isSwept = true;
    return;
  }
  const known = new Set<string>();
  for (const { number, lanes } of state.contents.values()) {
    for (const lane of lanes.values()) for (const name of blockNamesOf(number, lane)) known.add(name);
  }
  const input: SweepBlocks = { prefix: BLOCK_PREFIX, known };
  turn.perform({ performer: SWEEP_BLOCKS, input, then: { reaction: BLOCKS_SWEPT, subject: '' } });
}

/** Whatever came of it: what could not be removed is tried again at the next start. */
export function blocksSwept(turn: FirehoseTurn): void {
  const { state } = turn;
  state.isSwept = true;
  for (const content of state.contents.values()) {
    for (const lane of content.lanes.values()) {
      const dueAtMs = lane.log.sealDueAtMs(BLOCK_POLICY);
      if (dueAtMs !== undefined && dueAtMs <= turn.nowMs) sealLane(turn, content, lane);
    }
  }
}
