// What happens to delivery streams. Ids 0xc00 to 0xcff. `lane` is a number of LANES in state.ts.

import { factKind, field } from '#cell/fact.ts';

export interface KeptBack {
  /** Undefined when it was not counted: records that could not be shaped. */
  readonly given?: number;
  readonly dropped: number;
  /** Fingerprints of the first of these (fingerprint.ts). */
  readonly droppedData?: readonly string[];
  readonly failed: readonly { readonly code: string; readonly message: string; readonly count: number }[];
}

/** An object that is in the bucket. */
export interface PutObject {
  /** Bucket, content and partition: what is made again and has the same is the same object. */
  readonly id: string;
  /** `s3://bucket/key` */
  readonly url: string;
}

/** One call's records, as one pack. They wait in `lane`, and for the backup of source records with `hasBackup`. */
export const RecordsPut = factKind({
  id: 0xc00,
  name: 'RecordsPut',
  fields: {
    stream: field.count,
    payload: field.count,
    records: field.count,
    bytes: field.count,
    atMs: field.number,
    lane: field.count,
    hasBackup: field.flag,
    /** What the ids of the records begin with. */
    put: field.uuid,
    /** The pack's numbers in its lane and in that of the backup. */
    sequence: field.optional(field.count),
    backupSequence: field.optional(field.count),
  },
});

/** The stream's source was read to `next`; what it had is one pack, or nothing. */
export const SourceRecordsRead = factKind({
  id: 0xc01,
  name: 'SourceRecordsRead',
  fields: {
    stream: field.count,
    shard: field.text,
    next: field.count,
    isEnd: field.flag,
    payload: field.optional(field.count),
    records: field.count,
    bytes: field.count,
    atMs: field.number,
    lane: field.count,
    hasBackup: field.flag,
    sequence: field.optional(field.count),
    backupSequence: field.optional(field.count),
  },
});

/** What processing made of a batch waits for the destination. */
export const RecordsTransformed = factKind({
  id: 0xc02,
  name: 'RecordsTransformed',
  fields: {
    stream: field.count,
    payload: field.count,
    records: field.count,
    bytes: field.count,
    atMs: field.number,
    sequence: field.optional(field.count),
  },
});

/** All that waited before `endSequence` is where it belongs: its bytes are no longer kept. */
export const BatchEnded = factKind({
  id: 0xc03,
  name: 'BatchEnded',
  fields: {
    stream: field.count,
    lane: field.count,
    endSequence: field.count,
    /** `delivered`, `transformed`, `given up` (it is in the error bucket), `not backed up any more`. */
    outcome: field.text,
    /** `s3://bucket/key` of what was written, failed records included. */
    objects: field.list(field.text),
    atMs: field.number,
    /** Records that the function dropped, and those that failed: they are in no object but those of errors. */
    keptBack: field.optional(field.json<KeptBack>()),
  },
});

/** The batch up to `endSequence` is tried again. */
export const BatchFailed = factKind({
  id: 0xc04,
  name: 'BatchFailed',
  fields: {
    stream: field.count,
    lane: field.count,
    endSequence: field.count,
    requestId: field.uuid,
    attempts: field.count,
    firstFailedAtMs: field.number,
    retryAtMs: field.number,
    code: field.text,
    message: field.text,
    /** No more attempts at the destination: it goes to the error bucket as soon as that takes it. */
    isGivenUp: field.flag,
    /** Objects of the batch that the bucket took before it refused one: those are not put again. */
    put: field.optional(field.json<readonly PutObject[]>()),
  },
});

/** A destination took a part of the batch: the rest is tried again, as packs of its own. */
export const BatchNarrowed = factKind({
  id: 0xc05,
  name: 'BatchNarrowed',
  fields: {
    stream: field.count,
    lane: field.count,
    endSequence: field.count,
    packs: field.list(field.count),
    /** Of data, together. */
    bytes: field.count,
    objects: field.list(field.text),
  },
});

/** Splunk has the batch and says whether it has indexed it when it is asked. */
export const SplunkBatchSent = factKind({
  id: 0xc06,
  name: 'SplunkBatchSent',
  fields: {
    stream: field.count,
    lane: field.count,
    endSequence: field.count,
    requestId: field.uuid,
    ackId: field.count,
    sentAtMs: field.number,
    askAtMs: field.number,
  },
});

/** Asked, and not yet indexed. */
export const SplunkAsked = factKind({
  id: 0xc07,
  name: 'SplunkAsked',
  durability: 'eventual',
  fields: { stream: field.count, lane: field.count, askAtMs: field.number },
});

/** The batch's objects are in the intermediate bucket: records are no longer kept, the COPY is to come. */
export const CopyPlanned = factKind({
  id: 0xc08,
  name: 'CopyPlanned',
  fields: {
    stream: field.count,
    lane: field.count,
    endSequence: field.count,
    manifestUrl: field.text,
    objects: field.json<readonly { readonly url: string; readonly blob: string; readonly bytes: number }[]>(),
    errorObjects: field.list(field.text),
    atMs: field.number,
  },
});

/** The oldest `count` packs of a lane are in a block now, and no longer in the journal. */
export const BufferBlockSealed = factKind({
  id: 0xc09,
  name: 'BufferBlockSealed',
  fields: { stream: field.count, lane: field.count, count: field.count, storedBytes: field.count },
});

export const BufferBlockPostponed = factKind({
  id: 0xc0a,
  name: 'BufferBlockPostponed',
  durability: 'eventual',
  fields: { stream: field.count, lane: field.count, reason: field.text, retryAtMs: field.number },
});

/** The source cannot be read now, or more of it would be too much. */
export const SourcePaused = factKind({
  id: 0xc0b,
  name: 'SourcePaused',
  durability: 'eventual',
  fields: { stream: field.count, code: field.text, message: field.text, untilMs: field.number },
});

/** A hand-over became the record of this put: leads from what was handed over to the record. */
export const RecordHandedOver = factKind({
  id: 0xc0c,
  name: 'RecordHandedOver',
  fields: { stream: field.count, put: field.uuid, payload: field.count },
});
