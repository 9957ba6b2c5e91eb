// Where a pipe's log goes. AWS: user guide, "Logging Amazon EventBridge Pipes performance": "No default is selected when you configure logs programmatically."

import type { PipeLogConfigurationParameters } from '#wire/generated/pipes.ts';
import type { LogLevel, LogSettings } from '../documents.ts';
import { type FieldProblem, MISSING_PARAMETER, notAvailable } from '../errors.ts';

export function logProblems(log: PipeLogConfigurationParameters | undefined): FieldProblem[] {
  if (log === undefined) return [];
  if (log.S3LogDestination !== undefined) {
    return [notAvailable('LogConfiguration.S3LogDestination', 'A log destination of s3')];
  }
  // A level without a place to write to would be kept and ignored. That AWS refuses it is plausible.
  const hasDestination = log.CloudwatchLogsLogDestination !== undefined || log.FirehoseLogDestination !== undefined;
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
  return {
    level: (log.Level ?? 'OFF') as LogLevel,
    ...(groupArn === undefined ? {} : { groupArn }),
    ...(streamArn === undefined ? {} : { streamArn }),
    ...(log.IncludeExecutionData?.includes('ALL') ? { includesExecutionData: true } : {}),
  };
}
