// Where a pipe's log goes. AWS: user guide, "Logging Amazon EventBridge Pipes performance": "No default is selected when you configure logs programmatically."

import type { PipeLogConfigurationParameters, S3LogDestinationParameters } from '#wire/generated/pipes.ts';
import type { LogBucket, LogLevel, LogSettings } from '../documents.ts';
import { type FieldProblem, MISSING_PARAMETER, notAvailable } from '../errors.ts';

export function logProblems(log: PipeLogConfigurationParameters | undefined): FieldProblem[] {
  if (log === undefined) return [];
  const { CloudwatchLogsLogDestination: group, FirehoseLogDestination: stream, S3LogDestination: bucket } = log;
  // AWS: API reference, S3LogDestinationParameters: "EventBridge currently only supports json formatting."
  if (bucket?.OutputFormat !== undefined && bucket.OutputFormat !== 'json') {
    const name = 'LogConfiguration.S3LogDestination.OutputFormat';
    return [notAvailable(name, `The output format ${bucket.OutputFormat}`)];
  }
  // A level without a place to write to would be kept and ignored. That AWS refuses it is plausible.
  const hasDestination = [group, stream, bucket].some((destination) => destination !== undefined);
  const isMissing = log.Level !== 'OFF' && !hasDestination;
  return isMissing ? [{ name: 'LogConfiguration.CloudwatchLogsLogDestination', message: MISSING_PARAMETER }] : [];
}

/** AWS: UpdatePipe replaces the whole of it. */
export function logSettings(
  log: PipeLogConfigurationParameters | undefined,
  before: LogSettings | undefined,
): LogSettings | undefined {
  if (log === undefined) return before;
  const groupArn = log.CloudwatchLogsLogDestination?.LogGroupArn;
  const streamArn = log.FirehoseLogDestination?.DeliveryStreamArn;
  const bucket = log.S3LogDestination;
  return {
    level: (log.Level ?? 'OFF') as LogLevel,
    ...(groupArn === undefined ? {} : { groupArn }),
    ...(streamArn === undefined ? {} : { streamArn }),
    ...(bucket === undefined ? {} : { bucket: bucketSettings(bucket) }),
    ...(log.IncludeExecutionData?.includes('ALL') ? { includesExecutionData: true } : {}),
  };
}

function bucketSettings(given: S3LogDestinationParameters): LogBucket {
  const { BucketName: name = '', BucketOwner: owner = '', Prefix: prefix = '' } = given;
  return { name, owner, ...(prefix === '' ? {} : { prefix }) };
}
