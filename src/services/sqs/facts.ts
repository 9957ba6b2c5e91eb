// What is decided about messages. Queues themselves are documents. A message is named by queue, slot and sequence: the slot finds it in
// memory, the sequence tells people and assertions that it is still the same one. Sizes matter: a fan-out to a hundred queues is a hundred
// MessageSent facts (about 45 bytes each) beside one body.

import { factKind, field } from '#cell/fact.ts';

const messages = { slots: field.list(field.count), sequences: field.list(field.count) };

/** A message was accepted: sent by a client, or handed over by another resource. */
export const MessageSent = factKind({
  id: 0x101,
  name: 'MessageSent',
  fields: {
    queue: field.u32,
    sequence: field.count,
    messageId: field.uuid,
    payload: field.count,
    atMs: field.count,
    delaySeconds: field.count,
    group: field.optional(field.text),
    /** First sixteen bytes of the digest of the deduplication id, in its scope. */
    deduplicationKey: field.optional(field.bytes),
    /** Number of the text (TextNumbered) with the subscription's ARN, when the payload is shown in an SNS envelope. */
    envelope: field.optional(field.count),
  },
});

/** Losing this fact in a crash redelivers, which a standard queue may do at any time. */
export const MessagesReceived = factKind({
  id: 0x102,
  name: 'MessagesReceived',
  durability: 'eventual',
  fields: { queue: field.u32, atMs: field.count, hiddenMs: field.count, ...messages },
});

/** Of a FIFO queue: must not be lost, or another consumer would get the group's messages while the first one works. */
export const GroupMessagesReceived = factKind({
  id: 0x103,
  name: 'GroupMessagesReceived',
  fields: {
    queue: field.u32,
    atMs: field.count,
    hiddenMs: field.count,
    ...messages,
    attempt: field.optional(field.text),
  },
});

/** A receive was repeated with the same ReceiveRequestAttemptId: same messages, hidden anew. */
export const ReceiveRepeated = factKind({
  id: 0x104,
  name: 'ReceiveRepeated',
  fields: { queue: field.u32, atMs: field.count, hiddenMs: field.count, attempt: field.text },
});

export const MessagesDeleted = factKind({
  id: 0x105,
  name: 'MessagesDeleted',
  fields: { queue: field.u32, ...messages },
});

export const VisibilityChanged = factKind({
  id: 0x106,
  name: 'VisibilityChanged',
  fields: { queue: field.u32, atMs: field.count, hiddenMs: field.count, ...messages },
});

/** Received too often: moved to the dead-letter queue, keeping its id. */
export const MessageDeadLettered = factKind({
  id: 0x107,
  name: 'MessageDeadLettered',
  fields: {
    queue: field.u32,
    slot: field.count,
    sequence: field.count,
    target: field.u32,
    targetSequence: field.count,
    atMs: field.count,
    /** Number of the text with the source queue's ARN. */
    origin: field.count,
  },
});

/** Moved out of a dead-letter queue by a move task: a new message with the same body. */
export const MessageRedriven = factKind({
  id: 0x108,
  name: 'MessageRedriven',
  fields: {
    queue: field.u32,
    slot: field.count,
    sequence: field.count,
    target: field.u32,
    targetSequence: field.count,
    messageId: field.uuid,
    atMs: field.count,
  },
});

export const MessagesExpired = factKind({
  id: 0x109,
  name: 'MessagesExpired',
  fields: { queue: field.u32, ...messages },
});

/** An instant came: hidden and delayed messages whose time is over are visible, the deduplication window is shortened. */
export const InstantReached = factKind({
  id: 0x10a,
  name: 'InstantReached',
  durability: 'eventual',
  fields: { queue: field.u32, atMs: field.count, countMax: field.count },
});

export const QueuePurged = factKind({
  id: 0x10b,
  name: 'QueuePurged',
  fields: { queue: field.u32, atMs: field.count },
});

/** Payloads of a purged or deleted queue were given back, up to `countMax` of them. */
export const RemainsFreed = factKind({
  id: 0x10c,
  name: 'RemainsFreed',
  durability: 'eventual',
  fields: { remains: field.count, countMax: field.count },
});

/** A long text that messages refer to by number: a subscription's ARN, a queue's ARN. */
export const TextNumbered = factKind({
  id: 0x10d,
  name: 'TextNumbered',
  fields: { number: field.count, text: field.text },
});

/** A send repeated the deduplication id of the named message: accepted, not enqueued. Only explanations need it. */
export const RepeatedSendIgnored = factKind({
  id: 0x10e,
  name: 'RepeatedSendIgnored',
  durability: 'eventual',
  fields: { queue: field.u32, sequence: field.count, messageId: field.uuid },
});
