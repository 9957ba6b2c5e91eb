// What Firehose refuses. Texts from public issues (hashicorp/terraform-provider-aws 13416, 29092, 9017; moto's recorded replies), and from what
// AWS answered to the authors of badmintoncryer/cdk-preflight (rules/firehose) and radkawar/stackd, where there is one; those marked "plausible"
// are in no source that was found.

import { type AwsError, clientError } from '#model/aws-error.ts';

export const validation = (message: string): AwsError => clientError('ValidationException', message);

export const invalidArgument = (message: string): AwsError => clientError('InvalidArgumentException', message);

/** What AWS has and this server does not: named, never stored and ignored. */
export const notAvailable = (name: string): AwsError => invalidArgument(`${name} is not available on this server.`);

export const streamDoesNotExist = (name: string, account: string): AwsError =>
  clientError('ResourceNotFoundException', `Firehose ${name} under account ${account} not found.`);

export const streamExists = (name: string, account: string): AwsError =>
  clientError('ResourceInUseException', `Firehose ${name} under accountId ${account} already exists`);

/** Plausible. */
export const tooManyStreams = (countMax: number): AwsError =>
  clientError('LimitExceededException', `You have already consumed your firehose quota of ${countMax} hoses.`);

/** Plausible. */
export const tooManyTags = (): AwsError =>
  clientError(
    'LimitExceededException',
    'Failed to tag the delivery stream: a delivery stream can have at most 50 tags.',
  );

export const oneDestination = (): AwsError =>
  invalidArgument('Exactly one destination configuration is supported for a Firehose');

/** Of an update. */
export const noDestination = (): AwsError =>
  invalidArgument('At least one destination or source configuration update must be provided');

export const versionMismatch = (name: string, current: number, given: string): AwsError =>
  clientError(
    'ConcurrentModificationException',
    `Cannot update firehose: ${name} since the current version id: ${current} and specified version id: ${given} do not match`,
  );

/** Plausible. */
export const destinationNotFound = (id: string): AwsError => invalidArgument(`Destination Id ${id} not found`);

/** AWS: UpdateDestination, "Switching between Amazon OpenSearch Service and other services is not supported." */
export const destinationTypeFixed = (from: string, to: string): AwsError =>
  invalidArgument(`Changing the destination type from ${from} to ${to} is not supported at this time.`);

export const notPermittedOnSource = (type: string): AwsError =>
  invalidArgument(`This operation is not permitted on ${type} delivery stream type.`);

/** API reference, InvalidSourceException. */
export const onlyFromLogs = (): AwsError => {
  const message = 'Only requests from CloudWatch Logs are supported when CloudWatch Logs decompression is enabled.';
  return clientError('InvalidSourceException', message, { members: { code: 'InvalidSource' } });
};

export const roleNotAssumable = (roleArn: string): AwsError =>
  invalidArgument(`Firehose is unable to assume role ${roleArn}. Please check the role provided.`);

export const foreignGlueRole = (): AwsError => invalidArgument('Cross-account pass role is not allowed.');

/** For Splunk and the others plausible. */
export const backupStays = (from: string, to: string): AwsError =>
  invalidArgument(
    from === 'Enabled'
      ? 'Disabling S3 backup is not currently supported.'
      : `S3BackupMode cannot be updated from ${from} to ${to}.`,
  );

/** AWS's text begins so; what jq said stands behind it. */
export const brokenQuery = (problem: string): AwsError => invalidArgument(`JQ Subprocess failed due to: ${problem}`);

/** Of every operation, API reference: ServiceUnavailableException. Plausible. */
export const cannotCheckQuery = (): AwsError => {
  const text = 'The service is unavailable. Back off and retry the operation.';
  return clientError('ServiceUnavailableException', text, { status: 503 });
};

/** AWS's own spelling. */
export const prefixProblem = (constraint: string): AwsError =>
  invalidArgument(`Ths supplied prefix(es) do not satisfy the following constraint: ${constraint}`);

export const keysNeedPartitioning = (): AwsError =>
  invalidArgument(
    'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
  );

/** Plausible. */
export const batchTooLarge = (): AwsError => invalidArgument('Records size exceeds 4 MB limit');

/** Plausible. */
export const streamNotFound = (arn: string): AwsError =>
  invalidArgument(`Kinesis Stream ${arn} does not exist or is not ACTIVE.`);
