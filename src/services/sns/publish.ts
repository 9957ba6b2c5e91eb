// A message goes out: an id, a payload that is written once, and for each subscription a verdict of its filter and a
// hand-over. All of it is one turn and one entry of the journal, whatever the number of subscriptions.

import { assertDefined } from '#base/assert.ts';
import { formatUuid } from '#base/uuid.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { Principal } from '#model/principal.ts';
import { encodeStoredMessage, type Notification } from '#model/stored-message.ts';
import {
  FifoNotificationPublished,
  NotificationFiltered,
  NotificationPublished,
  RepeatedPublishIgnored,
} from './facts.ts';
import { deduplicationKey, fifoTopic, formatSequence } from './fifo.ts';
import { FILTER_REASON_LENGTH_MAX } from './limits.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { actorWith } from './role.ts';
import type { Route, SnsTurn, TopicDoc } from './state.ts';

export interface Published {
  readonly MessageId: string;
  readonly SequenceNumber?: string;
}

/** Publishes a message that was checked with `topicProblem`. */
export function publish(turn: SnsTurn, found: { key: string; topic: TopicDoc }, message: OutgoingMessage): Published {
  const { key, topic } = found;
  const messageId = turn.uuid();
  if (!topic.isFifo) {
    turn.record(NotificationPublished, { topic: topic.id, messageId });
    fanOut(turn, { key, topic, message, messageId });
    return { MessageId: messageId };
  }
  const messageGroupId = assertDefined(message.messageGroupId, 'the message group of a FIFO topic');
  const messageDeduplicationId = message.messageDeduplicationId ?? turn.digest.sha256Hex(message.text);
  const dedup = deduplicationKey(turn, topic, { messageGroupId, messageDeduplicationId });
  const fifo = fifoTopic(turn.state, topic.id);
  const earlier = fifo.window.find(dedup, turn.nowMs);
  if (earlier !== undefined) return repeated(turn, topic, { sequence: earlier.sequence, id: earlier.messageId });
  const sequence = fifo.sequence + 1;
  const fact = { topic: topic.id, messageId, atMs: turn.nowMs, sequence, deduplicationKey: dedup, messageGroupId };
  turn.record(FifoNotificationPublished, fact);
  const sequenceNumber = formatSequence(sequence);
  fanOut(turn, { key, topic, message, messageId, sequenceNumber, messageDeduplicationId });
  return { MessageId: messageId, SequenceNumber: sequenceNumber };
}

function repeated(turn: SnsTurn, topic: TopicDoc, earlier: { sequence: number; id: Uint8Array }): Published {
  const messageId = formatUuid(earlier.id);
  turn.record(RepeatedPublishIgnored, { topic: topic.id, messageId, sequence: earlier.sequence });
  return { MessageId: messageId, SequenceNumber: formatSequence(earlier.sequence) };
}

interface FanOut {
  readonly key: string;
  readonly topic: TopicDoc;
  readonly message: OutgoingMessage;
  readonly messageId: string;
  readonly sequenceNumber?: string;
  readonly messageDeduplicationId?: string;
}

interface Stored {
  readonly text: string;
  readonly notification: Notification;
  readonly payload: PayloadId;
}

function fanOut(turn: SnsTurn, out: FanOut): void {
  const { message, messageId, topic } = out;
  const routes = turn.state.routes.get(out.key);
  if (routes === undefined) return;
  const principal: Principal = {
    kind: 'service',
    service: 'sns.amazonaws.com',
    sourceArn: topic.arn,
    account: topic.account,
  };
  // One payload per text: all protocols share it, unless the message has texts for some of them.
  const stored: Stored[] = [];
  for (const route of routes.values()) {
    const { subscription, filter } = route;
    const text = message.textOf[subscription.protocol] ?? message.text;
    const filterable = { body: text, attributes: message.attributes };
    if (filter !== undefined && !filter.matches(filterable)) {
      const reason = cut(filter.explain(filterable).sentence);
      turn.record(NotificationFiltered, { subscription: subscription.id, messageId, reason });
      continue;
    }
    let one = stored.find((known) => known.text === text);
    if (one === undefined) {
      one = store(turn, out, text);
      stored.push(one);
    }
    handOver(turn, { out, route, one, principal });
  }
}

function store(turn: SnsTurn, out: FanOut, text: string): Stored {
  const { topic, message, messageId, sequenceNumber, messageDeduplicationId } = out;
  const traceHeader = turn.request?.traceHeader;
  const notification: Notification = {
    kind: 'notification',
    messageId,
    topicArn: topic.arn,
    ...(message.subject === undefined ? {} : { subject: message.subject }),
    message: text,
    attributes: message.attributes,
    timestamp: new Date(turn.nowMs).toISOString(),
    signatureVersion: topic.attributes['SignatureVersion'] ?? '1',
    system: {
      ...(traceHeader === undefined ? {} : { AWSTraceHeader: traceHeader }),
      ...(messageDeduplicationId === undefined ? {} : { MessageDeduplicationId: messageDeduplicationId }),
    },
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
  };
  return { text, notification, payload: turn.storePayload(encodeStoredMessage(notification)) };
}

function handOver(
  turn: SnsTurn,
  { out, route, one, principal }: { out: FanOut; route: Route; one: Stored; principal: Principal },
): void {
  const { subscription, targetArn, retries, isRaw, isFifoQueue, deadLetterArn, roleArn } = route;
  const actor = roleArn === undefined ? { principal } : actorWith(turn, roleArn, out.topic);
  const { messageGroupId } = out.message;
  const { messageDeduplicationId } = out;
  turn.doors.deliveries.deliver(turn, {
    handOver: {
      sourceArn: out.topic.arn,
      targetArn,
      principal: actor.principal,
      payload: one.payload,
      content: isRaw
        ? { kind: 'message', message: one.notification }
        : { kind: 'message', message: one.notification, subscriptionArn: subscription.arn },
      ...(messageGroupId === undefined ? {} : { messageGroupId }),
      ...(isFifoQueue && messageDeduplicationId !== undefined ? { messageDeduplicationId } : {}),
    },
    policy: retries,
    ...('failure' in actor ? { failure: actor.failure } : {}),
    deadLetterArn,
  });
}

function cut(reason: string): string {
  return reason.length <= FILTER_REASON_LENGTH_MAX ? reason : `${reason.slice(0, FILTER_REASON_LENGTH_MAX - 1)}…`;
}
