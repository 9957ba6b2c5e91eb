// Facts of invocations. An asynchronous event is durable before its 202; what a synchronous call came to is in its answer and
// its log. Batches that were read from a queue are noted when they end, for whoever asks what became of a message.

import { factKind, field } from '#cell/fact.ts';

export const AsyncInvocationAccepted = factKind({
  id: 0x301,
  name: 'AsyncInvocationAccepted',
  fields: {
    event: field.count,
    functionKey: field.text,
    invokedArn: field.text,
    requestId: field.text,
    payload: field.count,
    acceptedAtMs: field.number,
    expiresAtMs: field.number,
    retriesMax: field.count,
    sourceArn: field.optional(field.text),
    traceHeader: field.optional(field.text),
  },
});

export const AsyncAttemptFailed = factKind({
  id: 0x302,
  name: 'AsyncAttemptFailed',
  fields: { event: field.count, attempt: field.count, errorType: field.text, retryAtMs: field.number },
});

/** No more attempts; a destination or dead-letter queue is still to be told. */
export const AsyncInvocationDecided = factKind({
  id: 0x303,
  name: 'AsyncInvocationDecided',
  fields: {
    event: field.count,
    condition: field.text,
    attempts: field.count,
    errorType: field.optional(field.text),
    version: field.optional(field.text),
    response: field.optional(field.count),
  },
});

export const AsyncInvocationEnded = factKind({
  id: 0x304,
  name: 'AsyncInvocationEnded',
  fields: { event: field.count, outcome: field.text, detail: field.optional(field.text) },
});

/** A batch is waited for: the source is read at the latest at this instant. */
export const BatchWindowOpened = factKind({
  id: 0x305,
  name: 'BatchWindowOpened',
  durability: 'eventual',
  fields: { mapping: field.text, untilMs: field.number },
});

export const BatchInvoked = factKind({
  id: 0x306,
  name: 'BatchInvoked',
  durability: 'eventual',
  fields: {
    mapping: field.text,
    functionArn: field.text,
    requestId: field.text,
    messageIds: field.list(field.text),
    failedMessageIds: field.list(field.text),
    errorType: field.optional(field.text),
  },
});

export const MessagesFilteredOut = factKind({
  id: 0x307,
  name: 'MessagesFilteredOut',
  durability: 'eventual',
  fields: { mapping: field.text, messageIds: field.list(field.text) },
});

/** A retry's time has come: the event may run again. Lost in a crash, its timer fires again. */
export const AsyncRetryReleased = factKind({
  id: 0x308,
  name: 'AsyncRetryReleased',
  durability: 'eventual',
  fields: { event: field.count },
});

/** The role of the mapping's function may not poll the queue (any more). */
export const MappingDenied = factKind({
  id: 0x312,
  name: 'MappingDenied',
  durability: 'eventual',
  fields: { mapping: field.text, untilMs: field.number },
});
