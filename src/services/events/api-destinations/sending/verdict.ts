// What an outcome means for the event: delivered, tried again, or not. Sources: AWS, EventBridge user guide, "API destinations": error codes 401,
// 407, 409, 429 and 5xx are retried, 1xx, 3xx and other 4xx are not; Retry-After counts when it is longer than the policy's wait,
// and a negative one ends the attempts. "Using dead-letter queues": the error codes; places that cannot be found (an invalid address, a name
// without one) are not tried again. Texts as quoted in public from dead-letter queues of AWS's; bodies of answers, which AWS appends, are
// left out: what a server answers may repeat the request's secrets.

import type { HttpAnswer, HttpFailure, HttpFailureKind, HttpOutcome } from '#cell/http-request.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import { retryAfterMs } from './retry-after.ts';

const RETRIED_4XX = new Set([401, 407, 409, 429]);

const UNTRIED_KINDS: ReadonlySet<HttpFailureKind> = new Set(['address-not-allowed', 'name-not-found', 'request']);

export function failureText(detail: string): string {
  return `Unable to invoke ApiDestination endpoint: ${detail}`;
}

/** A request that could not be made of this event: trying again cannot help. */
export function notInvoked(detail: string): { readonly failure: DeliveryFailure } {
  return { failure: { code: 'INVALID_PARAMETER', detail: failureText(detail), isRetryable: false } };
}

/** The destination, or its connection, does not exist. */
export function gone(arn: string): DeliveryFailure {
  return { code: 'NO_RESOURCE', detail: failureText(`${arn} does not exist.`), isRetryable: false };
}

/** Undefined: the endpoint took it. */
export function failureOf(outcome: HttpOutcome, nowMs: number): DeliveryFailure | undefined {
  return 'failure' in outcome ? unreachable(outcome.failure) : refusedBy(outcome, nowMs);
}

export function isUnauthorized(outcome: HttpOutcome): boolean {
  return !('failure' in outcome) && (outcome.status === 401 || outcome.status === 407);
}

function refusedBy({ status, headers }: HttpAnswer, nowMs: number): DeliveryFailure | undefined {
  if (status >= 200 && status <= 299) return undefined;
  const code = 'ERROR_FROM_TARGET';
  const detail = failureText(textOf(status));
  if (status < 500 && !RETRIED_4XX.has(status)) return { code, detail, isRetryable: false };
  const waitMs = retryAfterMs(headers['retry-after'], nowMs);
  if (waitMs === undefined) return { code, detail, isRetryable: true };
  return waitMs < 0 ? { code, detail, isRetryable: false } : { code, detail, isRetryable: true, retryAfterMs: waitMs };
}

function textOf(status: number): string {
  if (status === 401 || status === 407) {
    return 'The request failed because the credentials included for the connection are not authorized for the API destination.';
  }
  return `API destination returned HTTP status ${status}.`;
}

function unreachable({ kind, detail }: HttpFailure): DeliveryFailure {
  const isRetryable = !UNTRIED_KINDS.has(kind);
  if (kind === 'timeout') {
    const text = failureText(`Timeout calling endpoint for API Destination: ${detail}.`);
    return { code: 'TIMEOUT', detail: text, isRetryable };
  }
  const code = kind === 'answer' ? 'ERROR_FROM_TARGET' : 'SDK_CLIENT_ERROR';
  const text = `API destination endpoint cannot be reached: ${detail}.`;
  return { code, detail: failureText(text), isRetryable };
}
