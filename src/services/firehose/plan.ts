// What a delivery stream does, read once from its document: how its records are processed, where they go and where the failed ones go.

import type {
  BufferingHints,
  CloudWatchLoggingOptions,
  ExtendedS3DestinationDescription,
  ProcessingConfiguration,
  RetryOptions,
  S3DestinationDescription,
} from '#wire/generated/firehose.ts';
import type { DestinationDoc, StreamDoc } from './documents.ts';
import {
  LAMBDA_BUFFER_MIB,
  LAMBDA_BUFFER_SECONDS,
  LAMBDA_BUFFER_SPLUNK_MIB,
  LAMBDA_RETRIES,
  MIB,
  PARTITIONS_MAX,
} from './limits.ts';
import type { Preparation, Shaping } from './performing.ts';
import { extensionOf } from './prefixes/object-key.ts';
import { errorPrefixOf, keyNames, type Prefix, prefixOf } from './prefixes/prefix.ts';
import { readProcessors } from './settings/processors.ts';
import type { LaneName } from './state.ts';

export interface Buffer {
  readonly sizeBytes: number;
  readonly intervalMs: number;
}

/** Objects of records in a bucket. */
export interface S3Plan {
  readonly bucket: string;
  readonly bucketArn: string;
  readonly roleArn: string;
  readonly prefix: Prefix;
  readonly errorPrefix: Prefix;
  readonly timeZone: string;
  readonly buffer: Buffer;
  readonly extension: string;
  /** Of the objects' metadata. */
  readonly contentEncoding: string | undefined;
  readonly shaping: Omit<Shaping, 'blocks' | 'fileName' | 'conversion'>;
  /** The table whose columns Parquet gets; undefined without conversion. */
  readonly conversion: NonNullable<ExtendedS3DestinationDescription['DataFormatConversionConfiguration']> | undefined;
  readonly isPartitioned: boolean;
  readonly logging: Logging | undefined;
}

/** Where errors are written. */
export interface Logging {
  readonly group: string;
  readonly stream: string;
}

export interface ProcessPlan {
  readonly preparation: Omit<Preparation, 'blocks'>;
  readonly lambda: LambdaPlan | undefined;
  readonly buffer: Buffer;
}

export interface LambdaPlan {
  readonly functionArn: string;
  readonly roleArn: string;
  readonly retries: number;
  readonly bufferBytes: number;
}

export interface StreamPlan {
  readonly process: ProcessPlan | undefined;
  /** Of the destination itself when that is S3; else where failed records go. */
  readonly s3: S3Plan;
  readonly backup: S3Plan | undefined;
  /** How long a destination is tried after its first failure; S3 only when records are partitioned, otherwise it is tried for ever. */
  readonly retryMs: number;
  readonly logging: Logging | undefined;
  bufferOf(lane: LaneName): Buffer;
}

export function planOf(doc: StreamDoc): StreamPlan {
  const { destination } = doc;
  const common = commonOf(destination);
  const s3 = s3PlanOf(s3Of(destination), common.processing);
  const backup = backupOf(destination);
  const lambdaMiB = destination.kind === 'splunk' ? LAMBDA_BUFFER_SPLUNK_MIB : LAMBDA_BUFFER_MIB;
  const process = processOf(common.processing, { roleArn: s3.roleArn, lambdaMiB });
  const buffer = destination.kind === 's3' || destination.kind === 'redshift' ? s3.buffer : bufferOf(common.hints);
  return {
    process,
    s3,
    backup,
    retryMs: common.retrySeconds * 1_000,
    logging: loggingOf(common.logging),
    bufferOf: (lane) =>
      lane === 'process' ? (process?.buffer ?? buffer) : lane === 'backup' ? (backup?.buffer ?? buffer) : buffer,
  };
}

function commonOf({ description }: DestinationDoc): {
  readonly processing: ProcessingConfiguration | undefined;
  readonly hints: BufferingHints | undefined;
  readonly logging: CloudWatchLoggingOptions | undefined;
  readonly retrySeconds: number;
} {
  const { ProcessingConfiguration: processing, CloudWatchLoggingOptions: logging } = description;
  return {
    processing,
    logging,
    hints: 'BufferingHints' in description ? description.BufferingHints : undefined,
    retrySeconds: retryOptionsOf(description)?.DurationInSeconds ?? 300,
  };
}

/** S3 has some for partitions only. */
function retryOptionsOf(description: DestinationDoc['description']): RetryOptions | undefined {
  if ('RetryOptions' in description) return description.RetryOptions;
  return 'DynamicPartitioningConfiguration' in description
    ? description.DynamicPartitioningConfiguration?.RetryOptions
    : undefined;
}

/** Where the objects of a destination are: its own, its intermediate ones, or those of failed records. */
function s3Of(destination: DestinationDoc): ExtendedS3DestinationDescription {
  return destination.kind === 's3' ? destination.description : (destination.description.S3DestinationDescription ?? {});
}

/** Modes that back up all source records: `AllData`, `AllEvents`, `AllDocuments`, `Enabled`. */
function backupOf({ kind, description }: DestinationDoc): S3Plan | undefined {
  const mode = description.S3BackupMode ?? '';
  if (kind === 's3' || kind === 'redshift') {
    const given = description.S3BackupDescription;
    return mode === 'Enabled' && given !== undefined ? s3PlanOf(given, undefined) : undefined;
  }
  const given = description.S3DestinationDescription;
  return mode.startsWith('All') && given !== undefined ? s3PlanOf(given, undefined) : undefined;
}

function s3PlanOf(
  given: S3DestinationDescription & ExtendedS3DestinationDescription,
  processing: ProcessingConfiguration | undefined,
): S3Plan {
  const { BucketARN = '', RoleARN = '', Prefix: prefixText = '', CompressionFormat = 'UNCOMPRESSED' } = given;
  const conversion =
    given.DataFormatConversionConfiguration?.Enabled === true ? given.DataFormatConversionConfiguration : undefined;
  const isPartitioned = given.DynamicPartitioningConfiguration?.Enabled === true;
  const prefix = prefixOf(prefixText);
  const { partitionQuery, delimiter } = readProcessors(processing);
  const timeZone = given.CustomTimeZone === undefined || given.CustomTimeZone === '' ? 'UTC' : given.CustomTimeZone;
  const queryKeys = keyNames(prefix, 'query-key');
  const lambdaKeys = keyNames(prefix, 'lambda-key');
  return {
    bucket: BucketARN.slice(BucketARN.lastIndexOf(':') + 1),
    bucketArn: BucketARN,
    roleArn: RoleARN,
    prefix,
    errorPrefix: errorPrefixOf(given.ErrorOutputPrefix, prefixText),
    timeZone,
    buffer: bufferOf(given.BufferingHints),
    extension: extensionOf({
      compression: CompressionFormat,
      isParquet: conversion !== undefined,
      fileExtension: given.FileExtension,
    }),
    contentEncoding: conversion === undefined ? CONTENT_ENCODINGS[CompressionFormat] : undefined,
    shaping: {
      ...(isPartitioned ? { prefix: { parts: prefix, timeZone } } : {}),
      ...(isPartitioned && partitionQuery !== undefined ? { partitionQuery, queryKeys } : {}),
      ...(isPartitioned && lambdaKeys.length > 0 ? { lambdaKeys } : {}),
      ...(delimiter === undefined || conversion !== undefined ? {} : { delimiter }),
      compression: CompressionFormat as Shaping['compression'],
      partitionsMax: PARTITIONS_MAX,
    },
    conversion,
    isPartitioned,
    logging: loggingOf(given.CloudWatchLoggingOptions),
  };
}

/** Seen in objects that AWS delivered (public projects describe them). Parquet was seen with `hadoop-snappy`, which it is not: it gets none. */
const CONTENT_ENCODINGS: Readonly<Record<string, string>> = {
  GZIP: 'gzip',
  ZIP: 'zip',
  Snappy: 'snappy-java',
  HADOOP_SNAPPY: 'hadoop-snappy',
};

function bufferOf(hints: BufferingHints | undefined): Buffer {
  return {
    sizeBytes: (hints?.SizeInMBs ?? 5) * MIB,
    intervalMs: (hints?.IntervalInSeconds ?? 300) * 1_000,
  };
}

function processOf(
  processing: ProcessingConfiguration | undefined,
  { roleArn, lambdaMiB }: { readonly roleArn: string; readonly lambdaMiB: number },
): ProcessPlan | undefined {
  const { preparation, lambda } = readProcessors(processing);
  if (preparation === undefined && lambda === undefined) return undefined;
  const bufferBytes = (lambda?.bufferMiB ?? lambdaMiB) * MIB;
  return {
    preparation: preparation ?? { decompression: false, messageExtraction: false },
    lambda:
      lambda === undefined
        ? undefined
        : {
            functionArn: lambda.functionArn,
            roleArn: lambda.roleArn ?? roleArn,
            retries: lambda.retries ?? LAMBDA_RETRIES,
            bufferBytes,
          },
    // Without a function nothing is gained by waiting: what is prepared waits for the destination.
    buffer: {
      sizeBytes: bufferBytes,
      intervalMs: lambda === undefined ? 0 : (lambda.bufferSeconds ?? LAMBDA_BUFFER_SECONDS) * 1_000,
    },
  };
}

function loggingOf(options: CloudWatchLoggingOptions | undefined): Logging | undefined {
  if (options?.Enabled !== true) return undefined;
  const { LogGroupName: group = '', LogStreamName: stream = '' } = options;
  return group === '' || stream === '' ? undefined : { group, stream };
}
