// What facts do to the open deliveries.

import { assertDefined } from '#base/assert.ts';
import type { FactKind } from '#cell/fact.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { type ApplyContext, type FactBinding, on } from '#cell/service-definition.ts';
import {
  DeliveryAccepted,
  DeliveryAttemptStarted,
  DeliveryEnded,
  DeliveryFailedAtOnce,
  DeliveryGivenUp,
  DeliveryRetryPlanned,
} from './facts.ts';
import type { DeliveriesState, OpenDelivery } from './state.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** The timer that starts the next attempt; its subject is the delivery's number. */
export const RETRY_TIMER = 'retry';

function accepted(state: DeliveriesState, fact: Fact<typeof DeliveryAccepted>, context: ApplyContext): void {
  const { delivery: id, ...rest } = fact;
  const payload = fact.payload as PayloadId;
  const original = fact.original as PayloadId | undefined;
  context.payloads.retain(payload);
  if (original !== undefined) context.payloads.retain(original);
  state.open.set(id, { ...rest, id, payload, original, phase: 'attempting', attempts: 1 });
  state.nextId = id + 1;
}

function attemptStarted(
  state: DeliveriesState,
  fact: Fact<typeof DeliveryAttemptStarted>,
  context: ApplyContext,
): void {
  const delivery = openDelivery(state, fact.delivery);
  delivery.phase = 'attempting';
  delivery.attempts = fact.attempt;
  // In life the timer has fired; on replay it was set again by the plan.
  context.timers.clear(RETRY_TIMER, String(fact.delivery));
}

function retryPlanned(state: DeliveriesState, fact: Fact<typeof DeliveryRetryPlanned>, context: ApplyContext): void {
  const delivery = openDelivery(state, fact.delivery);
  delivery.phase = 'waiting';
  delivery.lastFailure = { code: fact.code, detail: fact.detail };
  context.timers.set(RETRY_TIMER, String(fact.delivery), fact.dueAtMs);
}

function givenUp(state: DeliveriesState, fact: Fact<typeof DeliveryGivenUp>): void {
  const delivery = openDelivery(state, fact.delivery);
  delivery.phase = 'given-up';
  delivery.lastFailure = { code: fact.code, detail: fact.detail };
  delivery.exhausted = fact.exhausted;
}

function ended(state: DeliveriesState, fact: Fact<typeof DeliveryEnded>, context: ApplyContext): void {
  const delivery = openDelivery(state, fact.delivery);
  state.open.delete(fact.delivery);
  context.timers.clear(RETRY_TIMER, String(fact.delivery));
  context.payloads.release(delivery.payload);
  if (delivery.original !== undefined) context.payloads.release(delivery.original);
}

function openDelivery(state: DeliveriesState, id: number): OpenDelivery {
  return assertDefined(state.open.get(id), `delivery ${id}`);
}

export const factBindings: readonly FactBinding<DeliveriesState>[] = [
  on(DeliveryAccepted, accepted),
  on(DeliveryAttemptStarted, attemptStarted),
  on(DeliveryRetryPlanned, retryPlanned),
  on(DeliveryGivenUp, givenUp),
  on(DeliveryEnded, ended),
  on(DeliveryFailedAtOnce, () => {}),
];
