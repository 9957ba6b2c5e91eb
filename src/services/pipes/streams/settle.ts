// The end of an execution with records of a stream: what the target took is behind the checkpoint in this very entry; the rest is tried again, or given up. AWS: user
// guide, "Amazon EventBridge Pipes batching and concurrency", "Partial batch failure": the lowest sequence number that failed is the new checkpoint.

import type { Execution, ExecutionEnd } from '../executing/execution.ts';
import { logEnd } from '../executing/settle.ts';
import { PipeBatchEnded, PipeStreamAdvanced } from '../facts.ts';
import type { PipesTurn, StreamBatch } from '../state.ts';
import { giveUp, spanOf } from './give-up.ts';
import { openStream } from './source.ts';

export type StreamExecution = Execution & { readonly batch: StreamBatch };

export function settleStream(turn: PipesTurn, execution: StreamExecution, end: ExecutionEnd): void {
  const { id, key, pipe, events } = execution;
  const { failedIds, failure, handedOn = [], together } = end;
  const failedAt = failedIds === 'all' ? 0 : events.findIndex(({ messageId }) => failedIds.has(messageId));
  const doneCount = failedAt === -1 ? events.length : failedAt;
  turn.record(PipeBatchEnded, {
    pipe: key,
    execution: id,
    targetArn: pipe.targetArn,
    messageIds: [],
    failedMessageIds: [],
    failedArn: failure?.arn,
    code: failure?.code,
    detail: failure?.detail,
    handedOn,
    together,
  });
  logEnd(turn, execution, { doneCount, failure });
  advance(turn, execution, { doneCount, failure });
}

function advance(
  turn: PipesTurn,
  { id, key, pipe, batch }: StreamExecution,
  { doneCount, failure }: { readonly doneCount: number; readonly failure: ExecutionEnd['failure'] },
): void {
  const { work, shardId, runId } = batch;
  const run = turn.state.running.streams.get(key);
  const reader = run?.id === runId ? run.readers.get(shardId) : undefined;
  // The pipe was deleted, or its stream.
  if (reader === undefined) return;
  const isDone = doneCount === work.records.length;
  const verdict = isDone ? undefined : reader.fail(work, { nowMs: turn.nowMs, doneCount });
  if (verdict === undefined) reader.finish(work);
  const retryAtMs = verdict !== undefined && 'dueAtMs' in verdict ? verdict.dueAtMs : undefined;
  const { code, detail } = failure ?? {};
  turn.record(PipeStreamAdvanced, {
    ...{ pipe: key, shard: shardId, execution: id, outcome: verdict?.kind ?? 'done' },
    ...spanOf(work),
    lanes: reader.progress.lanes,
    ...{ code, detail, retryAtMs, deadLetterArn: undefined, lane: work.lane },
  });
  const [rest] = verdict?.kind === 'give-up' ? verdict.rest : [];
  if (rest === undefined) return;
  const open = openStream(turn, key, pipe);
  if (open !== undefined) giveUp(open, { reader, work: rest, outcome: 'given-up', ...failureOf(failure) });
}

function failureOf(failure: ExecutionEnd['failure']): { readonly code?: string; readonly detail?: string } {
  return failure === undefined ? {} : { code: failure.code, detail: failure.detail };
}
