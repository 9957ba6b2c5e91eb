// What facts do to open events, and documents to watches and timers.

import { assertDefined } from '#base/assert.ts';
import type { FactKind } from '#cell/fact.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import type { MappingDoc } from './documents.ts';
import {
  AsyncAttemptFailed,
  AsyncInvocationAccepted,
  AsyncInvocationDecided,
  AsyncInvocationEnded,
  AsyncRetryReleased,
  BatchInvoked,
  BatchWindowOpened,
  MappingDenied,
  MessagesFilteredOut,
} from './facts.ts';
import type { AsyncDecision, AsyncEvent, LambdaState } from './state.ts';
import { STREAM_TIMER, streamFactBindings } from './streams/apply.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** Timers by name. */
export const RETRY_TIMER = 'event-retry';
export const AGE_TIMER = 'event-age';
export const POLL_TIMER = 'poll';
export const WINDOW_TIMER = 'window';

function accepted(state: LambdaState, fact: Fact<typeof AsyncInvocationAccepted>, context: ApplyContext): void {
  const { event: id, payload, sourceArn, traceHeader, ...rest } = fact;
  context.payloads.retain(payload as PayloadId);
  const event: AsyncEvent = {
    ...rest,
    id,
    payload: payload as PayloadId,
    sourceArn,
    traceHeader,
    phase: 'ready',
    failedAttempts: 0,
    decision: undefined,
  };
  addEvent(state, event);
  context.timers.set(AGE_TIMER, String(id), fact.expiresAtMs);
}

export function addEvent(state: LambdaState, event: AsyncEvent): void {
  state.events.set(event.id, event);
  state.nextEvent = Math.max(state.nextEvent, event.id + 1);
  if (event.phase === 'ready') makeReady(state, event);
}

function makeReady(state: LambdaState, event: AsyncEvent): void {
  const ready = state.ready.get(event.functionKey);
  if (ready === undefined) state.ready.set(event.functionKey, new Set([event.id]));
  else ready.add(event.id);
}

function unready(state: LambdaState, event: AsyncEvent): void {
  const ready = state.ready.get(event.functionKey);
  ready?.delete(event.id);
  if (ready?.size === 0) state.ready.delete(event.functionKey);
}

function attemptFailed(state: LambdaState, fact: Fact<typeof AsyncAttemptFailed>, context: ApplyContext): void {
  const event = openEvent(state, fact.event);
  event.phase = 'waiting';
  event.failedAttempts = fact.attempt;
  unready(state, event);
  context.timers.set(RETRY_TIMER, String(event.id), fact.retryAtMs);
}

function retryReleased(state: LambdaState, fact: Fact<typeof AsyncRetryReleased>, context: ApplyContext): void {
  const event = openEvent(state, fact.event);
  event.phase = 'ready';
  makeReady(state, event);
  // In life the timer has fired; on replay it was set again by the failed attempt.
  context.timers.clear(RETRY_TIMER, String(event.id));
}

function decided(state: LambdaState, fact: Fact<typeof AsyncInvocationDecided>, context: ApplyContext): void {
  const event = openEvent(state, fact.event);
  const { attempts, errorType, version } = fact;
  const response = fact.response as PayloadId | undefined;
  if (response !== undefined) context.payloads.retain(response);
  event.phase = 'decided';
  event.decision = { condition: fact.condition as AsyncDecision['condition'], attempts, errorType, version, response };
  unready(state, event);
  clearTimers(event, context);
}

function ended(state: LambdaState, fact: Fact<typeof AsyncInvocationEnded>, context: ApplyContext): void {
  const event = openEvent(state, fact.event);
  state.events.delete(event.id);
  unready(state, event);
  clearTimers(event, context);
  context.payloads.release(event.payload);
  if (event.decision?.response !== undefined) context.payloads.release(event.decision.response);
}

function clearTimers(event: AsyncEvent, context: ApplyContext): void {
  context.timers.clear(AGE_TIMER, String(event.id));
  context.timers.clear(RETRY_TIMER, String(event.id));
}

function openEvent(state: LambdaState, id: number): AsyncEvent {
  return assertDefined(state.events.get(id), `asynchronous event ${id}`);
}

function windowOpened(_state: LambdaState, fact: Fact<typeof BatchWindowOpened>, context: ApplyContext): void {
  context.timers.set(WINDOW_TIMER, fact.mapping, fact.untilMs);
}

/** A mapping that is enabled watches its source, and looks once for what came before it. */
export function mappingsBinding(state: LambdaState): TableBinding {
  return bind(state.mappings, (key, before, after, context) => {
    mappingChanged(key, { before, after, context });
    if (after !== undefined) return;
    state.streams.drop(key);
    state.streamResults.delete(key);
  });
}

function mappingChanged(
  key: string,
  {
    before,
    after,
    context,
  }: {
    readonly before: MappingDoc | undefined;
    readonly after: MappingDoc | undefined;
    readonly context: ApplyContext;
  },
): void {
  if (before?.isEnabled === true) context.unwatch(before.wakeKey, POLL_TIMER, key);
  if (after?.isEnabled === true) context.watch(after.wakeKey, POLL_TIMER, key);
  else {
    context.timers.clear(POLL_TIMER, key);
    context.timers.clear(WINDOW_TIMER, key);
    context.timers.clear(STREAM_TIMER, key);
  }
}

export const factBindings: readonly FactBinding<LambdaState>[] = [
  on(AsyncInvocationAccepted, accepted),
  on(AsyncAttemptFailed, attemptFailed),
  on(AsyncRetryReleased, retryReleased),
  on(AsyncInvocationDecided, decided),
  on(AsyncInvocationEnded, ended),
  on(BatchWindowOpened, windowOpened),
  on(BatchInvoked, () => {}),
  on(MessagesFilteredOut, () => {}),
  on(MappingDenied, (_state, { mapping, untilMs }, { timers }) => timers.set(POLL_TIMER, mapping, untilMs)),
  ...streamFactBindings,
];
