// An attempt has ended: success, another attempt later, or the end with a report to a destination or dead-letter queue.
// Source: Lambda developer guide, "Asynchronous invocation": two retries, after one and two minutes, for at most six hours.

import { AsyncAttemptFailed, AsyncInvocationDecided, AsyncRetryReleased } from '../facts.ts';
import type { LambdaTurn } from '../find-function.ts';
import type { InvocationOutcome } from '../invocation.ts';
import { RETRY_DELAYS_MS } from '../limits.ts';
import type { AsyncDecision, AsyncEvent, RunningInvocation } from '../state.ts';
import { endEvent } from './end-event.ts';
import { pumpEvents } from './pump.ts';
import { readForReport, reportsOf } from './report.ts';

type AsyncInvocation = Extract<RunningInvocation, { kind: 'asynchronous' }>;

export function attemptEnded(turn: LambdaTurn, invocation: AsyncInvocation, result: InvocationOutcome): void {
  turn.state.running.attempts.delete(invocation.event);
  const event = turn.state.events.get(invocation.event);
  // The function may have been deleted meanwhile.
  if (event === undefined || event.phase !== 'ready') return;
  const attempts = event.failedAttempts + 1;
  const facts = { attempts, version: invocation.version, errorType: result.errorType };
  if (result.functionError === undefined) {
    decide(turn, event, { condition: 'Success', ...facts, response: result.payload });
    return;
  }
  const delayMs = RETRY_DELAYS_MS[Math.min(attempts, RETRY_DELAYS_MS.length) - 1] ?? 0;
  const retryAtMs = turn.nowMs + delayMs;
  const isExhausted = attempts > event.retriesMax;
  if (!isExhausted && retryAtMs < event.expiresAtMs) {
    const errorType = result.errorType ?? 'Unhandled';
    turn.record(AsyncAttemptFailed, { event: event.id, attempt: attempts, errorType, retryAtMs });
    return;
  }
  const condition = isExhausted ? 'RetriesExhausted' : 'EventAgeExceeded';
  decide(turn, event, { condition, ...facts, response: result.payload });
}

interface Decision {
  readonly condition: AsyncDecision['condition'];
  readonly attempts: number;
  readonly version?: string | undefined;
  readonly errorType?: string | undefined;
  readonly response?: Uint8Array;
}

function decide(turn: LambdaTurn, event: AsyncEvent, decision: Decision): void {
  const { condition, attempts, version, errorType, response } = decision;
  if (reportsOf(turn, event, condition).length === 0) {
    if (condition === 'Success') endEvent(turn, event, 'succeeded');
    else endEvent(turn, event, 'dropped', `${condition}: ${errorType ?? 'no attempt was made'}`);
    return;
  }
  turn.record(AsyncInvocationDecided, {
    event: event.id,
    condition,
    attempts,
    errorType,
    version,
    response: response === undefined ? undefined : turn.storePayload(response),
  });
  readForReport(turn, event);
}

/** The timer of a retry. */
export function retryDue(turn: LambdaTurn, subject: string): void {
  const event = turn.state.events.get(Number(subject));
  if (event?.phase !== 'waiting') return;
  turn.record(AsyncRetryReleased, { event: event.id });
  pumpEvents(turn, event.functionKey);
}

/** The timer of the greatest age. An attempt under way may still succeed; it is the last one. */
export function ageReached(turn: LambdaTurn, subject: string): void {
  const event = turn.state.events.get(Number(subject));
  if (event === undefined || event.phase === 'decided' || turn.state.running.attempts.has(event.id)) return;
  decide(turn, event, { condition: 'EventAgeExceeded', attempts: event.failedAttempts });
}
