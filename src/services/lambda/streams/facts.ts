// What happens between a stream and a function. All are eventual: a checkpoint that a crash takes back gives the records again, which is what "at least once" says.

import { factKind, field } from '#cell/fact.ts';
import type { Window } from '#structures/shard-reading/records.ts';
import type { BegunShard } from '#structures/shard-reading/stream-places.ts';

/** Where the mapping begins in shards that are new to it. */
export const StreamReadingBegan = factKind({
  id: 0x309,
  name: 'StreamReadingBegan',
  durability: 'eventual',
  fields: { mapping: field.text, createdAtMs: field.number, shards: field.json<readonly BegunShard[]>() },
});

/** A batch and what became of it. `lanes`: how far the shard is done, after it; `lane`: the one whose records it had. */
const BATCH = {
  mapping: field.text,
  shard: field.text,
  functionArn: field.text,
  requestId: field.text,
  /** Sequence numbers of the first and last record; empty in a window's last invocation. */
  first: field.text,
  last: field.text,
  count: field.count,
  lanes: field.list(field.number),
};

export const StreamBatchInvoked = factKind({
  id: 0x30a,
  name: 'StreamBatchInvoked',
  durability: 'eventual',
  fields: {
    ...BATCH,
    window: field.optional(field.json<Window | null>()),
    lane: field.optional(field.count),
  },
});

export const StreamBatchFailed = factKind({
  id: 0x30b,
  name: 'StreamBatchFailed',
  durability: 'eventual',
  fields: {
    ...BATCH,
    errorType: field.text,
    /** `retry`, `bisect` or `give-up`. */
    verdict: field.text,
    /** Records at its head that are done. */
    doneCount: field.count,
    retryAtMs: field.optional(field.number),
    window: field.optional(field.json<Window | null>()),
    lane: field.optional(field.count),
  },
});

export const StreamBatchDiscarded = factKind({
  id: 0x30c,
  name: 'StreamBatchDiscarded',
  durability: 'eventual',
  fields: {
    ...BATCH,
    condition: field.text,
    destinationArn: field.optional(field.text),
    /** Why the destination could not be told. */
    problem: field.optional(field.text),
    lane: field.optional(field.count),
  },
});

/** No filter wants any record of what was read last. */
export const StreamRecordsFilteredOut = factKind({
  id: 0x30d,
  name: 'StreamRecordsFilteredOut',
  durability: 'eventual',
  fields: {
    mapping: field.text,
    shard: field.text,
    count: field.count,
    lanes: field.list(field.number),
    /** Sequence numbers. */
    first: field.optional(field.text),
    last: field.optional(field.text),
  },
});

/** The shard is closed, and all of it is done: its children may begin. */
export const StreamShardFinished = factKind({
  id: 0x30e,
  name: 'StreamShardFinished',
  durability: 'eventual',
  fields: { mapping: field.text, shard: field.text },
});

/** The stream does not have them any more. */
export const StreamShardsForgotten = factKind({
  id: 0x30f,
  name: 'StreamShardsForgotten',
  durability: 'eventual',
  fields: { mapping: field.text, shards: field.list(field.text) },
});

/** Something is due then: a batch that failed, one that is gathered, the end of a window. */
export const StreamWaitPlanned = factKind({
  id: 0x310,
  name: 'StreamWaitPlanned',
  durability: 'eventual',
  fields: { mapping: field.text, untilMs: field.number },
});

/** The stream could not be read. */
export const StreamNotRead = factKind({
  id: 0x311,
  name: 'StreamNotRead',
  durability: 'eventual',
  fields: { mapping: field.text, problem: field.text, untilMs: field.optional(field.number) },
});
