// From a payload's bytes and what the queue knows about the message to what a receiver sees. A payload is a stored message, shown plain or in
// the SNS envelope that belongs to the subscription it came by, or the bare text of an event (JSON never starts with a stored message's first byte).

import { utf8Decode } from '#base/bytes.ts';
import type { Digest } from '#base/digest.ts';
import { type EnvelopeOptions, renderEnvelope } from '#model/notification-envelope.ts';
import { decodeStoredMessage, type StoredAttribute } from '#model/stored-message.ts';
import { formatSequenceNumber } from './sequence-number.ts';
import type { Taken } from './take.ts';

/** What the message says, without what the queue knows. */
export interface Content {
  readonly body: string;
  readonly attributes: readonly StoredAttribute[];
  readonly system: Readonly<Record<string, string>>;
}

export type Surroundings = Omit<EnvelopeOptions, 'subscriptionArn'>;

/** Bytes that a stored message begins with go up to here. */
const STORED_FORMAT_MAX = 2;

export function contentOf(payload: Uint8Array, subscriptionArn: string | undefined, around: Surroundings): Content {
  if ((payload[0] ?? 0) > STORED_FORMAT_MAX) return { body: utf8Decode(payload), attributes: [], system: {} };
  const message = decodeStoredMessage(payload);
  const { attributes, system } = message;
  if (message.kind === 'plain') return { body: message.body, attributes, system };
  if (subscriptionArn === undefined) return { body: message.message, attributes, system };
  return { body: renderEnvelope(message, { ...around, subscriptionArn }), attributes: [], system };
}

/**
 * AWS: "When a message is moved from a FIFO queue to a FIFO DLQ, the original message's deduplication ID will be replaced with the original
 * message's ID" (developer guide, "dead-letter queue redrive").
 */
function replacedDeduplicationId(taken: Taken, isFifo: boolean): Record<string, string> {
  return isFifo && taken.deadLetterSourceArn !== undefined ? { MessageDeduplicationId: taken.messageId } : {};
}

/** What the queue knows of a message. AWS: ReceiveMessage, MessageSystemAttributeNames. */
export function queueAttributesOf(taken: Taken, isFifo: boolean): Record<string, string> {
  const shown: Record<string, string> = {
    ApproximateFirstReceiveTimestamp: String(taken.firstReceivedAtMs),
    ApproximateReceiveCount: String(taken.receiveCount),
    SentTimestamp: String(taken.sentAtMs),
  };
  if (isFifo) shown['SequenceNumber'] = formatSequenceNumber(taken.sequence);
  if (taken.group !== '') shown['MessageGroupId'] = taken.group;
  if (taken.deadLetterSourceArn !== undefined) shown['DeadLetterQueueSourceArn'] = taken.deadLetterSourceArn;
  return { ...shown, ...replacedDeduplicationId(taken, isFifo) };
}

/** Kept with a message that a client sent, computed for others. */
export function md5OfBody(digest: Digest, { body, system }: Content): string {
  return system['MD5OfBody'] ?? digest.md5Hex(body);
}

/** What only the payload knows. */
export function contentAttributesOf({ system }: Content): Record<string, string> {
  const shown: Record<string, string> = { SenderId: system['SenderId'] ?? SNS_SENDER };
  for (const name of ['MessageDeduplicationId', 'AWSTraceHeader']) {
    const value = system[name];
    if (value !== undefined) shown[name] = value;
  }
  return shown;
}

/** SNS's own user, which AWS shows as the sender of notifications. */
const SNS_SENDER = 'AIDAIT2UOQQY3AUEKVGXU';
