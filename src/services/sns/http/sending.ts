// HTTP/S endpoints as targets of deliveries: the subscription's ARN is the target. One lane for each endpoint, so that one that hangs, or is
// throttled, holds up nobody else. When its turn comes, a post's payload is read, the request made of it and sent; the answer ends the attempt.

import { assertDefined } from '#base/assert.ts';
import { HTTP_REQUEST, type HttpOutcome } from '#cell/http-request.ts';
import type { DeliveryFailure, HandOver, HandOverResult } from '#cell/target.ts';
import type { Outcome } from '#cell/turn.ts';
import { decodeStoredMessage } from '#model/stored-message.ts';
import { HttpSendingPaced } from '../facts.ts';
import type { SnsTurn } from '../state.ts';
import { Lane, OPEN_MAX, OPEN_PER_ENDPOINT_MAX, type Post } from './lane.ts';
import { destinationOf, httpRequestOf } from './request.ts';

export const HTTP_READ = 'http-read';
export const HTTP_ANSWER = 'http-answer';
export const HTTP_PACE_TIMER = 'http-pace';

/** `arn:aws:sns:region:account:topic:id` */
export function isSubscriptionArn(arn: string): boolean {
  return arn.split(':').length === 7;
}

export function acceptForEndpoint(turn: SnsTurn, handOver: HandOver): HandOverResult {
  const { deliveryId, targetArn, sourceArn, payload, content } = handOver;
  const destination = destinationOf(turn, targetArn);
  // Its topic's own messages only: whoever else names a subscription as a target means something that there is not.
  const isOwn = destination?.topicArn === sourceArn && content.kind === 'message';
  if (!isOwn) return { failure: gone(targetArn) };
  if (deliveryId === undefined) return { needsDelivery: true };
  const { http } = turn.state;
  const lane = http.lanes.get(targetArn) ?? new Lane();
  http.lanes.set(targetArn, lane);
  const isRaw = content.kind === 'message' && content.subscriptionArn === undefined;
  lane.push({ deliveryId, subscriptionArn: targetArn, topicArn: sourceArn, payload, isRaw });
  pump(turn, targetArn);
  return { attempting: true };
}

/** The timer of a throttled endpoint. */
export function paceReached(turn: SnsTurn, subscriptionArn: string): void {
  const lane = turn.state.http.lanes.get(subscriptionArn);
  if (lane !== undefined) lane.isPaced = false;
  pump(turn, subscriptionArn);
}

/** The payload of a post was read. */
export function postRead(turn: SnsTurn, subject: string, outcome: Outcome): void {
  const post = turn.state.http.open.get(Number(subject));
  if (post === undefined) return;
  if ('failed' in outcome) {
    end(turn, subject, { code: 'PayloadUnreadable', detail: outcome.failed, isRetryable: true });
    return;
  }
  const destination = destinationOf(turn, post.subscriptionArn);
  if (destination === undefined) {
    end(turn, subject, gone(post.subscriptionArn));
    return;
  }
  const message = decodeStoredMessage((outcome.result as readonly Uint8Array[])[0] as Uint8Array);
  const input = httpRequestOf(turn, { post, message, destination });
  turn.perform({ performer: HTTP_REQUEST, input, then: { reaction: HTTP_ANSWER, subject } });
}

/** The endpoint answered, or did not. */
export function answered(turn: SnsTurn, subject: string, outcome: Outcome): void {
  end(turn, subject, 'failed' in outcome ? unreachable(outcome.failed) : failureOf(outcome.result as HttpOutcome));
}

/**
 * AWS, SNS developer guide, "Fanout to HTTPS endpoints": "Amazon SNS considers all 5XX errors and 429 (too many requests sent) errors as
 * retryable. These errors are subject to the delivery policy. All other errors are considered permanent failures and retries will not be
 * attempted." What does not answer at all is retried, too ("when the system that hosts the subscribed endpoint becomes unavailable").
 */
function failureOf(outcome: HttpOutcome): DeliveryFailure | undefined {
  if ('failure' in outcome) {
    const { kind, detail } = outcome.failure;
    const isRetryable = kind !== 'request' && kind !== 'address-not-allowed';
    return { ...unreachable(detail), isRetryable };
  }
  const { status } = outcome;
  if (status >= 200 && status <= 299) return undefined;
  const detail = `the endpoint answered with HTTP status ${status}`;
  return { code: 'HttpError', detail, isRetryable: status >= 500 || status === 429 };
}

function end(turn: SnsTurn, subject: string, failure: DeliveryFailure | undefined): void {
  const { http } = turn.state;
  const post = http.open.get(Number(subject));
  if (post === undefined) return;
  http.open.delete(Number(subject));
  assertDefined(http.lanes.get(post.subscriptionArn), 'the lane of an open post').openCount -= 1;
  turn.doors.deliveries.ended(turn, post.deliveryId, failure === undefined ? { succeeded: true } : { failure });
  pump(turn, post.subscriptionArn);
  for (const arn of http.crowdedOut) {
    if (http.open.size >= OPEN_MAX) return;
    pump(turn, arn);
  }
}

function pump(turn: SnsTurn, subscriptionArn: string): void {
  const { http } = turn.state;
  const lane = http.lanes.get(subscriptionArn);
  if (lane === undefined) return;
  http.crowdedOut.delete(subscriptionArn);
  const perSecond = destinationOf(turn, subscriptionArn)?.settings.receivesPerSecondMax;
  while (lane.waitingCount > 0 && mayBegin(turn, { lane, subscriptionArn, perSecond })) {
    const id = http.nextPost;
    http.nextPost += 1;
    const post = assertDefined<Post>(lane.shift(), 'a post that waits');
    lane.begin(turn.nowMs, perSecond !== undefined);
    http.open.set(id, post);
    const then = { reaction: HTTP_READ, subject: String(id) };
    turn.perform({ performer: 'read-payloads', input: null, payloads: [post.payload], then });
  }
  if (lane.isIdle(turn.nowMs)) http.lanes.delete(subscriptionArn);
}

function mayBegin(
  turn: SnsTurn,
  { lane, subscriptionArn, perSecond }: { lane: Lane; subscriptionArn: string; perSecond: number | undefined },
): boolean {
  const { http } = turn.state;
  if (lane.isPaced || lane.openCount >= OPEN_PER_ENDPOINT_MAX) return false;
  if (http.open.size >= OPEN_MAX) {
    // One that has requests under way looks again when the first of them ends.
    if (lane.openCount === 0) http.crowdedOut.add(subscriptionArn);
    return false;
  }
  if (perSecond === undefined) return true;
  const untilMs = lane.nextAtMs(perSecond, turn.nowMs);
  if (untilMs <= turn.nowMs) return true;
  lane.isPaced = true;
  turn.record(HttpSendingPaced, { subscriptionArn, waiting: lane.waitingCount, untilMs });
  return false;
}

function unreachable(detail: string): DeliveryFailure {
  return { code: 'EndpointUnreachable', detail, isRetryable: true };
}

function gone(subscriptionArn: string): DeliveryFailure {
  return { code: 'SubscriptionDoesNotExist', detail: `${subscriptionArn} does not exist`, isRetryable: false };
}
