// A batch was invoked: what was processed is deleted, the rest becomes visible again by its visibility timeout, with its receive
// counted, until the queue's redrive policy takes it.

import { utf8Decode } from '#base/bytes.ts';
import { parseArn } from '#model/arn.ts';
import { batchItemFailuresOf } from '#model/batch-item-failures.ts';
import { scopeOf } from '#model/scope.ts';
import { BatchInvoked } from '../facts.ts';
import type { LambdaTurn } from '../find-function.ts';
import type { InvocationOutcome } from '../invocation.ts';
import { POLLERS_MAX } from '../limits.ts';
import type { InvokedBatch, RunningInvocation } from '../state.ts';

type BatchInvocation = Extract<RunningInvocation, { kind: 'batch' }>;

/** Also when the mapping was disabled or deleted meanwhile: what the function has processed is done. */
export function batchEnded(turn: LambdaTurn, invocation: BatchInvocation, result: InvocationOutcome): void {
  const { batch } = invocation;
  const poller = turn.state.running.pollers.get(batch.mappingKey);
  if (poller !== undefined) poller.inFlight -= 1;
  const arn = parseArn(batch.sourceArn);
  const source = turn.doors.sources.get(arn?.service ?? '');
  if (arn === undefined || source === undefined) return;
  const own = turn.within(scopeOf(arn.account, arn.region), turn.principal);
  const failedIds = failedOf(batch, result);
  const done = batch.messages.filter((message) => !failedIds.has(message.messageId));
  const handles = done.map((message) => message.handle);
  const isThere = source.exists(own, batch.sourceArn);
  if (handles.length > 0 && isThere) source.delete(own, batch.sourceArn, handles);
  turn.record(BatchInvoked, {
    mapping: batch.mappingKey,
    functionArn: batch.functionArn,
    requestId: invocation.requestId,
    messageIds: batch.messages.map((message) => message.messageId),
    failedMessageIds: [...failedIds],
    errorType: result.errorType,
  });
  // A batch went well and more waits: one more poller may help.
  if (poller === undefined || failedIds.size > 0 || !isThere) return;
  if (source.readiness(own, batch.sourceArn).visibleCount > 0) {
    poller.limit = Math.min(POLLERS_MAX, poller.limit + 1);
  }
}

/** Ids of messages that are not done. */
function failedOf(batch: InvokedBatch, result: InvocationOutcome): Set<string> {
  const all = new Set(batch.messages.map((message) => message.messageId));
  if (result.functionError !== undefined) return all;
  return batch.reportsItemFailures ? (reportedFailures(result.payload, all) ?? all) : new Set();
}

/**
 * AWS, "Implementing partial batch responses": an empty or missing list is success; an answer that is not of the form, or
 * that names an unknown or empty id, fails the whole batch. Undefined: the whole batch.
 */
function reportedFailures(payload: Uint8Array, all: ReadonlySet<string>): Set<string> | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(utf8Decode(payload));
  } catch {
    // Not JSON, so not of the form.
    return undefined;
  }
  if (answer === null) return new Set();
  if (typeof answer !== 'object') return undefined;
  return batchItemFailuresOf(answer, all);
}
