// From what a client configures to what AWS then describes: defaults filled in, secrets taken out. An update is the description before with what
// the update names, read as a configuration again. Defaults: API reference, members of the destinations' configurations and descriptions.

import type {
  AmazonopensearchserviceDestinationConfiguration,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationDescription,
  HttpEndpointDestinationConfiguration,
  RedshiftDestinationConfiguration,
  S3DestinationConfiguration,
  S3DestinationDescription,
  SplunkDestinationConfiguration,
} from '#wire/generated/firehose.ts';
import type { DestinationDoc, DestinationKind, Secrets } from '../documents.ts';

export interface Described {
  readonly destination: DestinationDoc;
  readonly secrets: Secrets;
}

type Configuration = Readonly<Record<string, unknown>>;

/** Of a configuration whose shape was checked. */
export function describeDestination(kind: DestinationKind, configuration: Configuration): Described {
  switch (kind) {
    case 's3':
      return { destination: { kind, description: extendedS3(configuration) }, secrets: {} };
    case 'http':
      return http(configuration);
    case 'splunk':
      return splunk(configuration);
    case 'redshift':
      return redshift(configuration);
    default:
      return { destination: { kind, description: openSearch(configuration) }, secrets: {} };
  }
}

const DEFAULT_LOGGING = { Enabled: false };

function s3(given: S3DestinationConfiguration): S3DestinationDescription {
  return defined({
    RoleARN: given.RoleARN,
    BucketARN: given.BucketARN,
    Prefix: given.Prefix ?? '',
    ErrorOutputPrefix: given.ErrorOutputPrefix,
    BufferingHints: hints(given.BufferingHints, 300),
    CompressionFormat: given.CompressionFormat ?? 'UNCOMPRESSED',
    EncryptionConfiguration: given.EncryptionConfiguration ?? { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: given.CloudWatchLoggingOptions ?? DEFAULT_LOGGING,
  });
}

function hints(given: S3DestinationConfiguration['BufferingHints'], seconds: number, mebibytes = 5) {
  return { SizeInMBs: given?.SizeInMBs ?? mebibytes, IntervalInSeconds: given?.IntervalInSeconds ?? seconds };
}

function extendedS3(given: ExtendedS3DestinationConfiguration): ExtendedS3DestinationDescription {
  const conversion = given.DataFormatConversionConfiguration;
  const isConverted = conversion !== undefined && conversion.Enabled !== false;
  return defined({
    ...s3(given),
    // AWS: "When dynamic partitioning or format conversion is enabled": 128 MiB, and 64 at least.
    BufferingHints: hints(given.BufferingHints, 300, isConverted ? 128 : 5),
    ProcessingConfiguration: given.ProcessingConfiguration,
    S3BackupMode: given.S3BackupMode ?? 'Disabled',
    S3BackupDescription: given.S3BackupConfiguration === undefined ? undefined : s3(given.S3BackupConfiguration),
    DataFormatConversionConfiguration: conversion === undefined ? undefined : { ...conversion, Enabled: isConverted },
    DynamicPartitioningConfiguration: given.DynamicPartitioningConfiguration,
    FileExtension: given.FileExtension,
    CustomTimeZone: given.CustomTimeZone,
  });
}

function http(given: HttpEndpointDestinationConfiguration): Described {
  const { AccessKey: accessKey, ...endpoint } = given.EndpointConfiguration ?? {};
  const description = defined({
    EndpointConfiguration: defined(endpoint),
    BufferingHints: hints(given.BufferingHints, 300),
    CloudWatchLoggingOptions: given.CloudWatchLoggingOptions ?? DEFAULT_LOGGING,
    RequestConfiguration: { ContentEncoding: 'NONE', CommonAttributes: [], ...given.RequestConfiguration },
    ProcessingConfiguration: given.ProcessingConfiguration,
    RoleARN: given.RoleARN,
    RetryOptions: given.RetryOptions ?? { DurationInSeconds: 300 },
    S3BackupMode: given.S3BackupMode ?? 'FailedDataOnly',
    S3DestinationDescription: s3(given.S3Configuration ?? {}),
  });
  return { destination: { kind: 'http', description }, secrets: accessKey === undefined ? {} : { accessKey } };
}

function splunk(given: SplunkDestinationConfiguration): Described {
  const { HECToken: hecToken } = given;
  const description = defined({
    HECEndpoint: given.HECEndpoint,
    HECEndpointType: given.HECEndpointType,
    HECAcknowledgmentTimeoutInSeconds: given.HECAcknowledgmentTimeoutInSeconds ?? 180,
    RetryOptions: given.RetryOptions ?? { DurationInSeconds: 3600 },
    S3BackupMode: given.S3BackupMode ?? 'FailedEventsOnly',
    S3DestinationDescription: s3(given.S3Configuration ?? {}),
    ProcessingConfiguration: given.ProcessingConfiguration,
    CloudWatchLoggingOptions: given.CloudWatchLoggingOptions ?? DEFAULT_LOGGING,
    BufferingHints: hints(given.BufferingHints, 60),
  });
  return { destination: { kind: 'splunk', description }, secrets: hecToken === undefined ? {} : { hecToken } };
}

function openSearch(given: AmazonopensearchserviceDestinationConfiguration) {
  return defined({
    RoleARN: given.RoleARN,
    ClusterEndpoint: given.ClusterEndpoint,
    IndexName: given.IndexName,
    TypeName: given.TypeName,
    IndexRotationPeriod: given.IndexRotationPeriod ?? 'OneDay',
    BufferingHints: hints(given.BufferingHints, 300),
    RetryOptions: given.RetryOptions ?? { DurationInSeconds: 300 },
    S3BackupMode: given.S3BackupMode ?? 'FailedDocumentsOnly',
    S3DestinationDescription: s3(given.S3Configuration ?? {}),
    ProcessingConfiguration: given.ProcessingConfiguration,
    CloudWatchLoggingOptions: given.CloudWatchLoggingOptions ?? DEFAULT_LOGGING,
    DocumentIdOptions: given.DocumentIdOptions,
  });
}

function redshift(given: RedshiftDestinationConfiguration): Described {
  const { Password: password } = given;
  const description = defined({
    RoleARN: given.RoleARN,
    ClusterJDBCURL: given.ClusterJDBCURL,
    CopyCommand: given.CopyCommand,
    Username: given.Username,
    RetryOptions: given.RetryOptions ?? { DurationInSeconds: 3600 },
    S3DestinationDescription: s3(given.S3Configuration ?? {}),
    ProcessingConfiguration: given.ProcessingConfiguration,
    S3BackupMode: given.S3BackupMode ?? 'Disabled',
    S3BackupDescription: given.S3BackupConfiguration === undefined ? undefined : s3(given.S3BackupConfiguration),
    CloudWatchLoggingOptions: given.CloudWatchLoggingOptions ?? DEFAULT_LOGGING,
  });
  return { destination: { kind: 'redshift', description }, secrets: password === undefined ? {} : { password } };
}

/** The description before as a configuration, with what the update names. Structures are replaced as a whole, those of buckets merged. */
export function mergedConfiguration(before: DestinationDoc | undefined, update: Configuration): Configuration {
  const { S3Update, S3BackupUpdate, ...rest } = update;
  const {
    S3DestinationDescription: s3Before,
    S3BackupDescription: backupBefore,
    ...kept
  } = (before?.description ?? {}) as Configuration;
  const s3Merged = merged(s3Before, S3Update ?? rest['S3Configuration']);
  const backupMerged = merged(backupBefore, S3BackupUpdate);
  const conversion = mergedConversion(kept[CONVERSION], rest[CONVERSION]);
  return {
    ...kept,
    ...defined(rest),
    ...(conversion === undefined ? {} : { [CONVERSION]: conversion }),
    ...(s3Merged === undefined ? {} : { S3Configuration: s3Merged }),
    ...(backupMerged === undefined ? {} : { S3BackupConfiguration: backupMerged }),
  };
}

const CONVERSION = 'DataFormatConversionConfiguration';

/** AWS merges its members and those of the table, and replaces what is below the formats, as a public project has probed (floci 3236). */
function mergedConversion(before: unknown, update: unknown): Configuration | undefined {
  const all = merged(before, update);
  if (all === undefined) return undefined;
  const table = merged(
    (before as Configuration | undefined)?.['SchemaConfiguration'],
    (update as Configuration | undefined)?.['SchemaConfiguration'],
  );
  return table === undefined ? all : { ...all, SchemaConfiguration: table };
}

function merged(before: unknown, update: unknown): Configuration | undefined {
  if (before === undefined && update === undefined) return undefined;
  return { ...(before as Configuration | undefined), ...defined((update ?? {}) as Configuration) };
}

/** Without members that are undefined: documents are JSON. */
function defined<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
