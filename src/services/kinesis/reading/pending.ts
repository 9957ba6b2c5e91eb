// Reading a shard: the newest records are payloads of the journal, older ones lie in blocks. A page comes from one of the two.

import type { PayloadId } from '#cell/payloads.ts';
import type { Outcome } from '#cell/turn.ts';
import { batchBlockName, type StoredBatch } from '#structures/append-log/batch-block.ts';
import { READ_BATCHES, type ReadBatches, type ReadBatchesResult } from '#structures/append-log/batch-effects.ts';
import type { FreshBatch } from '#structures/append-log/fresh-batches.ts';
import { findShard, payloadId } from '../apply.ts';
import { cutPage, type PageRange, type RecordPage } from '../record-page.ts';
import { logName, type Shard } from '../shard.ts';
import type { KinesisTurn } from '../state.ts';

export const SHARD_READ = 'shard-read';

/** A block that was joined or trimmed while it was read for: the log is asked again. */
const TRIES_MAX = 4;

export interface PendingRead {
  /** Undefined: there is none; the answer that says so comes in a later turn as others do. */
  readonly shard: Shard | undefined;
  readonly range: PageRange;
  /** Of the payloads that are being read; empty when blocks are. */
  readonly heads: readonly FreshBatch[];
  readonly triesLeft: number;
  readonly finish: Finish;
}

/** Undefined: the stream or the shard has gone, or the disk failed. */
type Finish = (turn: KinesisTurn, page: RecordPage | undefined) => void;

/** `range`: what was asked, without what has expired. */
export type ReadPlan = { readonly range: PageRange } & (
  | { readonly kind: 'nothing' }
  | { readonly kind: 'fresh'; readonly heads: readonly FreshBatch[]; readonly payloads: readonly PayloadId[] }
  | { readonly kind: 'blocks'; readonly input: ReadBatches }
);

export function planRead(shard: Shard, asked: PageRange): ReadPlan {
  const { log } = shard;
  const from = Math.min(Math.max(asked.from, log.placeSince(asked.sinceMs)), log.endPlace);
  const range = { ...asked, from };
  if (from < log.sealedEnd) {
    const blocks = log.blocksFrom(from, range).map((block) => batchBlockName(logName(shard), block));
    return { kind: 'blocks', range, input: { ...range, blocks } };
  }
  const heads: FreshBatch[] = [];
  let count = 0;
  let bytes = 0;
  for (let i = log.fresh.indexOf(from); i < log.fresh.count; i += 1) {
    if (count >= range.countMax || bytes >= range.bytesMax) break;
    const head = log.fresh.at(i);
    heads.push(head);
    count += head.firstPlace + head.count - Math.max(from, head.firstPlace);
    if (head.firstPlace >= from) bytes += head.bytes;
  }
  if (heads.length === 0) return { kind: 'nothing', range };
  return { kind: 'fresh', range, heads, payloads: heads.map(({ payload }) => payloadId(payload)) };
}

export function withBytes(heads: readonly FreshBatch[], payloads: readonly Uint8Array[]): readonly StoredBatch[] {
  return heads.map(({ firstPlace, count, atMs }, i) => ({ firstPlace, count, atMs, bytes: payloads[i] as Uint8Array }));
}

/** `finish` is called once, in a turn of its own, unless the process ends. */
export function startRead(turn: KinesisTurn, asked: Pick<PendingRead, 'shard' | 'range' | 'finish'>): void {
  begin(turn, asked, TRIES_MAX);
}

function begin(turn: KinesisTurn, asked: Pick<PendingRead, 'shard' | 'range' | 'finish'>, triesLeft: number): void {
  const { state } = turn;
  const number = state.nextRead;
  state.nextRead += 1;
  const { shard, finish } = asked;
  const plan: ReadPlan = shard === undefined ? { kind: 'nothing', range: asked.range } : planRead(shard, asked.range);
  const heads = plan.kind === 'fresh' ? plan.heads : [];
  state.reads.set(number, { shard, range: plan.range, finish, triesLeft, heads });
  const then = { reaction: SHARD_READ, subject: String(number) };
  if (plan.kind === 'blocks') turn.perform({ performer: READ_BATCHES, input: plan.input, then });
  else {
    const payloads = plan.kind === 'fresh' ? plan.payloads : [];
    turn.perform({ performer: 'read-payloads', input: null, payloads, then });
  }
}

export function shardRead(turn: KinesisTurn, subject: string, outcome: Outcome): void {
  const read = turn.state.reads.get(Number(subject));
  if (read === undefined) return;
  turn.state.reads.delete(Number(subject));
  const { shard, range, heads, triesLeft, finish } = read;
  const isThere = shard !== undefined && findShard(turn.state, shard.doc.stream, shard.doc.index) === shard;
  if (!isThere || 'failed' in outcome) {
    finish(turn, undefined);
    return;
  }
  if (Array.isArray(outcome.result)) {
    finish(turn, cutPage(withBytes(heads, outcome.result as readonly Uint8Array[]), range));
    return;
  }
  const result = outcome.result as ReadBatchesResult;
  if ('batches' in result) finish(turn, { ...cutPage(result.batches, range), giveBack: result.giveBack });
  else if (triesLeft > 0) begin(turn, read, triesLeft - 1);
  else finish(turn, undefined);
}
