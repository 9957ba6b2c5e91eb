// Numbers of Firehose. Sources: API reference (botocore, firehose 2015-08-04: bounds of members) and developer guide, "Amazon Data Firehose Quota".

import type { BlockPolicy } from '#structures/append-log/append-log.ts';

export const MIB = 1024 * 1024;

export const NAME_LENGTH_MAX = 64;
/** AWS: "Each account can have up to 5,000 Firehose streams per Region." */
export const STREAMS_MAX = 5_000;
export const TAGS_MAX = 50;
/** Before base64. */
export const RECORD_BYTES_MAX = 1_024_000;
export const BATCH_RECORDS_MAX = 500;
/** AWS: "a limit of 4 MiB for the entire request". */
export const BATCH_BYTES_MAX = 4 * MIB;
export const LIST_PAGE = 10;

/** AWS: "Each Firehose stream can have up to 500 active partitions." */
export const PARTITIONS_MAX = 500;
/** AWS: "Neither Prefix nor ErrorOutputPrefix can be greater than 512 characters after they're evaluated." */
export const EVALUATED_PREFIX_MAX = 512;
/** S3's 1,024 bytes of a key without the longest name: stream, version, time, UUID, FileExtension. */
export const EVALUATED_PREFIX_BYTES_MAX = 1_024 - (64 + 10 + 19 + 36 + 4) - 128;

/** AWS: Lambda's own for synchronous calls is 6 MB; the event holds data in base64, and other members. */
export const LAMBDA_EVENT_DATA_MAX = 4 * MIB;
/** API reference: NumberOfRetries, BufferSizeInMBs (0.2 to 3) and BufferIntervalInSeconds (0 to 900) of a Lambda processor. */
export const LAMBDA_RETRIES = 3;
export const LAMBDA_BUFFER_MIB = 1;
/** Developer guide, "Understand data transformation flow": 256 KB for Splunk. */
export const LAMBDA_BUFFER_SPLUNK_MIB = 0.25;
export const LAMBDA_BUFFER_SECONDS = 60;

/** Ours: the first attempt again after a second, then twice as long, but not longer than this. */
export const RETRY_FIRST_MS = 1_000;
export const RETRY_MOST_MS = 60_000;
/** Ours: between two tries of a bucket that an attempt needs first. */
export const HELD_UP_RETRY_MS = 10_000;
/** Between two questions to Splunk whether it has indexed what it took. */
export const SPLUNK_ASK_MS = 10_000;

/**
 * Ours: records that wait longer than half an hour, or in great number, leave the journal for blocks. Buffers that are delivered in their
 * interval (15 minutes at most) never do.
 */
export const BLOCK_POLICY: BlockPolicy = { bytesMax: 8 * MIB, countMax: 65_536, ageMs: 1_800_000, spanMs: 0 };
export const BLOCK_RETRY_MS = 30_000;

/** A stream is read ahead of the destination by this many buffers: what it keeps need not be kept twice. */
export const SOURCE_BUFFERS_AHEAD = 4;
export const SOURCE_READ_RECORDS = 1_000;
export const SOURCE_READ_BYTES = 4 * MIB;
export const SOURCE_RETRY_MS = 5_000;

/** Of a batch's records that a function dropped, so many are known one by one to explanations. */
export const DROPPED_TOLD_MAX = 500;
