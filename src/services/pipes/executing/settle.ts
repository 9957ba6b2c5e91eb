// The end of an execution: what the target took is deleted from the source in this very entry; what it did not take stays hidden for the rest of the visibility
// timeout, with its receive counted, until the queue's redrive policy takes it. AWS: user guide, "Amazon Simple Queue Service as a source".

import { PipeBatchEnded, PipePaused } from '../facts.ts';
import { BATCHES_MAX, PAUSES_MS } from '../limits.ts';
import { mayOnSource, openSource } from '../polling/source.ts';
import type { SourceEvent } from '../shaping/item.ts';
import type { Batch, PipesTurn, Poller } from '../state.ts';
import { type Execution, type ExecutionEnd, type Failure, messageIdsOf } from './execution.ts';

export type QueueExecution = Execution & { readonly batch: Batch };

export function settle(turn: PipesTurn, execution: QueueExecution, end: ExecutionEnd): void {
  const { id, key, pipe, events, batch } = execution;
  const { failedIds, failure, handedOn = [], together } = end;
  const isFailed = ({ messageId }: SourceEvent): boolean => failedIds === 'all' || failedIds.has(messageId);
  const failedEvents = events.filter(isFailed);
  const done = events.filter((event) => !isFailed(event));
  for (const { message } of failedEvents) {
    if (message?.messageGroupId !== undefined) batch.failedGroups.add(message.messageGroupId);
  }
  deleteFromSource(turn, execution, done);
  turn.record(PipeBatchEnded, {
    pipe: key,
    execution: id,
    targetArn: pipe.targetArn,
    messageIds: messageIdsOf(execution),
    failedMessageIds: messageIdsOf({ events: failedEvents }),
    failedArn: failure?.arn,
    code: failure?.code,
    detail: failure?.detail,
    handedOn,
    together,
  });
  logEnd(turn, execution, { doneCount: done.length, failure });
  const poller = turn.state.running.pollers.get(key);
  if (poller === undefined) return;
  if (done.length === 0 && failure !== undefined) slowDown(turn, execution, { poller, failure });
  else speedUp(turn, execution, poller);
}

function deleteFromSource(turn: PipesTurn, { pipe }: Execution, done: readonly SourceEvent[]): void {
  // Also when the pipe was stopped or deleted meanwhile: what the target took is done.
  const open = openSource(turn, pipe);
  if (done.length === 0 || open === undefined || !mayOnSource(open, 'DeleteMessage')) return;
  open.source.delete(
    open.turn,
    pipe.sourceArn,
    done.flatMap(({ message }) => (message === undefined ? [] : [message.handle])),
  );
}

export function logEnd(
  turn: PipesTurn,
  { log, events, items, question }: Execution,
  { doneCount, failure }: { readonly doneCount: number; readonly failure: Failure | undefined },
): void {
  const isPartial = doneCount > 0;
  if (failure === undefined) {
    const { length } = items;
    if (length > 0) log.add(turn, 'TargetStageSucceeded', { data: () => ({ payload: question?.text ?? '' }) });
    log.add(turn, 'ExecutionSucceeded');
  } else {
    const isTarget = failure.stage === 'Target' && failure.code !== 'ExecutionTimeout';
    if (isTarget) log.add(turn, isPartial ? 'TargetStagePartiallyFailed' : 'TargetStageFailed', { error: failure });
    log.add(turn, isPartial && doneCount < events.length ? 'ExecutionPartiallyFailed' : 'ExecutionFailed', {
      error: failure,
    });
  }
  log.write(turn);
}

/** AWS: user guide, "Error handling and troubleshooting": with failures "the pipe polling throughput will gradually back off". */
function slowDown(
  turn: PipesTurn,
  { key, batch }: QueueExecution,
  { poller, failure }: { readonly poller: Poller; readonly failure: Failure },
): void {
  // Batches that were taken before the pause say nothing new.
  if (batch.takenAtMs < poller.pausedUntilMs) return;
  const pauseMs = PAUSES_MS[Math.min(poller.failuresInRow, PAUSES_MS.length - 1)] ?? 0;
  poller.failuresInRow += 1;
  poller.limit = 1;
  poller.pausedUntilMs = turn.nowMs + pauseMs;
  turn.record(PipePaused, { pipe: key, untilMs: poller.pausedUntilMs, reason: `${failure.code}: ${failure.detail}` });
}

/** A batch went well and more waits: one more at once may help. */
function speedUp(turn: PipesTurn, { pipe }: Execution, poller: Poller): void {
  poller.failuresInRow = 0;
  const open = openSource(turn, pipe);
  if (open === undefined || open.source.readiness(open.turn, pipe.sourceArn).visibleCount === 0) return;
  poller.limit = Math.min(BATCHES_MAX, poller.limit + 1);
}
