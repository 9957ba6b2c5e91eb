// What can happen to the records of a stream. Streams and shards themselves are documents.

import { factKind, field } from '#cell/fact.ts';

/** Records came into a shard: all that one request brought for it, in one payload (record-batch.ts). */
export const RecordsPut = factKind({
  id: 0xb00,
  name: 'RecordsPut',
  fields: {
    stream: field.u32,
    shard: field.count,
    payload: field.count,
    count: field.count,
    atMs: field.number,
    /** Of the first one. */
    place: field.optional(field.count),
  },
});

/** The oldest fresh batches of a shard are a block now. */
export const ShardBlockSealed = factKind({
  id: 0xb01,
  name: 'ShardBlockSealed',
  fields: { stream: field.u32, shard: field.count, count: field.count, hasJoined: field.flag },
});

/** A block could not be written; it is tried again. */
export const ShardBlockPostponed = factKind({
  id: 0xb02,
  name: 'ShardBlockPostponed',
  fields: { stream: field.u32, shard: field.count, reason: field.text, retryAtMs: field.number },
});

/** The oldest blocks of a shard have expired; what is kept begins at `firstPlace`. */
export const ShardTrimmed = factKind({
  id: 0xb03,
  name: 'ShardTrimmed',
  fields: {
    stream: field.u32,
    shard: field.count,
    blocks: field.count,
    records: field.count,
    firstPlace: field.optional(field.count),
  },
});

/** A hand-over became the record at this place: leads from what was handed over to the record. */
export const RecordHandedOver = factKind({
  id: 0xb04,
  name: 'RecordHandedOver',
  fields: { stream: field.u32, shard: field.count, place: field.count, payload: field.count },
});
