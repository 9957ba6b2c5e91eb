// What a delivery stream asks of the runtime: the contract between this room and the performers of `src/runtime/lake/`. Inputs and results are
// plain JSON, apart from bytes where it says so. All of it may be repeated: after a crash the room asks again for what no fact says was done.
//
// RECORDS OF AN EFFECT. Every input that extends `Records` speaks of the records in `blocks`, in order, then of those in the effect's payloads,
// in order, then of those in `packs`. A block is a blob of an append log (`#runtime/blocks/block-store.ts`) whose log records are packs; a payload is a pack
// (`record-pack.ts`). An `index` is a record's number in that whole row, from 0. A missing block rejects: the room then looks anew.
//
// RESULTS ARE TOTAL. What a record or a destination can cause is in the result; a rejection means that this machine failed (disk, defect), is
// told to the operator and tried again for ever: nothing is lost by it, and nothing counts against a retry duration.

import type { StoredBody } from '#cell/objects-door.ts';
import type { Prefix } from './prefixes/prefix.ts';

/** CloudWatch Logs decompression, message extraction, splitting of aggregated records. Input {@link Preparation}, result {@link Prepared}. */
export const PREPARE_RECORDS = 'firehose-prepare';
/** Whether an expression of jq is one. Input {@link QueryToCheck}, result {@link CheckedQuery}. */
export const CHECK_QUERY = 'firehose-check-query';
/** Makes the objects of a buffer. Input {@link Shaping}, result {@link Shaped}. */
export const SHAPE_RECORDS = 'firehose-shape';
/** Makes an object of error records. Input {@link ErrorObject}, result {@link StoredBody}. */
export const WRITE_ERRORS = 'firehose-write-errors';
/** Makes an object of a text (manifests). Input {@link TextObject}, result {@link StoredBody}. */
export const WRITE_TEXT = 'firehose-write-text';
/** One request to an HTTP endpoint. Input {@link HttpDelivery}, result {@link DeliveryResult}. */
export const DELIVER_HTTP = 'firehose-http';
/** Sends a batch to a HEC endpoint. Input {@link SplunkDelivery}, result {@link SplunkSent}. */
export const DELIVER_SPLUNK = 'firehose-splunk';
/** Asks once whether batches were indexed. Input {@link SplunkQuestion}, result {@link SplunkAnswer}. */
export const ASK_SPLUNK = 'firehose-splunk-acknowledgements';
/** One _bulk request. Input {@link OpenSearchDelivery}, result {@link DeliveryResult}. */
export const DELIVER_OPENSEARCH = 'firehose-opensearch';
/** One COPY. Input {@link RedshiftCopy}, result {@link DeliveryResult} without `refused` and `left`. */
export const COPY_TO_REDSHIFT = 'firehose-redshift';

export interface Records {
  /** Names of blobs; see above. */
  readonly blocks: readonly string[];
  /** Packs that are in no journal: what processing made a moment ago. */
  readonly packs?: readonly Uint8Array[];
}

/** A record that cannot be processed, or that a destination refused for good. */
export interface FailedRecord {
  readonly index: number;
  /** As AWS writes it into error records: `MetadataExtractionFailed`, `400` … */
  readonly code: string;
  readonly message: string;
  /** Of this record alone, for its error record: `{ esDocumentId, esIndexName, esTypeName }`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

// ─── preparing ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** In this order: decompress, extract messages, split. */
export interface Preparation extends Records {
  /** Records are gzip (CloudWatch Logs); one that is none is given on as it is when `messageExtraction` is false. */
  readonly decompression: boolean;
  /** Every `logEvents[].message` becomes a record of its own; CONTROL_MESSAGEs are dropped. New lines are kept out. */
  readonly messageExtraction: boolean;
  /** `json`: concatenated JSON values; `delimited`: parts between these bytes (base64). */
  readonly splitting?: { readonly by: 'json' } | { readonly by: 'delimited'; readonly delimiterBase64: string };
}

export interface Prepared {
  /** Encoded packs of some mebibytes at most each; records keep arrival and source of what they were made from. */
  readonly packs: readonly PreparedPack[];
  readonly failed: readonly FailedRecord[];
}

export interface PreparedPack {
  readonly pack: Uint8Array;
  readonly count: number;
  /** Of data. */
  readonly bytes: number;
}

// ─── checking ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface QueryToCheck {
  readonly query: string;
}

export interface CheckedQuery {
  /** What jq says of it; undefined: it can be asked. */
  readonly problem?: string;
}

// ─── shaping ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Keys, then conversion or delimiter, then compression; one blob for each combination of keys. */
export interface Shaping extends Records {
  /** Inline parsing: jq 1.6, `{customer: .customer_id, year: .ts|strftime("%Y")}`. Every key's value must be a non-empty scalar. */
  readonly partitionQuery?: string;
  /** Of partitions: records for which it becomes too long fail. */
  readonly prefix?: { readonly parts: Prefix; readonly timeZone: string };
  /** Names that the prefix asks of the expression: partitions are made by these alone, and a record without one of them fails. */
  readonly queryKeys?: readonly string[];
  /** Names that the prefix asks of the function's metadata. A record without one of them fails. Undefined: no partitioning by them. */
  readonly lambdaKeys?: readonly string[];
  /** Put behind each record, as text. Not together with `conversion`. */
  readonly delimiter?: string;
  readonly conversion?: Conversion;
  /** Not together with `conversion`: Parquet compresses within. */
  readonly compression: 'UNCOMPRESSED' | 'GZIP' | 'ZIP' | 'Snappy' | 'HADOOP_SNAPPY';
  /** Name of the one file in a ZIP. */
  readonly fileName: string;
  /** At most this many objects; records of further partitions fail with `ActivePartitionLimitExceeded`. AWS: 500 active partitions. */
  readonly partitionsMax: number;
}

/** JSON → Parquet. AWS: API reference, DataFormatConversionConfiguration. */
export interface Conversion {
  /** Glue's: `{ Name: 'order_id', Type: 'bigint' }`, types of Hive (`struct<a:int>`, `array<string>`, `decimal(10,2)` …). */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly deserializer:
    | {
        readonly kind: 'openx';
        readonly caseInsensitive: boolean;
        readonly convertDotsInJsonKeysToUnderscores: boolean;
        readonly columnToJsonKeyMappings: Readonly<Record<string, string>>;
      }
    | { readonly kind: 'hive'; readonly timestampFormats: readonly string[] };
  readonly parquet: {
    readonly compression: 'UNCOMPRESSED' | 'GZIP' | 'SNAPPY';
    readonly blockSizeBytes: number;
    readonly pageSizeBytes: number;
    readonly enableDictionaryCompression: boolean;
    readonly writerVersion: 'V1' | 'V2';
  };
}

export interface Shaped {
  /** None when every record failed. Blobs `s3/<uuid>`; those that are not used after all are removed at start. */
  readonly objects: readonly ShapedObject[];
  /** Records that are in no object. */
  readonly failed: readonly (FailedRecord & { readonly step: 'partitioning' | 'conversion' })[];
}

export interface ShapedObject {
  readonly body: StoredBody;
  /** By name; empty without partitioning. */
  readonly queryKeys: Readonly<Record<string, string>>;
  readonly lambdaKeys: Readonly<Record<string, string>>;
  readonly count: number;
  /** The earliest: prefixes are evaluated for it. */
  readonly arrivedAtMs: number;
}

// ─── error records ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * An object of one JSON text a line, members in this order: attemptsMade (number), arrivalTimestamp (number, ms), the code and the message
 * under the names of `codeMember` and `messageMember`, attemptEndingTimestamp (number, ms), rawData (base64), then `members` as they are.
 * With `hasSequence` two more before those: sequenceNumber and subSequenceNumber (of a record without a source: null). The record's own `members` come last.
 */
export interface ErrorObject extends Records {
  /** Undefined: all records, with `code` and `message` of `everyRecord`. */
  readonly failed?: readonly FailedRecord[];
  readonly everyRecord?: { readonly code: string; readonly message: string };
  readonly attemptsMade: number;
  readonly codeMember: 'errorCode' | 'lastErrorCode';
  readonly messageMember: 'errorMessage' | 'lastErrorMessage';
  readonly attemptEndedAtMs: number;
  readonly hasSequence: boolean;
  readonly members: Readonly<Record<string, unknown>>;
}

export interface TextObject {
  readonly text: string;
}

// ─── delivering ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type DeliveryResult =
  /** The destination has all records but those named. */
  | {
      readonly outcome: 'delivered';
      /** Refused for good, each for itself (a document that does not fit its index): they go to the error bucket. */
      readonly refused: readonly FailedRecord[];
      /** To be sent again, as packs with why: the destination was too busy for them. */
      readonly left?: LeftRecords;
      /** With `refused`: packs of these and of what is left. They are kept when the error bucket does not take the refused ones. */
      readonly untaken?: readonly PreparedPack[];
    }
  | FailedDelivery;

export interface LeftRecords extends FailureReason {
  readonly packs: readonly PreparedPack[];
}

export interface FailureReason {
  /** As AWS names it in error records and logs: `HttpEndpoint.InvalidResponseFromDestination`, `Splunk.InvalidToken` … */
  readonly code: string;
  readonly message: string;
}

/** The destination has nothing of the batch, as far as can be known. */
export interface FailedDelivery extends FailureReason {
  readonly outcome: 'failed';
  /** False: trying again cannot help (413 of an HTTP endpoint): the batch goes to the error bucket at once. */
  readonly isRetryable: boolean;
}

/** AWS: Firehose developer guide, "Understand HTTP endpoint delivery request and response specifications". */
export interface HttpDelivery extends Records {
  readonly url: string;
  /** UUID; the same for all attempts of a batch, and the answer must repeat it. */
  readonly requestId: string;
  /** `timestamp` of the request. */
  readonly atMs: number;
  readonly accessKey?: string;
  readonly commonAttributes: Readonly<Record<string, string>>;
  readonly contentEncoding: 'NONE' | 'GZIP';
  readonly deliveryStreamArn: string;
}

/** AWS: API reference, SplunkDestinationConfiguration. */
export interface SplunkDelivery extends Records {
  /** `https://host:8088`: the performer adds the path of the collector. */
  readonly hecEndpoint: string;
  readonly hecEndpointType: 'Raw' | 'Event';
  readonly hecToken: string;
  /** UUID: `X-Splunk-Request-Channel`. */
  readonly channel: string;
}

/** Sent means received, not indexed. */
export type SplunkSent = { readonly outcome: 'sent'; readonly ackId: number } | FailedDelivery;

export interface SplunkQuestion {
  readonly hecEndpoint: string;
  readonly hecToken: string;
  readonly channel: string;
  readonly ackIds: readonly number[];
}

export type SplunkAnswer = { readonly outcome: 'answered'; readonly indexed: readonly number[] } | FailedDelivery;

export interface OpenSearchDelivery extends Records {
  /** `https://host:port` */
  readonly endpoint: string;
  readonly indexName: string;
  /** Which suffix each record's arrival gives to the index: `indexNameAt` of `index-rotation.ts`. */
  readonly rotation: IndexRotation;
  /** Of Elasticsearch before 7; undefined: none is sent. */
  readonly typeName?: string;
  /** `firehose`: every document has an id that stays the same when it is sent again (the batch's `requestId` and the record's index). */
  readonly documentIds: 'firehose' | 'destination';
  readonly requestId: string;
  readonly region: string;
  /** Signs for `es`; undefined: requests are not signed. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

export type IndexRotation = 'NoRotation' | 'OneHour' | 'OneDay' | 'OneWeek' | 'OneMonth';

/** Loads objects that are in the bucket already. */
export interface RedshiftCopy {
  /** `jdbc:redshift://host:port/database?…` */
  readonly jdbcUrl: string;
  readonly username: string;
  readonly password: string;
  readonly table: string;
  /** Comma-separated; undefined: the table's own. */
  readonly columns?: string;
  readonly copyOptions?: string;
  readonly roleArn: string;
  /** `s3://bucket/key` of the manifest that names the objects. */
  readonly manifestUrl: string;
  /** The objects themselves, for databases that read from the client (`COPY … FROM STDIN`) and not from S3. */
  readonly objects: readonly { readonly url: string; readonly blob: string }[];
}
