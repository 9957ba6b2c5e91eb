// Taking an event for asynchronous invocation: durable with the turn's entry, run as soon as the function has room.

import type { PayloadId } from '#cell/payloads.ts';
import { LATEST } from '../arns.ts';
import { AsyncInvocationAccepted } from '../facts.ts';
import type { FoundFunction, LambdaTurn } from '../find-function.ts';
import { EVENT_AGE_SECONDS, RETRY_ATTEMPTS } from '../limits.ts';
import { qualifiedKey } from '../state.ts';
import { pumpEvents } from './pump.ts';

export interface AcceptRequest {
  readonly found: FoundFunction;
  readonly invokedArn: string;
  readonly payload: PayloadId;
  readonly requestId: string;
  readonly sourceArn?: string | undefined;
  readonly traceHeader?: string | undefined;
}

export function acceptEvent(turn: LambdaTurn, request: AcceptRequest): void {
  const { found, invokedArn, payload, requestId, sourceArn, traceHeader } = request;
  const config = turn.state.invokeConfigs.get(qualifiedKey(found.key, found.reference.qualifier ?? LATEST));
  const ageSeconds = config?.eventAgeSeconds ?? EVENT_AGE_SECONDS.max;
  turn.record(AsyncInvocationAccepted, {
    event: turn.state.nextEvent,
    functionKey: found.key,
    invokedArn,
    requestId,
    payload,
    acceptedAtMs: turn.nowMs,
    expiresAtMs: turn.nowMs + ageSeconds * 1000,
    retriesMax: config?.retryAttempts ?? RETRY_ATTEMPTS.max,
    sourceArn,
    traceHeader,
  });
  pumpEvents(turn, found.key);
}
