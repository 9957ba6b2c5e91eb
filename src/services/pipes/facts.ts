// What happens to messages on their way through a pipe, for whoever asks what became of one. All are eventual: what a crash takes back is done again, because
// the messages are still in their queue.

import { factKind, field } from '#cell/fact.ts';
import type { BegunShard } from '#structures/shard-reading/stream-places.ts';

/** Which message of the target came from which message of the source. */
export interface HandedOn {
  readonly from: string;
  readonly to: string;
}

export const PipeBatchTaken = factKind({
  id: 0x901,
  name: 'PipeBatchTaken',
  durability: 'eventual',
  fields: { pipe: field.text, messageIds: field.list(field.uuid) },
});

export const PipeMessagesFilteredOut = factKind({
  id: 0x902,
  name: 'PipeMessagesFilteredOut',
  durability: 'eventual',
  fields: { pipe: field.text, messageIds: field.list(field.uuid) },
});

/** An enrichment or a target works on the events; its answer is waited for until `endsAtMs`. */
export const PipeAsked = factKind({
  id: 0x903,
  name: 'PipeAsked',
  durability: 'eventual',
  fields: {
    pipe: field.text,
    execution: field.uuid,
    askedArn: field.text,
    messageIds: field.list(field.uuid),
    endsAtMs: field.number,
  },
});

export const PipeRetryPlanned = factKind({
  id: 0x904,
  name: 'PipeRetryPlanned',
  durability: 'eventual',
  fields: {
    pipe: field.text,
    execution: field.uuid,
    askedArn: field.text,
    messageIds: field.list(field.uuid),
    code: field.text,
    detail: field.text,
    dueAtMs: field.number,
  },
});

export const PipeBatchEnriched = factKind({
  id: 0x905,
  name: 'PipeBatchEnriched',
  durability: 'eventual',
  fields: { pipe: field.text, askedArn: field.text, messageIds: field.list(field.uuid), eventCount: field.count },
});

/** The end of an execution: what did not fail is deleted from the source in the same entry. */
export const PipeBatchEnded = factKind({
  id: 0x906,
  name: 'PipeBatchEnded',
  durability: 'eventual',
  fields: {
    pipe: field.text,
    execution: field.uuid,
    targetArn: field.text,
    messageIds: field.list(field.uuid),
    failedMessageIds: field.list(field.uuid),
    /** Where it failed: the ARN of the enrichment or the target. */
    failedArn: field.optional(field.text),
    code: field.optional(field.text),
    detail: field.optional(field.text),
    handedOn: field.json<readonly HandedOn[]>(),
    /** What the target calls all of them, when it took them as one. */
    together: field.optional(field.text),
  },
});

/** A batch is waited for: the source is read at the latest at this instant. */
export const PipeWindowOpened = factKind({
  id: 0x907,
  name: 'PipeWindowOpened',
  durability: 'eventual',
  fields: { pipe: field.text, untilMs: field.number },
});

/** Nothing is taken from the source before `untilMs`: batches failed, or it cannot be read. */
export const PipePaused = factKind({
  id: 0x908,
  name: 'PipePaused',
  durability: 'eventual',
  fields: { pipe: field.text, untilMs: field.number, reason: field.text },
});

/** Where the pipe begins in shards that are new to it. */
export const PipeReadingBegan = factKind({
  id: 0x909,
  name: 'PipeReadingBegan',
  durability: 'eventual',
  fields: { pipe: field.text, createdAtMs: field.number, shards: field.json<readonly BegunShard[]>() },
});

/** What became of records of a shard. `lanes`: how far it is done, after it. */
export const PipeStreamAdvanced = factKind({
  id: 0x90a,
  name: 'PipeStreamAdvanced',
  durability: 'eventual',
  fields: {
    pipe: field.text,
    shard: field.text,
    execution: field.optional(field.uuid),
    /** `done`, `retry`, `bisect`, `given-up`, `expired` or `filtered`. */
    outcome: field.text,
    /** Sequence numbers. */
    first: field.text,
    last: field.text,
    count: field.count,
    lanes: field.list(field.number),
    code: field.optional(field.text),
    detail: field.optional(field.text),
    retryAtMs: field.optional(field.number),
    deadLetterArn: field.optional(field.text),
    /** Whose records they were; undefined: of all lanes. */
    lane: field.optional(field.count),
  },
});

/** The shard is closed, and all of it is done: its children may begin. */
export const PipeShardFinished = factKind({
  id: 0x90b,
  name: 'PipeShardFinished',
  durability: 'eventual',
  fields: { pipe: field.text, shard: field.text },
});

/** The stream does not have them any more. */
export const PipeShardsForgotten = factKind({
  id: 0x90c,
  name: 'PipeShardsForgotten',
  durability: 'eventual',
  fields: { pipe: field.text, shards: field.list(field.text) },
});

export const PipeStreamWaitPlanned = factKind({
  id: 0x90d,
  name: 'PipeStreamWaitPlanned',
  durability: 'eventual',
  fields: { pipe: field.text, untilMs: field.number },
});
