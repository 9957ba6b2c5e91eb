// Numbers of Kinesis Data Streams. Source: Kinesis developer guide, "Quotas and limits", and the API reference of each operation.

import type { BatchBlockPolicy } from '#structures/append-log/batch-log.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = KIBIBYTE * KIBIBYTE;
const HOUR_MS = 3_600_000;

export const RETENTION_HOURS = { default: 24, min: 24, max: 8_760 };
export const RECORD_KIB = { default: 1_024, min: 1_024, max: 10_240 };
/** A request's records with their keys. AWS: API reference, PutRecords. */
export const PUT_BYTES_MAX = 10 * MEBIBYTE;
export const PUT_RECORDS_MAX = 500;
export const PARTITION_KEY_LENGTH_MAX = 256;

export const GET_RECORDS_MAX = 10_000;
export const GET_BYTES_MAX = 10 * MEBIBYTE;
export const ITERATOR_MS = 300_000;
/** AWS: API reference, ListShards, NextToken: expires after 300 seconds. */
export const TOKEN_MS = 300_000;

export const ON_DEMAND_SHARDS = 4;
export const ON_DEMAND_SHARDS_MAX = 200;
/** Shards of one account and region (AWS's default in the large regions), and what one stream may have on this machine. */
export const SHARD_QUOTA = 20_000;
export const ON_DEMAND_STREAM_QUOTA = 50;
/** AWS: developer guide, "Delivery quotas and limits": one to a bucket, one to S3 Tables; an account has as many as its on-demand streams may. */
export const CHANNELS_PER_STREAM_MAX = 2;
export const SHARDS_PER_STREAM_MAX = 10_000;

export const TAGS_MAX = 50;

/** Of one shard, with `--limits aws`. AWS: developer guide, "Quotas and limits", data plane. */
export const SHARD_WRITE = { records: 1_000, bytes: MEBIBYTE };
export const SHARD_READ = { calls: 5, bytes: 2 * MEBIBYTE };
/** AWS: API reference, GetShardIterator. */
export const SHARD_ITERATORS = 5;

/** A quiet shard has one block an hour; expiry is by whole blocks. */
export const BLOCK_POLICY: BatchBlockPolicy = {
  bytesMax: 4 * MEBIBYTE,
  countMax: 65_536,
  batchesMax: 8_192,
  ageMs: 600_000,
  spanMs: HOUR_MS,
};
export const BLOCK_RETRY_MS = 30_000;
export const BLOCKS_TRIMMED_MAX = 100;

export const hoursMs = (hours: number): number => hours * HOUR_MS;
