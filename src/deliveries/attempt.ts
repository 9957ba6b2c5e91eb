// One attempt and what follows from it: the end, another attempt later, or the dead-letter target. Three invariants:
//  1. Every delivery ends with exactly one of succeeded, dead-lettered, dropped; the last two name the reason.
//  2. A hand-over that its target accepts at once leaves no fact of ours.
//  3. An open delivery holds its payload, and always has something that continues it: a timer (waiting), or work that
//     `resume` starts again after a restart (attempting, given-up).

import { assert, assertDefined } from '#base/assert.ts';
import type { DeliveryRequest } from '#cell/deliveries-door.ts';
import type { DeliveryFailure, HandOver, HandOverContent, HandOverResult } from '#cell/target.ts';
import type { Outcome, Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import { decodeStoredMessage } from '#model/stored-message.ts';
import { handDeadLetter } from './dead-letter.ts';
import {
  DeliveryAccepted,
  DeliveryAttemptStarted,
  DeliveryEnded,
  DeliveryFailedAtOnce,
  DeliveryGivenUp,
  DeliveryRetryPlanned,
} from './facts.ts';
import { nextAttemptAtMs } from './retry-schedule.ts';
import type { DeliveriesState, OpenDelivery } from './state.ts';

/** Names of the reactions to a payload that was read. */
export const ATTEMPT = 'attempt';
export const DEAD_LETTER = 'dead-letter';

/** Reasons are for people: cut to what one line shows. */
const DETAIL_LENGTH_MAX = 400;

type DeliveriesTurn = Turn<DeliveriesState>;

export function deliver(turn: DeliveriesTurn, request: DeliveryRequest): void {
  const handOver: HandOver = { ...request.handOver, deliveryId: undefined };
  const result = offer(turn, handOver);
  if ('accepted' in result) return;
  const isOver = 'failure' in result && !(result.failure.isRetryable && request.policy.retriesMax > 0);
  if (isOver && failAtOnce(turn, request, result.failure)) return;
  const delivery = accept(turn, request);
  const content = request.handOver.content;
  if (!('needsDelivery' in result)) {
    settle(turn, delivery, { result, content });
    return;
  }
  settle(turn, delivery, { result: offer(turn, { ...handOver, deliveryId: delivery.id }), content });
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
  readPayload(turn, delivery, ATTEMPT);
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
  const content = contentOf(delivery, firstOf(outcome.result));
  const result = offer(actingFor(turn, delivery), { ...handOverOf(delivery, content), deliveryId: delivery.id });
  settle(turn, delivery, { result, content });
}

/** The payload of a delivery that was given up was read. */
export function deadLetter(turn: DeliveriesTurn, subject: string, outcome: Outcome): void {
  const delivery = turn.state.open.get(Number(subject));
  if (delivery?.phase !== 'given-up') return;
  const failure = assertDefined(delivery.lastFailure, `the failure of delivery ${delivery.id}`);
  if ('failed' in outcome) {
    const detail = `${failure.detail}; and its payload could not be read: ${outcome.failed}`;
    end(turn, delivery, { outcome: 'dropped', code: failure.code, detail });
    return;
  }
  const bytes = firstOf(outcome.result);
  endWithDeadLetter(turn, delivery, { failure, content: contentOf(delivery, bytes), bytes });
}

/** After a restart: what was under way is begun again. Retries that wait have their timers. */
export function resume(turn: DeliveriesTurn): void {
  for (const delivery of turn.state.open.values()) {
    if (delivery.phase === 'attempting') readPayload(turn, delivery, ATTEMPT);
    else if (delivery.phase === 'given-up') readPayload(turn, delivery, DEAD_LETTER);
  }
}

function offer(turn: Turn, handOver: HandOver): HandOverResult {
  const target = turn.doors.targets.get(serviceOf(handOver.targetArn));
  if (target !== undefined) return target.accept(turn, handOver);
  const detail = `nothing here delivers to ${handOver.targetArn}`;
  return { failure: { code: 'TargetNotAvailable', detail, isRetryable: false } };
}

/** The service part of an ARN, without taking the rest apart: this is asked for every hand-over of a fan-out. */
function serviceOf(arn: string): string {
  const start = arn.indexOf(':', 4) + 1;
  return start === 0 ? '' : arn.slice(start, arn.indexOf(':', start));
}

function accept(turn: DeliveriesTurn, request: DeliveryRequest): OpenDelivery {
  const { handOver, policy, deadLetterArn, requestId } = request;
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
    turn.record(DeliveryEnded, { delivery: delivery.id, outcome: 'succeeded', code: undefined, detail: undefined });
    return;
  }
  assert('failure' in result, 'a target with a delivery id accepts, attempts or fails');
  const { failure } = result;
  const dueAtMs = failure.isRetryable ? nextDueAtMs(turn, delivery) : undefined;
  if (dueAtMs === undefined) {
    giveUp(turn, delivery, { failure, content });
    return;
  }
  const { code } = failure;
  const plan = { delivery: delivery.id, attempt: delivery.attempts + 1, dueAtMs, code, detail: cut(failure.detail) };
  turn.record(DeliveryRetryPlanned, plan);
}

function giveUp(
  turn: DeliveriesTurn,
  delivery: OpenDelivery,
  { failure, content }: { readonly failure: DeliveryFailure; readonly content: HandOverContent | undefined },
): void {
  const { code, detail } = failure;
  if (delivery.deadLetterArn === undefined) end(turn, delivery, { outcome: 'dropped', code, detail });
  else if (content?.kind === 'message') endWithDeadLetter(turn, delivery, { failure, content });
  else {
    turn.record(DeliveryGivenUp, { delivery: delivery.id, code, detail: cut(detail) });
    readPayload(turn, delivery, DEAD_LETTER);
  }
}

/** Ends a hand-over that failed for good before it was recorded. False when its bytes must be read first. */
function failAtOnce(turn: DeliveriesTurn, request: DeliveryRequest, failure: DeliveryFailure): boolean {
  const { handOver, deadLetterArn } = request;
  const { content, sourceArn, targetArn } = handOver;
  if (deadLetterArn !== undefined && content.kind === 'event') return false;
  const refused = deadLetterArn === undefined ? undefined : handDeadLetter(turn, { handOver, deadLetterArn });
  const isKept = deadLetterArn !== undefined && refused === undefined;
  turn.record(DeliveryFailedAtOnce, {
    sourceArn,
    targetArn,
    outcome: isKept ? 'dead-lettered' : 'dropped',
    code: failure.code,
    detail: cut(withRefusal(failure.detail, refused)),
    payload: handOver.payload,
    deadLetterArn,
    subscriptionArn: content.kind === 'message' ? content.subscriptionArn : undefined,
  });
  return true;
}

function endWithDeadLetter(
  turn: DeliveriesTurn,
  delivery: OpenDelivery,
  what: {
    readonly failure: Pick<DeliveryFailure, 'code' | 'detail'>;
    readonly content: HandOverContent;
    readonly bytes?: Uint8Array;
  },
): void {
  const { failure, content, bytes } = what;
  const deadLetterArn = assertDefined(delivery.deadLetterArn, 'a dead-letter target');
  const { requestId } = delivery;
  const handOver = handOverOf(delivery, content);
  const refused = handDeadLetter(actingFor(turn, delivery), {
    handOver,
    deadLetterArn,
    event: { bytes, failure, requestId },
  });
  const detail = withRefusal(failure.detail, refused);
  end(turn, delivery, { outcome: refused === undefined ? 'dead-lettered' : 'dropped', code: failure.code, detail });
}

function end(
  turn: DeliveriesTurn,
  delivery: OpenDelivery,
  { outcome, code, detail }: { outcome: 'dead-lettered' | 'dropped'; code: string; detail: string },
): void {
  turn.record(DeliveryEnded, { delivery: delivery.id, outcome, code, detail: cut(detail) });
}

function withRefusal(detail: string, refused: DeliveryFailure | undefined): string {
  if (refused === undefined) return detail;
  return `${detail}; and the dead-letter target did not take it: ${refused.code}: ${refused.detail}`;
}

function nextDueAtMs(turn: DeliveriesTurn, delivery: OpenDelivery): number | undefined {
  const { attempts, acceptedAtMs, policy } = delivery;
  return nextAttemptAtMs(policy, { attempts, acceptedAtMs, nowMs: turn.nowMs, random: randomOf(turn) });
}

const randomBytes = new Uint8Array(4);
const randomView = new DataView(randomBytes.buffer);

function randomOf(turn: Turn): number {
  turn.entropy.fill(randomBytes);
  return randomView.getUint32(0) / 2 ** 32;
}

function readPayload(turn: DeliveriesTurn, delivery: OpenDelivery, reaction: string): void {
  const then = { reaction, subject: String(delivery.id) };
  turn.perform({ performer: 'read-payloads', input: null, payloads: [delivery.payload], then });
}

/** A turn that acts as the delivery's source did: timers and reactions come without scope and principal of their own. */
function actingFor(turn: DeliveriesTurn, { sourceArn, principal }: OpenDelivery): DeliveriesTurn {
  const arn = parseArn(sourceArn);
  return turn.within(arn === undefined ? turn.scope : scopeOf(arn.account, arn.region), principal);
}

function handOverOf(delivery: OpenDelivery, content: HandOverContent): Omit<HandOver, 'deliveryId'> {
  const { sourceArn, targetArn, principal, payload, messageGroupId, messageDeduplicationId } = delivery;
  return {
    sourceArn,
    targetArn,
    principal,
    payload,
    content,
    ...(messageGroupId === undefined ? {} : { messageGroupId }),
    ...(messageDeduplicationId === undefined ? {} : { messageDeduplicationId }),
  };
}

function contentOf({ isEvent, subscriptionArn }: OpenDelivery, bytes: Uint8Array): HandOverContent {
  if (isEvent) return { kind: 'event' };
  const message = decodeStoredMessage(bytes);
  return { kind: 'message', message, ...(subscriptionArn === undefined ? {} : { subscriptionArn }) };
}

function firstOf(result: unknown): Uint8Array {
  return assertDefined((result as readonly Uint8Array[])[0], 'the payload that was read');
}

function cut(detail: string): string {
  return detail.length <= DETAIL_LENGTH_MAX ? detail : `${detail.slice(0, DETAIL_LENGTH_MAX - 1)}…`;
}
