// One attempt and what follows from it: the end, another attempt later, or the dead-letter target. Three invariants:
//  1. Every delivery ends with exactly one of succeeded, dead-lettered, dropped; the last two name the reason.
//  2. A hand-over that its target accepts at once leaves no fact of ours.
//  3. An open delivery holds its payload, and always has something that continues it: a timer (waiting), or work that
//     `resume` starts again after a restart (attempting, given-up).

import { assert, assertDefined } from '#base/assert.ts';
import type { DeliveryRequest, DeliveryStart } from '#cell/deliveries-door.ts';
import type { DeliveryFailure, HandOverContent, HandOverResult } from '#cell/target.ts';
import type { Outcome, Turn } from '#cell/turn.ts';
import { cut, failAtOnce, giveUp, readForDeadLetter, report, succeed } from './end.ts';
import { DeliveryAccepted, DeliveryAttemptStarted, DeliveryRetryPlanned } from './facts.ts';
import { actingFor, attemptOf, contentOf, handOverOf, offer } from './offer.ts';
import { nextAttempt } from './retry-schedule.ts';
import type { DeliveriesState, OpenDelivery } from './state.ts';

/** Name of the reaction to a payload that was read for a further attempt. */
export const ATTEMPT = 'attempt';

type DeliveriesTurn = Turn<DeliveriesState>;

export function deliver(turn: DeliveriesTurn, request: DeliveryRequest): DeliveryStart {
  const handOver = attemptOf(request.handOver, undefined);
  const known = request.failure === undefined ? undefined : { ...request.failure, isRetryable: false };
  const result = known === undefined ? offer(turn, handOver, 1) : { failure: known };
  if ('accepted' in result) return result;
  if ('failure' in result && !(result.failure.isRetryable && request.policy.retriesMax > 0)) {
    const ended = failAtOnce(turn, request, result.failure);
    if (ended !== undefined) return ended;
  }
  const delivery = accept(turn, request);
  const content = request.handOver.content;
  const attempted = 'needsDelivery' in result ? offer(turn, attemptOf(handOver, delivery.id), 1) : result;
  settle(turn, delivery, { result: attempted, content });
  return { deliveryId: delivery.id };
}

/** The target's word about an attempt that it had under way. */
export function attemptEnded(
  turn: DeliveriesTurn,
  deliveryId: number,
  result: { readonly succeeded: true } | { readonly failure: DeliveryFailure },
): void {
  const delivery = turn.state.open.get(deliveryId);
  // A target may report twice after a restart, when the attempt was repeated; the first report has ended it.
  if (delivery === undefined || delivery.phase !== 'attempting') return;
  settle(turn, delivery, { result: 'failure' in result ? result : { accepted: true } });
}

/** The retry timer: the next attempt begins with reading the payload. */
export function startAttempt(turn: DeliveriesTurn, subject: string): void {
  const delivery = turn.state.open.get(Number(subject));
  if (delivery?.phase !== 'waiting') return;
  turn.record(DeliveryAttemptStarted, { delivery: delivery.id, attempt: delivery.attempts + 1 });
  readForAttempt(turn, delivery);
}

/** The payload of a further attempt was read. */
export function attempt(turn: DeliveriesTurn, subject: string, outcome: Outcome): void {
  const delivery = turn.state.open.get(Number(subject));
  if (delivery?.phase !== 'attempting') return;
  if ('failed' in outcome) {
    const failure = { code: 'PayloadUnreadable', detail: outcome.failed, isRetryable: true };
    settle(turn, delivery, { result: { failure } });
    return;
  }
  const content = contentOf(delivery, outcome.result);
  const handOver = attemptOf(handOverOf(delivery, content), delivery.id);
  const result = offer(actingFor(turn, delivery), handOver, delivery.attempts);
  settle(turn, delivery, { result, content });
}

/** After a restart: what was under way is begun again. Retries that wait have their timers. */
export function resume(turn: DeliveriesTurn): void {
  for (const delivery of turn.state.open.values()) {
    if (delivery.phase === 'attempting') readForAttempt(turn, delivery);
    else if (delivery.phase === 'given-up') readForDeadLetter(turn, delivery);
  }
}

function accept(turn: DeliveriesTurn, request: DeliveryRequest): OpenDelivery {
  const { handOver, policy, deadLetterArn, requestId, reference, eventDeadLetter } = request;
  const { content } = handOver;
  const id = turn.state.nextId;
  turn.record(DeliveryAccepted, {
    delivery: id,
    acceptedAtMs: turn.nowMs,
    sourceArn: handOver.sourceArn,
    targetArn: handOver.targetArn,
    payload: handOver.payload,
    isEvent: content.kind === 'event',
    principal: handOver.principal,
    policy,
    subscriptionArn: content.kind === 'message' ? content.subscriptionArn : undefined,
    messageGroupId: handOver.messageGroupId,
    messageDeduplicationId: handOver.messageDeduplicationId,
    deadLetterArn,
    requestId,
    parameters: handOver.parameters,
    reference,
    deadLetterAttributes: eventDeadLetter?.attributes,
    original: eventDeadLetter?.original,
  });
  return assertDefined(turn.state.open.get(id), 'the accepted delivery');
}

/** What an attempt came to; `content` when this turn knows it. */
interface Attempted {
  readonly result: HandOverResult;
  readonly content?: HandOverContent;
}

function settle(turn: DeliveriesTurn, delivery: OpenDelivery, { result, content }: Attempted): void {
  if ('attempting' in result) return;
  if ('accepted' in result) {
    succeed(turn, delivery);
    return;
  }
  assert('failure' in result, 'a target with a delivery id accepts, attempts or fails');
  const { failure } = result;
  const next = failure.isRetryable ? nextOf(turn, delivery, failure) : { exhausted: undefined };
  if ('dueAtMs' in next) planRetry(turn, delivery, { failure, dueAtMs: next.dueAtMs });
  else giveUp(turn, delivery, { failure, content, exhausted: next.exhausted });
}

function planRetry(
  turn: DeliveriesTurn,
  delivery: OpenDelivery,
  { failure, dueAtMs }: { readonly failure: DeliveryFailure; readonly dueAtMs: number },
): void {
  const { code, detail } = failure;
  const attempt = delivery.attempts + 1;
  turn.record(DeliveryRetryPlanned, { delivery: delivery.id, attempt, dueAtMs, code, detail: cut(detail) });
  report(turn, delivery, { outcome: 'retrying', failure });
}

function nextOf(turn: DeliveriesTurn, delivery: OpenDelivery, { retryAfterMs }: DeliveryFailure) {
  const { attempts, acceptedAtMs, policy } = delivery;
  return nextAttempt(policy, { attempts, acceptedAtMs, nowMs: turn.nowMs, random: randomOf(turn), retryAfterMs });
}

const randomBytes = new Uint8Array(4);
const randomView = new DataView(randomBytes.buffer);

function randomOf(turn: Turn): number {
  turn.entropy.fill(randomBytes);
  return randomView.getUint32(0) / 2 ** 32;
}

function readForAttempt(turn: DeliveriesTurn, delivery: OpenDelivery): void {
  const then = { reaction: ATTEMPT, subject: String(delivery.id) };
  turn.perform({ performer: 'read-payloads', input: null, payloads: [delivery.payload], then });
}
