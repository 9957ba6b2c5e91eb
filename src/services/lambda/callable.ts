// Functions that another service asks and whose answer it waits for: a pipe's enrichment, its synchronous target. The same as Invoke with
// RequestResponse: nothing is kept over a restart, the function's concurrency holds.

import { utf8Encode } from '#base/bytes.ts';
import type { CallAnswer, Callable, CallRequest } from '#cell/callable.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import type { Outcome } from '#cell/turn.ts';
import { payloadNotJson, rateExceeded, requestTooLarge } from './errors.ts';
import type { LambdaTurn } from './find-function.ts';
import { findInvocable } from './find-invocable.ts';
import type { InvocationOutcome } from './invocation.ts';
import { hasCapacity } from './invoking/capacity.ts';
import { startInvocation } from './invoking/start.ts';
import { isJson } from './json.ts';
import { SYNCHRONOUS_BYTES_MAX } from './limits.ts';
import type { RunningInvocation } from './state.ts';

export const functionCallable: Callable = {
  call: (turn, request) => call(turn as LambdaTurn, request),
};

function call(turn: LambdaTurn, request: CallRequest): DeliveryFailure | undefined {
  const found = findInvocable(turn, request);
  if ('code' in found) return found;
  const bytes = utf8Encode(request.text);
  if (bytes.length > SYNCHRONOUS_BYTES_MAX) return refusalOf(requestTooLarge(SYNCHRONOUS_BYTES_MAX));
  if (!isJson(bytes)) return refusalOf(payloadNotJson());
  if (!hasCapacity(turn.state, found.key, found.doc)) return { ...refusalOf(rateExceeded()), isRetryable: true };
  startInvocation(turn, {
    found,
    requestId: turn.uuid(),
    invokedArn: request.targetArn,
    event: { bytes },
    purpose: { kind: 'call', asker: request.asker },
  });
  return undefined;
}

function refusalOf({ code, message }: { readonly code: string; readonly message: string }): DeliveryFailure {
  return { code, detail: message, isRetryable: false };
}

export function callEnded(
  turn: LambdaTurn,
  { asker }: Extract<RunningInvocation, { kind: 'call' }>,
  { result, outcome }: { readonly result: InvocationOutcome; readonly outcome: Outcome },
): void {
  turn.doors.answers.get(asker.service)?.answered(turn, asker.subject, answerOf(result, outcome));
}

function answerOf(result: InvocationOutcome, outcome: Outcome): CallAnswer {
  if ('failed' in outcome) {
    return { failure: { code: 'ServiceException', detail: outcome.failed, isRetryable: true } };
  }
  const { functionError, errorType, payload } = result;
  if (functionError === undefined) return { succeeded: true, payload };
  // What the function did wrong it would do again: nobody but its source's redelivery tries it again.
  const detail = `The function failed: ${errorType ?? functionError}.`;
  return { failure: { code: errorType ?? functionError, detail, isRetryable: false }, payload };
}
