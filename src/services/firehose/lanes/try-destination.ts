// What follows from a destination's answer, whichever it is: delivered, tried again within the retry duration, or given up into the error bucket.
// AWS: Firehose developer guide, "Handle data delivery failures": the duration counts from the first failure; when the error bucket does not
// take the batch either, delivery pauses until it does.

import type { DeliveryResult, FailedRecord, FailureReason } from '../performing.ts';
import { completeBatch, failBatch, narrowBatch } from './end-batch.ts';
import { type FoundRun, s3Of } from './running.ts';
import { whyNotWritable } from './to-s3.ts';
import { writeErrors } from './write-errors.ts';

/** Names of the error folder and of the members that its records have beside the common ones. */
export interface ErrorForm {
  readonly type: string;
  readonly members: Readonly<Record<string, unknown>>;
}

export function destinationAnswered(found: FoundRun, result: DeliveryResult, form: ErrorForm): void {
  if (result.outcome === 'failed') {
    destinationFailed(found, result, form);
    return;
  }
  const { run } = found;
  const { refused, left, untaken = left?.packs ?? [] } = result;
  run.untaken = untaken;
  const [rest = left] = refused;
  if (rest !== undefined && found.turn.nowMs >= triedUntilMs(found)) giveUpFor(run, left ?? rest);
  if (refused.length > 0) run.errors.push(errorGroup(found, form, { failed: refused }));
  if (left === undefined || left.packs.length === 0) {
    run.finish = (ended) => completeBatch(ended, 'delivered');
  } else if (run.isGivenUp) {
    // What is left has its own numbers: its error records are made from its packs.
    const packs = left.packs.map(({ pack }) => pack);
    const group = errorGroup(found, form, { everyRecord: { code: left.code, message: left.message } });
    run.errors.push({ ...group, input: { ...group.input, packs } });
    run.finish = (ended) => completeBatch(ended, 'given up');
  } else {
    run.packs = left.packs;
    run.finish = (ended) => narrowBatch(ended, { code: left.code, message: left.message }, triedUntilMs(ended));
  }
  writeErrors(found);
}

export function destinationFailed(
  found: FoundRun,
  /** `waitedMs`: what the attempt spent waiting for an acknowledgement; it does not count. */
  reason: FailureReason & { readonly isRetryable: boolean; readonly waitedMs?: number },
  form: ErrorForm,
): void {
  const { code, message, waitedMs = 0 } = reason;
  const isFirst = found.run.lane.trouble === undefined;
  const untilMs = triedUntilMs(found) + (isFirst ? 0 : waitedMs);
  const isTriedAgain = reason.isRetryable && found.turn.nowMs < untilMs;
  if (isTriedAgain) failBatch(found, { code, message }, { notLaterThanMs: untilMs, waitedMs });
  else giveUp(found, { code, message }, form);
}

/** From the first failure on, as long as the destination's retry duration. */
export function triedUntilMs({ run, content, turn }: FoundRun): number {
  return (run.lane.trouble?.firstFailedAtMs ?? turn.nowMs) + content.plan.retryMs;
}

/** Also where a batch goes on that was given up before a restart, or before its bucket took it. */
export function giveUp(found: FoundRun, reason: FailureReason, form: ErrorForm): void {
  const { run, content } = found;
  giveUpFor(run, reason);
  const denied = whyNotWritable(found, s3Of(content, run.lane));
  if (denied !== undefined) {
    // What is told of the batch stays the destination's answer: the error records are about that.
    failBatch(found, reason, { isGivenUp: true });
    return;
  }
  const { code, message } = reason;
  run.errors.push(errorGroup(found, form, { everyRecord: { code, message } }));
  run.finish = (ended) => completeBatch(ended, 'given up');
  writeErrors(found);
}

function giveUpFor(run: FoundRun['run'], { code, message }: FailureReason): void {
  run.isGivenUp = true;
  run.givenUpFor = { code, message };
}

function errorGroup(
  { run, turn }: FoundRun,
  { type, members }: ErrorForm,
  which: { readonly failed: readonly FailedRecord[] } | { readonly everyRecord: FailureReason },
): FoundRun['run']['errors'][number] {
  return {
    type,
    input: {
      ...which,
      attemptsMade: run.attempts + (run.lane.trouble?.isGivenUp === true ? 0 : 1),
      codeMember: 'errorCode',
      messageMember: 'errorMessage',
      attemptEndedAtMs: turn.nowMs,
      hasSequence: false,
      members,
    },
  };
}
