// Where a pipe's log goes. AWS: user guide, "Logging Amazon EventBridge Pipes performance": "No default is selected when you configure logs programmatically."

import type { PipeLogConfigurationParameters } from '#wire/generated/pipes.ts';
import type { LogLevel, LogSettings } from '../documents.ts';
import { type FieldProblem, MISSING_PARAMETER, notAvailable } from '../errors.ts';

export function logProblems(log: PipeLogConfigurationParameters | undefined): FieldProblem[] {
  if (log === undefined) return [];
  const problems: FieldProblem[] = [];
  if (log.S3LogDestination !== undefined) {
    problems.push(notAvailable('LogConfiguration.S3LogDestination', 'A log destination of s3'));
  }
  if (log.FirehoseLogDestination !== undefined) {
    problems.push(notAvailable('LogConfiguration.FirehoseLogDestination', 'A log destination of firehose'));
  }
  if (problems.length > 0) return problems;
  // A level without a place to write to would be kept and ignored. That AWS refuses it is plausible.
  const isMissing = log.Level !== 'OFF' && log.CloudwatchLogsLogDestination === undefined;
  return isMissing ? [{ name: 'LogConfiguration.CloudwatchLogsLogDestination', message: MISSING_PARAMETER }] : [];
}

/** AWS: UpdatePipe replaces the whole of it. */
export function logSettings(
  log: PipeLogConfigurationParameters | undefined,
  before: LogSettings | undefined,
): LogSettings | undefined {
  if (log === undefined) return before;
  const groupArn = log.CloudwatchLogsLogDestination?.LogGroupArn;
  return {
    level: (log.Level ?? 'OFF') as LogLevel,
    ...(groupArn === undefined ? {} : { groupArn }),
    ...(log.IncludeExecutionData?.includes('ALL') ? { includesExecutionData: true } : {}),
  };
}
