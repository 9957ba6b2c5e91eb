// What happens to a delivery, as facts. A hand-over that the target accepts in the turn that asks for it needs none of
// them: the target's own fact (a message in a queue) tells everything.

import type { DeliveryPolicy } from '#cell/deliveries-door.ts';
import { factKind, field } from '#cell/fact.ts';
import type { TargetParameters } from '#cell/target.ts';
import type { Principal } from '#model/principal.ts';
import type { RetryCondition } from './retry-schedule.ts';

/** A delivery that could not be finished in its first turn. Its first attempt is under way. */
export const DeliveryAccepted = factKind({
  id: 0x500,
  name: 'DeliveryAccepted',
  fields: {
    delivery: field.u32,
    acceptedAtMs: field.number,
    sourceArn: field.text,
    targetArn: field.text,
    payload: field.count,
    /** The payload is an event's JSON text, not a stored message. */
    isEvent: field.flag,
    principal: field.json<Principal>(),
    policy: field.json<DeliveryPolicy>(),
    subscriptionArn: field.optional(field.text),
    messageGroupId: field.optional(field.text),
    messageDeduplicationId: field.optional(field.text),
    deadLetterArn: field.optional(field.text),
    requestId: field.optional(field.text),
    parameters: field.optional(field.json<TargetParameters>()),
    reference: field.optional(field.text),
    /** Attributes of a dead letter in EventBridge's form. */
    deadLetterAttributes: field.optional(field.json<Readonly<Record<string, string>>>()),
    /** What the dead letter shows instead of what was handed over: a stored message. */
    original: field.optional(field.count),
  },
});

/** Eventual: when it is lost, the attempt is made again, as after any crash. */
export const DeliveryAttemptStarted = factKind({
  id: 0x501,
  name: 'DeliveryAttemptStarted',
  durability: 'eventual',
  fields: { delivery: field.u32, attempt: field.count },
});

export const DeliveryRetryPlanned = factKind({
  id: 0x502,
  name: 'DeliveryRetryPlanned',
  fields: {
    delivery: field.u32,
    /** The attempt that is planned; the first one is 1. */
    attempt: field.count,
    dueAtMs: field.number,
    code: field.text,
    detail: field.text,
  },
});

/** No further attempt: the payload goes to the dead-letter target as soon as its bytes are read. */
export const DeliveryGivenUp = factKind({
  id: 0x503,
  name: 'DeliveryGivenUp',
  fields: {
    delivery: field.u32,
    code: field.text,
    detail: field.text,
    /** Which end of the policy was reached; none when trying again could not help. */
    exhausted: field.optional(field.json<RetryCondition>()),
  },
});

export type DeliveryOutcome = 'succeeded' | 'dead-lettered' | 'dropped';

export const DeliveryEnded = factKind({
  id: 0x504,
  name: 'DeliveryEnded',
  fields: {
    delivery: field.u32,
    outcome: field.json<DeliveryOutcome>(),
    /** Why, unless it succeeded. */
    code: field.optional(field.text),
    detail: field.optional(field.text),
    /** The id that the dead letter got where it went. */
    deadLetterId: field.optional(field.text),
  },
});

/** A delivery whose first attempt failed for good, ended in the same turn: the one fact there is about it. */
export const DeliveryFailedAtOnce = factKind({
  id: 0x505,
  name: 'DeliveryFailedAtOnce',
  fields: {
    sourceArn: field.text,
    targetArn: field.text,
    outcome: field.json<DeliveryOutcome>(),
    code: field.text,
    detail: field.text,
    /** Tells which message of the same entry it was about; nothing holds it. */
    payload: field.count,
    deadLetterArn: field.optional(field.text),
    subscriptionArn: field.optional(field.text),
    /** The id that the dead letter got where it went. */
    deadLetterId: field.optional(field.text),
  },
});
