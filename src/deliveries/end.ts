// The end of a delivery: succeeded, dead-lettered or dropped, the last two with their reason, and the word about it to the source's service.

import { assertDefined } from '#base/assert.ts';
import type { DeliveryReport, DeliveryRequest } from '#cell/deliveries-door.ts';
import type { DeliveryFailure, HandOverContent } from '#cell/target.ts';
import type { Outcome, Turn } from '#cell/turn.ts';
import { decodeStoredMessage } from '#model/stored-message.ts';
import { type DeadLettered, handDeadLetter, textOf } from './dead-letter.ts';
import { DeliveryEnded, DeliveryFailedAtOnce, DeliveryGivenUp, type DeliveryOutcome } from './facts.ts';
import { actingFor, contentOf, handOverOf, serviceOf } from './offer.ts';
import type { RetryCondition } from './retry-schedule.ts';
import type { DeliveriesState, OpenDelivery } from './state.ts';

/** Name of the reaction to the payload that was read for the dead-letter target. */
export const DEAD_LETTER = 'dead-letter';

/** Reasons are for people: cut to what one line shows. */
const DETAIL_LENGTH_MAX = 400;

type DeliveriesTurn = Turn<DeliveriesState>;

export function succeed(turn: DeliveriesTurn, delivery: OpenDelivery): void {
  const nothing = { code: undefined, detail: undefined, deadLetterId: undefined };
  turn.record(DeliveryEnded, { delivery: delivery.id, outcome: 'succeeded', ...nothing });
  report(turn, delivery, { outcome: 'succeeded' });
}

/** No further attempt. `content` when this turn knows it. */
export function giveUp(
  turn: DeliveriesTurn,
  delivery: OpenDelivery,
  given: {
    readonly failure: DeliveryFailure;
    readonly exhausted: RetryCondition | undefined;
    readonly content: HandOverContent | undefined;
  },
): void {
  const { failure, exhausted, content } = given;
  if (delivery.deadLetterArn === undefined) {
    end(turn, delivery, { outcome: 'dropped', failure });
    return;
  }
  if (content !== undefined && delivery.original === undefined) {
    endWithDeadLetter(turn, delivery, { failure, exhausted, content });
    return;
  }
  const { code, detail } = failure;
  turn.record(DeliveryGivenUp, { delivery: delivery.id, code, detail: cut(detail), exhausted });
  readForDeadLetter(turn, delivery);
}

export function readForDeadLetter(turn: DeliveriesTurn, { id, payload, original }: OpenDelivery): void {
  const then = { reaction: DEAD_LETTER, subject: String(id) };
  const payloads = original === undefined ? [payload] : [payload, original];
  turn.perform({ performer: 'read-payloads', input: null, payloads, then });
}

/** The payload of a delivery that was given up was read. */
export function deadLetter(turn: DeliveriesTurn, subject: string, outcome: Outcome): void {
  const delivery = turn.state.open.get(Number(subject));
  if (delivery?.phase !== 'given-up') return;
  const failure = assertDefined(delivery.lastFailure, `the failure of delivery ${delivery.id}`);
  const { exhausted } = delivery;
  if ('failed' in outcome) {
    const detail = `${failure.detail}; and its payload could not be read: ${outcome.failed}`;
    end(turn, delivery, { outcome: 'dropped', failure: { code: failure.code, detail } });
    return;
  }
  const original = (outcome.result as readonly Uint8Array[])[1];
  const originalText = original === undefined ? undefined : originalTextOf(original);
  endWithDeadLetter(turn, delivery, { failure, exhausted, content: contentOf(delivery, outcome.result), originalText });
}

function originalTextOf(bytes: Uint8Array): string {
  return textOf({ kind: 'message', message: decodeStoredMessage(bytes) });
}

/** Ends a hand-over that failed for good before it was recorded. Undefined when bytes must be read first. */
export function failAtOnce(
  turn: DeliveriesTurn,
  request: DeliveryRequest,
  failure: DeliveryFailure,
): { readonly failed: DeliveryFailure; readonly isDeadLettered: boolean } | undefined {
  const { handOver, deadLetterArn, eventDeadLetter, requestId } = request;
  const { content, sourceArn, targetArn } = handOver;
  if (deadLetterArn !== undefined && eventDeadLetter?.original !== undefined) return undefined;
  const attributes = eventDeadLetter?.attributes;
  // What could be tried again ends here only where no retry is allowed.
  const exhausted = failure.isRetryable ? 'MaximumRetryAttempts' : undefined;
  const dead =
    deadLetterArn === undefined
      ? undefined
      : handDeadLetter(turn, { handOver, deadLetterArn, failure, requestId, attributes, attempts: 1, exhausted });
  const isDeadLettered = dead !== undefined && 'id' in dead;
  turn.record(DeliveryFailedAtOnce, {
    sourceArn,
    targetArn,
    outcome: isDeadLettered ? 'dead-lettered' : 'dropped',
    code: failure.code,
    detail: cut(withRefusal(failure.detail, dead)),
    payload: handOver.payload,
    deadLetterArn,
    subscriptionArn: content.kind === 'message' ? content.subscriptionArn : undefined,
    deadLetterId: isDeadLettered ? dead.id : undefined,
  });
  return { failed: failure, isDeadLettered };
}

function endWithDeadLetter(
  turn: DeliveriesTurn,
  delivery: OpenDelivery,
  what: {
    readonly failure: Pick<DeliveryFailure, 'code' | 'detail'>;
    readonly exhausted: RetryCondition | undefined;
    readonly content: HandOverContent;
    readonly originalText?: string | undefined;
  },
): void {
  const { content, failure, ...rest } = what;
  const { requestId, attempts, deadLetterAttributes: attributes } = delivery;
  const deadLetterArn = assertDefined(delivery.deadLetterArn, 'a dead-letter target');
  const handOver = handOverOf(delivery, content);
  const letter = { ...rest, handOver, deadLetterArn, failure, requestId, attributes, attempts };
  const dead = handDeadLetter(actingFor(turn, delivery), letter);
  const ended = { code: failure.code, detail: withRefusal(failure.detail, dead) };
  if ('refused' in dead) end(turn, delivery, { outcome: 'dropped', failure: ended });
  else end(turn, delivery, { outcome: 'dead-lettered', failure: ended, deadLetterId: dead.id });
}

function end(
  turn: DeliveriesTurn,
  delivery: OpenDelivery,
  {
    outcome,
    failure,
    deadLetterId,
  }: {
    outcome: 'dead-lettered' | 'dropped';
    failure: Pick<DeliveryFailure, 'code' | 'detail'>;
    deadLetterId?: string | undefined;
  },
): void {
  const { code, detail } = failure;
  turn.record(DeliveryEnded, { delivery: delivery.id, outcome, code, detail: cut(detail), deadLetterId });
  report(turn, delivery, { outcome, failure });
}

/** Tells the service of the source. The delivery may be over already: what it was is given. */
export function report(
  turn: DeliveriesTurn,
  delivery: OpenDelivery,
  what: {
    readonly outcome: DeliveryOutcome | 'retrying';
    readonly failure?: Pick<DeliveryFailure, 'code' | 'detail'>;
  },
): void {
  const observer = turn.doors.observers.get(serviceOf(delivery.sourceArn));
  if (observer === undefined) return;
  const { id, sourceArn, targetArn, reference, acceptedAtMs, attempts, deadLetterArn } = delivery;
  const told: DeliveryReport = {
    deliveryId: id,
    sourceArn,
    targetArn,
    reference,
    acceptedAtMs,
    attempts,
    outcome: what.outcome,
    failure: what.failure,
    deadLetterArn,
  };
  observer.noted(actingFor(turn, delivery), told);
}

export function cut(detail: string): string {
  return detail.length <= DETAIL_LENGTH_MAX ? detail : `${detail.slice(0, DETAIL_LENGTH_MAX - 1)}…`;
}

function withRefusal(detail: string, dead: DeadLettered | undefined): string {
  if (dead === undefined || 'id' in dead) return detail;
  const { refused } = dead;
  return `${detail}; and the dead-letter target did not take it: ${refused.code}: ${refused.detail}`;
}
