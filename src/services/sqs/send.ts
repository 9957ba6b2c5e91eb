// Accepting one message: the decision shared by SendMessage, its batch, and hand-overs from other resources.

import { utf8Encode } from '#base/bytes.ts';
import { formatUuid } from '#base/uuid.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { Principal } from '#model/principal.ts';
import { encodeStoredMessage } from '#model/stored-message.ts';
import { MessageSent, RepeatedSendIgnored } from './facts.ts';
import type { SqsTurn } from './find-queue.ts';
import type { MessageInput } from './message-input.ts';
import { type Queue, wakeKeyOf } from './queue.ts';

export interface Accepted {
  readonly messageId: string;
  readonly sequence: number;
  /** It was sent before, within the deduplication window. */
  readonly isRepeated: boolean;
}

export interface Sent extends Accepted {
  readonly md5OfBody: string;
}

export interface Acceptance {
  readonly payload: () => PayloadId;
  readonly messageId: string;
  readonly delaySeconds: number;
  readonly group?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** See MessageSent. */
  readonly envelope?: number | undefined;
}

export interface DigestedMessage {
  readonly input: MessageInput;
  readonly md5OfBody: string;
}

/** Stores and enqueues a message that a client sent, or finds the one it repeats. */
export function sendMessage(turn: SqsTurn, queue: Queue, { input, md5OfBody }: DigestedMessage): Sent {
  const messageId = turn.uuid();
  const { group } = input;
  const deduplicationId = queue.isFifo ? (input.deduplicationId ?? turn.digest.sha256Hex(input.body)) : undefined;
  // The digest is kept with the body, so that a receive does not compute it again.
  const system: Record<string, string> = { SenderId: senderIdOf(turn.principal), MD5OfBody: md5OfBody };
  // AWS: X-Ray developer guide, "Amazon SQS and AWS X-Ray": the attribute overrides the HTTP header, which holds for a whole batch.
  const traceHeader = input.traceHeader ?? turn.request?.traceHeader;
  if (traceHeader !== undefined && traceHeader !== '') system['AWSTraceHeader'] = traceHeader;
  if (deduplicationId !== undefined) system['MessageDeduplicationId'] = deduplicationId;
  const payload = (): PayloadId => {
    const { body, attributes } = input;
    return turn.storePayload(encodeStoredMessage({ kind: 'plain', messageId, body, attributes, system }));
  };
  const { delaySeconds } = input;
  const accepted = accept(turn, queue, { payload, messageId, delaySeconds, group, deduplicationId });
  const { sequence, isRepeated } = accepted;
  return { messageId: accepted.messageId, sequence, isRepeated, md5OfBody };
}

/** Enqueues; a repetition inside the deduplication window is not enqueued and answers as the first time. */
export function accept(turn: SqsTurn, queue: Queue, message: Acceptance): Accepted {
  const backlog = turn.state.backlogOf(queue);
  const { group, deduplicationId, delaySeconds, envelope } = message;
  const deduplicationKey = deduplicationId === undefined ? undefined : keyOf(turn, queue, group, deduplicationId);
  if (deduplicationKey !== undefined) {
    const first = backlog.deduplication.find(deduplicationKey, turn.nowMs);
    if (first !== undefined) {
      const repeated = { messageId: formatUuid(first.messageId), sequence: first.sequence };
      turn.record(RepeatedSendIgnored, { queue: queue.number, ...repeated });
      return { ...repeated, isRepeated: true };
    }
  }
  const sequence = backlog.nextSequence;
  turn.record(MessageSent, {
    queue: queue.number,
    sequence,
    messageId: message.messageId,
    payload: message.payload(),
    atMs: turn.nowMs,
    delaySeconds,
    group,
    deduplicationKey,
    envelope,
  });
  if (delaySeconds === 0) turn.wake(wakeKeyOf(queue.arn));
  return { messageId: message.messageId, sequence, isRepeated: false };
}

/** AWS: with DeduplicationScope messageGroup, equal ids of different groups are different messages. */
function keyOf(turn: SqsTurn, queue: Queue, group: string | undefined, deduplicationId: string): Uint8Array {
  const scope = queue.deduplicationScope === 'messageGroup' ? (group ?? '') : '';
  return turn.digest.sha256(utf8Encode(`${scope}\n${deduplicationId}`)).slice(0, 16);
}

/** AWS: the user's or role's unique id, the account for its root. */
export function senderIdOf(principal: Principal): string {
  switch (principal.kind) {
    case 'root':
      return principal.account;
    case 'user':
    case 'session':
      return principal.userId;
    case 'service':
      return principal.service;
    case 'anonymous':
      return 'Anonymous';
  }
}
