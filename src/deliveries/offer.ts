// Asking a target to take something, and putting together again what an open delivery hands over.

import { assertDefined } from '#base/assert.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { HandOver, HandOverContent, HandOverResult } from '#cell/target.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import { decodeStoredMessage } from '#model/stored-message.ts';
import type { DeliveriesState, OpenDelivery } from './state.ts';

/** `attempt`: which one this is; the first is 1. */
export function offer(turn: Turn, handOver: HandOver, attempt: number): HandOverResult {
  const target = turn.doors.targets.get(serviceOf(handOver.targetArn));
  if (target !== undefined) return target.accept(turn, numbered(turn, handOver, attempt));
  const detail = `nothing here delivers to ${handOver.targetArn}`;
  return { failure: { code: 'TargetNotAvailable', detail, isRetryable: false } };
}

/** Scheduler's attempt number: the one thing in a text that differs from attempt to attempt. */
function numbered(turn: Turn, handOver: HandOver, attempt: number): HandOver {
  const { content, parameters } = handOver;
  const placeholder = parameters?.attemptPlaceholder;
  if (placeholder === undefined || content.kind !== 'event') return handOver;
  const text = content.text.replaceAll(placeholder, String(attempt));
  return { ...handOver, payload: turn.storePayload(utf8Encode(text)), content: { kind: 'event', text } };
}

/** The service part of an ARN, without taking the rest apart: this is asked for every hand-over of a fan-out. */
export function serviceOf(arn: string): string {
  const start = arn.indexOf(':', 4) + 1;
  return start === 0 ? '' : arn.slice(start, arn.indexOf(':', start));
}

/** A turn that acts as the delivery's source did: timers and reactions come without scope and principal of their own. */
export function actingFor(
  turn: Turn<DeliveriesState>,
  { sourceArn, principal }: Pick<OpenDelivery, 'sourceArn' | 'principal'>,
): Turn<DeliveriesState> {
  const arn = parseArn(sourceArn);
  return turn.within(arn === undefined ? turn.scope : scopeOf(arn.account, arn.region), principal);
}

/** Member by member: copies by spreading are slow, and this is made for every hand-over of a fan-out. */
export function attemptOf(handOver: Omit<HandOver, 'deliveryId'>, deliveryId: number | undefined): HandOver {
  const { sourceArn, targetArn, principal, payload, content } = handOver;
  const { messageGroupId, messageDeduplicationId, parameters } = handOver;
  return {
    sourceArn,
    targetArn,
    principal,
    payload,
    content,
    deliveryId,
    messageGroupId,
    messageDeduplicationId,
    parameters,
  };
}

export function handOverOf(delivery: OpenDelivery, content: HandOverContent): Omit<HandOver, 'deliveryId'> {
  const { sourceArn, targetArn, principal, payload, messageGroupId, messageDeduplicationId, parameters } = delivery;
  return { sourceArn, targetArn, principal, payload, content, messageGroupId, messageDeduplicationId, parameters };
}

/** From the bytes that the kernel has read. */
export function contentOf({ isEvent, subscriptionArn }: OpenDelivery, result: unknown): HandOverContent {
  const bytes = assertDefined((result as readonly Uint8Array[])[0], 'the payload that was read');
  if (isEvent) return { kind: 'event', text: utf8Decode(bytes) };
  const message = decodeStoredMessage(bytes);
  return { kind: 'message', message, ...(subscriptionArn === undefined ? {} : { subscriptionArn }) };
}
