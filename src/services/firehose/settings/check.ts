// What a destination may be: everything that holds between members, in the order destination, prefixes, processors. AWS: Firehose developer guide,
// "Understand custom prefixes", "Dynamic partitioning", "Convert input data format"; API reference. Texts without a source are plausible.

import type { AwsError } from '#model/aws-error.ts';
import { isTimeZone } from '#model/schedule/time-zone.ts';
import type {
  ExtendedS3DestinationDescription,
  RedshiftDestinationDescription,
  S3DestinationDescription,
} from '#wire/generated/firehose.ts';
import type { DestinationDoc } from '../documents.ts';
import { invalidArgument, keysNeedPartitioning, notAvailable, prefixProblem } from '../errors.ts';
import { EVALUATED_PREFIX_MAX } from '../limits.ts';
import {
  errorPrefixOf,
  has,
  hasExpressions,
  isTooLong,
  keyNames,
  type Prefix,
  parsePrefix,
  prefixOf,
  THIS_PREFIX,
} from '../prefixes/prefix.ts';
import { processingProblem } from './check-processors.ts';
import { readProcessors } from './processors.ts';

export function destinationProblem(destination: DestinationDoc): AwsError | undefined {
  const { kind, description } = destination;
  const unnamed = loggingProblem(description);
  if (unnamed !== undefined) return unnamed;
  if (kind === 's3') return extendedS3Problem(description);
  const s3 = description.S3DestinationDescription ?? {};
  const problem = kind === 'redshift' ? redshiftProblem(description) : s3Problem(s3, { isPartitioned: false });
  if (problem !== undefined) return problem;
  if (kind === 'http') {
    const names = (description.RequestConfiguration?.CommonAttributes ?? []).map(({ AttributeName }) => AttributeName);
    const repeated = names.find((name, i) => names.indexOf(name) !== i);
    if (repeated !== undefined) {
      return invalidArgument(`Http Endpoint Common Attributes have duplicate name ${repeated}`);
    }
  }
  if (kind === 'splunk' && (description.HECEndpoint ?? '') === '')
    return invalidArgument('HECEndpoint must not be empty.');
  if ((kind === 'opensearch' || kind === 'elasticsearch') && description.ClusterEndpoint === undefined) {
    return invalidArgument('Either DomainARN or ClusterEndpoint must be specified.');
  }
  return processingProblem(description.ProcessingConfiguration, { kind, isPartitioned: false });
}

/** API reference, CloudWatchLoggingOptions: both names are "required if CloudWatch logging is enabled"; buckets have options of their own. */
function loggingProblem(description: DestinationDoc['description']): AwsError | undefined {
  const buckets = ['S3DestinationDescription', 'S3BackupDescription'].map(
    (name) => (description as Readonly<Record<string, S3DestinationDescription | undefined>>)[name],
  );
  for (const place of [description, ...buckets]) {
    const { Enabled, LogGroupName = '', LogStreamName = '' } = place?.CloudWatchLoggingOptions ?? {};
    if (Enabled !== true || (LogGroupName !== '' && LogStreamName !== '')) continue;
    const what = LogGroupName === '' ? 'Group' : 'Stream';
    return invalidArgument(`CloudWatch Log ${what} Name is required if CloudWatch Logging is enabled`);
  }
  return undefined;
}

function extendedS3Problem(description: ExtendedS3DestinationDescription): AwsError | undefined {
  const isPartitioned = description.DynamicPartitioningConfiguration?.Enabled === true;
  return (
    s3Problem(description, { isPartitioned }) ??
    backupProblem(description) ??
    zoneProblem(description.CustomTimeZone) ??
    conversionProblem(description) ??
    processingProblem(description.ProcessingConfiguration, { kind: 's3', isPartitioned }) ??
    (isPartitioned ? partitioningProblem(description) : undefined)
  );
}

function s3Problem(
  { Prefix: text = '', ErrorOutputPrefix, EncryptionConfiguration }: S3DestinationDescription,
  { isPartitioned }: { readonly isPartitioned: boolean },
): AwsError | undefined {
  if (EncryptionConfiguration?.KMSEncryptionConfig !== undefined) {
    return notAvailable('EncryptionConfiguration.KMSEncryptionConfig');
  }
  const prefix = parsePrefix(text);
  if ('problem' in prefix) return prefixProblem(prefix.problem.replace(THIS_PREFIX, 'Prefix'));
  const error = parsePrefix(ErrorOutputPrefix ?? '');
  if ('problem' in error) return prefixProblem(error.problem.replace(THIS_PREFIX, 'ErrorOutputPrefix'));
  if (!isPartitioned && usesKeys(prefix)) return keysNeedPartitioning();
  if (has(prefix, 'error-output-type'))
    return prefixProblem('Prefix must not contain any occurrence of !{firehose:error-output-type}');
  if (usesKeys(error)) {
    return invalidArgument("Dynamic Partitioning Namespaces can't be part of an error prefix expression");
  }
  if (hasExpressions(error) && !has(error, 'error-output-type')) {
    return prefixProblem('ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}');
  }
  if (hasExpressions(prefix) && (ErrorOutputPrefix ?? '') === '') {
    return prefixProblem('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions');
  }
  const values = { atMs: 0, timeZone: 'UTC', errorOutputType: LONGEST_TYPE };
  if (isTooLong(prefixOf(text), values)) return longPrefix('prefix');
  return isTooLong(errorPrefixOf(ErrorOutputPrefix, text), values) ? longPrefix('ErrorOutputPrefix') : undefined;
}

const longPrefix = (name: string): AwsError =>
  prefixProblem(`Length of evaluated ${name} cannot be greater than ${EVALUATED_PREFIX_MAX}`);

const LONGEST_TYPE = 'AmazonOpenSearchService_failed';
const usesKeys = (prefix: Prefix): boolean => has(prefix, 'query-key') || has(prefix, 'lambda-key');

function backupProblem({
  S3BackupMode,
  S3BackupDescription,
}: Pick<ExtendedS3DestinationDescription, 'S3BackupMode' | 'S3BackupDescription'>): AwsError | undefined {
  if (S3BackupMode !== 'Enabled') return undefined;
  if (S3BackupDescription === undefined) {
    return invalidArgument('S3 backup destination configuration is required when enabling S3 backup.');
  }
  return s3Problem(S3BackupDescription, { isPartitioned: false });
}

function zoneProblem(zone: string | undefined): AwsError | undefined {
  if (zone === undefined || zone === '' || isTimeZone(zone)) return undefined;
  return invalidArgument(`CustomTimeZone ${zone} is not a valid time zone.`);
}

function conversionProblem(description: ExtendedS3DestinationDescription): AwsError | undefined {
  const { DataFormatConversionConfiguration: conversion, CompressionFormat } = description;
  if (conversion === undefined) return undefined;
  const { Serializer } = conversion.OutputFormatConfiguration ?? {};
  if (Serializer?.OrcSerDe !== undefined) return notAvailable('OutputFormatConfiguration.Serializer.OrcSerDe');
  if (conversion.Enabled !== true) return undefined;
  // In this order at AWS, as a public project has probed (floci 3236): compression, size, then what is missing.
  if (CompressionFormat !== 'UNCOMPRESSED') {
    return invalidArgument('CompressionFormat must be UNCOMPRESSED when data format conversion is enabled.');
  }
  if ((description.BufferingHints?.SizeInMBs ?? 0) < 64) {
    return invalidArgument('BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.');
  }
  const { Deserializer } = conversion.InputFormatConfiguration ?? {};
  const { DatabaseName = '', TableName = '' } = conversion.SchemaConfiguration ?? {};
  if (Serializer?.ParquetSerDe === undefined) return missing('OutputFormatConfiguration');
  if (Deserializer?.HiveJsonSerDe === undefined && Deserializer?.OpenXJsonSerDe === undefined) {
    return missing('InputFormatConfiguration');
  }
  if (Deserializer.HiveJsonSerDe !== undefined && Deserializer.OpenXJsonSerDe !== undefined) {
    return invalidArgument('More than one deserializer specified. Only one may be chosen.');
  }
  if (DatabaseName === '' || TableName === '') return missing('SchemaConfiguration');
  // API reference, SchemaConfiguration.RoleARN: "the RoleARN property is required and its value must be specified".
  if ((conversion.SchemaConfiguration?.RoleARN ?? '') === '') return missing('SchemaConfiguration.RoleARN');
  if ((Serializer.ParquetSerDe.MaxPaddingBytes ?? 0) > 0) return notAvailable('ParquetSerDe.MaxPaddingBytes');
  return undefined;
}

const missing = (name: string): AwsError =>
  invalidArgument(`DataFormatConversionConfiguration.${name} is required when Enabled is set to true.`);

/** AWS: developer guide, "Enable dynamic partitioning", and its semantic rules for prefixes. */
function partitioningProblem(description: ExtendedS3DestinationDescription): AwsError | undefined {
  const { Prefix: text = '', ProcessingConfiguration, BufferingHints } = description;
  if ((BufferingHints?.SizeInMBs ?? 0) < 64) {
    return invalidArgument('BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.');
  }
  if ((BufferingHints?.IntervalInSeconds ?? 0) < 60) {
    return invalidArgument(
      'BufferingHints.IntervalInSeconds must be at least 60 when Dynamic Partitioning is enabled.',
    );
  }
  const prefix = parsePrefix(text);
  if ('problem' in prefix) return prefixProblem(prefix.problem);
  const { partitionQuery, lambda } = readProcessors(ProcessingConfiguration);
  const queryKeys = keyNames(prefix, 'query-key');
  if (!usesKeys(prefix)) {
    return invalidArgument(
      'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
    );
  }
  if (queryKeys.length > 0 && partitionQuery === undefined) {
    return invalidArgument('A MetadataExtraction processor is required when Prefix contains partitionKeyFromQuery.');
  }
  if (keyNames(prefix, 'lambda-key').length > 0 && lambda === undefined) {
    return invalidArgument('A Lambda processor is required when Prefix contains partitionKeyFromLambda.');
  }
  if (keysOfQuery(partitionQuery ?? '').some((key) => !queryKeys.includes(key))) {
    return invalidArgument(
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
    );
  }
  return undefined;
}

/** `"a" : .b.c[0]`: what stands behind the colon has nothing that could hide another key. */
const MEMBER = /^\s*"?([\w-]+)"?\s*:\s*[^\s,:"(){}|]+\s*$/;

/** Of an object that is written down member by member; none for any other expression. */
function keysOfQuery(query: string): readonly string[] {
  const [, members] = /^\s*\{([^{}]*)\}\s*$/.exec(query) ?? [];
  const keys = members?.split(',').map((member) => MEMBER.exec(member)?.[1]) ?? [];
  return keys.every((key) => key !== undefined) ? keys : [];
}

/** AWS: "If the destination is Amazon Redshift, Prefix must not contain expressions and ErrorOutputPrefix must be null." */
function redshiftProblem(description: RedshiftDestinationDescription): AwsError | undefined {
  const s3 = description.S3DestinationDescription ?? {};
  const prefix = parsePrefix(s3.Prefix ?? '');
  if ((!('problem' in prefix) && hasExpressions(prefix)) || (s3.ErrorOutputPrefix ?? '') !== '') {
    return invalidArgument('Prefix Expressions or ErrorOutputPrefix is currently not supported for this destination');
  }
  if (['ZIP', 'Snappy', 'HADOOP_SNAPPY'].includes(s3.CompressionFormat ?? '')) {
    return invalidArgument(
      'Only the following compression formats are allowed when using Redshift: [UNCOMPRESSED, GZIP]',
    );
  }
  if ((description.Username ?? '') === '') {
    return invalidArgument('Redshift Database Username is required for Redshift Destination');
  }
  return s3Problem(s3, { isPartitioned: false }) ?? backupProblem(description);
}
