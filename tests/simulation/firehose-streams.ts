// The delivery streams of the simulation: one of each kind of destination, with and without a function, a backup, partitions and a source.

import type { CreateDeliveryStreamInput, UpdateDestinationInput } from '#wire/generated/firehose.ts';
import type { BookOptions } from './firehose-book.ts';
import { STREAM_ARN } from './stream-writers.ts';

const MIB = 1024 * 1024;
const ROLE = 'arn:aws:iam::000000000000:role/firehose';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:transform';
const BUFFER = { SizeInMBs: 1, IntervalInSeconds: 60 };
const RETRY = { DurationInSeconds: 120 };
/** Longest that a record waits for its function, retries included. */
export const FUNCTION_MS = 60_000;

export interface StreamKind extends Omit<BookOptions, 'name'> {
  readonly hasSource: boolean;
  /** What `UpdateDestination` calls it. */
  readonly update: keyof UpdateDestinationInput & `${string}Update`;
  readonly hasRetries: boolean;
  readonly destination: (name: string) => Partial<CreateDeliveryStreamInput>;
}

const bucket = (name: string) => ({
  RoleARN: ROLE,
  BucketARN: `arn:aws:s3:::lake-${name}`,
  Prefix: 'data/',
  ErrorOutputPrefix: 'error/!{firehose:error-output-type}/',
});
const backup = (name: string) => ({
  RoleARN: ROLE,
  BucketARN: `arn:aws:s3:::backup-${name}`,
  BufferingHints: BUFFER,
  CompressionFormat: 'GZIP' as const,
});
const LAMBDA = {
  Type: 'Lambda' as const,
  Parameters: [
    { ParameterName: 'LambdaArn' as const, ParameterValue: FUNCTION },
    { ParameterName: 'NumberOfRetries' as const, ParameterValue: '1' },
    { ParameterName: 'BufferIntervalInSeconds' as const, ParameterValue: '30' },
    { ParameterName: 'BufferSizeInMBs' as const, ParameterValue: '1' },
  ],
};
const DELIMITER = { Type: 'AppendDelimiterToRecord' as const };
const withProcessors = (...Processors: (typeof LAMBDA | typeof DELIMITER)[]) => ({
  ProcessingConfiguration: { Enabled: true, Processors },
});

const direct = { hasFunction: false, hasBackup: false, orderedBy: 'all', sizeBytes: MIB, hasSource: false } as const;
const toS3 = { update: 'ExtendedS3DestinationUpdate', hasRetries: false } as const;

export const STREAM_KINDS: Readonly<Record<string, StreamKind>> = {
  plain: {
    ...direct,
    ...toS3,
    destination: (name) => ({
      ExtendedS3DestinationConfiguration: {
        ...bucket(name),
        BufferingHints: BUFFER,
        CompressionFormat: 'GZIP',
        ...withProcessors(DELIMITER),
      },
    }),
  },
  worked: {
    ...direct,
    ...toS3,
    hasFunction: true,
    hasBackup: true,
    destination: (name) => ({
      ExtendedS3DestinationConfiguration: {
        ...bucket(name),
        BufferingHints: BUFFER,
        ...withProcessors(LAMBDA, DELIMITER),
        S3BackupMode: 'Enabled',
        S3BackupConfiguration: backup(name),
      },
    }),
  },
  parted: {
    ...direct,
    ...toS3,
    hasFunction: true,
    orderedBy: 'partition',
    sizeBytes: 64 * MIB,
    destination: (name) => ({
      ExtendedS3DestinationConfiguration: {
        ...bucket(name),
        Prefix: 'data/k=!{partitionKeyFromLambda:k}/',
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
        DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: RETRY },
        ...withProcessors(LAMBDA, DELIMITER),
      },
    }),
  },
  posted: {
    ...direct,
    hasBackup: true,
    hasRetries: true,
    update: 'HttpEndpointDestinationUpdate',
    destination: (name) => ({
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: `https://${name}.example` },
        BufferingHints: BUFFER,
        RetryOptions: RETRY,
        S3BackupMode: 'AllData',
        S3Configuration: { ...bucket(name), Prefix: 'backup/', BufferingHints: BUFFER },
      },
    }),
  },
  indexed: {
    ...direct,
    orderedBy: 'nothing',
    hasRetries: true,
    update: 'AmazonopensearchserviceDestinationUpdate',
    destination: (name) => ({
      AmazonopensearchserviceDestinationConfiguration: {
        RoleARN: ROLE,
        ClusterEndpoint: `https://${name}.example`,
        IndexName: 'orders',
        BufferingHints: BUFFER,
        RetryOptions: RETRY,
        S3Configuration: bucket(name),
      },
    }),
  },
  collected: {
    ...direct,
    hasRetries: true,
    update: 'SplunkDestinationUpdate',
    destination: (name) => ({
      SplunkDestinationConfiguration: {
        HECEndpoint: `https://${name}.example`,
        HECEndpointType: 'Raw',
        HECToken: 'token',
        BufferingHints: BUFFER,
        RetryOptions: RETRY,
        S3Configuration: bucket(name),
      },
    }),
  },
  copied: {
    ...direct,
    hasRetries: true,
    update: 'RedshiftDestinationUpdate',
    destination: (name) => ({
      RedshiftDestinationConfiguration: {
        RoleARN: ROLE,
        ClusterJDBCURL: 'jdbc:redshift://copied.example:5439/lake',
        CopyCommand: { DataTableName: 'orders' },
        Username: 'u',
        Password: 'secret-1',
        RetryOptions: RETRY,
        S3Configuration: {
          RoleARN: ROLE,
          BucketARN: `arn:aws:s3:::lake-${name}`,
          Prefix: 'data/',
          BufferingHints: BUFFER,
        },
      },
    }),
  },
  streamed: {
    ...direct,
    ...toS3,
    orderedBy: 'key',
    hasSource: true,
    destination: (name) => ({
      ExtendedS3DestinationConfiguration: { ...bucket(name), BufferingHints: BUFFER, ...withProcessors(DELIMITER) },
    }),
  },
  piped: {
    ...direct,
    orderedBy: 'key',
    hasSource: true,
    hasFunction: true,
    hasRetries: true,
    update: 'HttpEndpointDestinationUpdate',
    destination: (name) => ({
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: `https://${name}.example` },
        BufferingHints: BUFFER,
        RetryOptions: RETRY,
        S3Configuration: bucket(name),
        ...withProcessors(LAMBDA),
      },
    }),
  },
  /** Deleted and created again, again and again. */
  brief: {
    ...direct,
    ...toS3,
    destination: (name) => ({
      ExtendedS3DestinationConfiguration: { ...bucket(name), BufferingHints: BUFFER, ...withProcessors(DELIMITER) },
    }),
  },
};

export function creationOf(name: string): CreateDeliveryStreamInput {
  const kind = STREAM_KINDS[name] as StreamKind;
  const source = { KinesisStreamARN: STREAM_ARN, RoleARN: ROLE };
  return {
    DeliveryStreamName: name,
    ...kind.destination(name),
    ...(kind.hasSource
      ? { DeliveryStreamType: 'KinesisStreamAsSource', KinesisStreamSourceConfiguration: source }
      : {}),
  };
}
