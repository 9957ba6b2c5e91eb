// What happens to messages of topics. Topics and subscriptions are documents.

import { factKind, field } from '#cell/fact.ts';

export const NotificationPublished = factKind({
  id: 0x200,
  name: 'NotificationPublished',
  fields: { topic: field.u32, messageId: field.uuid },
});

export const FifoNotificationPublished = factKind({
  id: 0x201,
  name: 'FifoNotificationPublished',
  fields: {
    topic: field.u32,
    messageId: field.uuid,
    atMs: field.number,
    sequence: field.count,
    /** 16 bytes: what makes another message the same one for five minutes. */
    deduplicationKey: field.bytes,
    messageGroupId: field.text,
  },
});

/** A publish to a FIFO topic that repeats an earlier one: answered with the earlier one's id. */
export const RepeatedPublishIgnored = factKind({
  id: 0x202,
  name: 'RepeatedPublishIgnored',
  durability: 'eventual',
  fields: { topic: field.u32, messageId: field.uuid, sequence: field.count },
});

/** An endpoint's throttle policy: the next message is sent then. Eventual: after a restart nothing waits here. */
export const HttpSendingPaced = factKind({
  id: 0x204,
  name: 'HttpSendingPaced',
  durability: 'eventual',
  fields: { subscriptionArn: field.text, waiting: field.count, untilMs: field.number },
});

/** A subscription's filter policy did not let the message pass; only told, nothing depends on it. */
export const NotificationFiltered = factKind({
  id: 0x203,
  name: 'NotificationFiltered',
  durability: 'eventual',
  fields: {
    subscription: field.u32,
    messageId: field.uuid,
    /** `store: expected "a", found "b"`, cut to a line. */
    reason: field.text,
  },
});
