// The steps of an execution as a pipe's log names them, each with the level from which on it is logged. AWS: user guide, "Logging Amazon EventBridge Pipes
// performance", the table of "Specifying EventBridge Pipes log level"; the names as in records quoted in public issues (terraform-aws-eventbridge 134).

import type { LogLevel } from '../documents.ts';

type StepLevel = Exclude<LogLevel, 'OFF'>;

const LEVELS = {
  ExecutionStarted: 'INFO',
  ExecutionSucceeded: 'INFO',
  ExecutionFailed: 'ERROR',
  ExecutionPartiallyFailed: 'ERROR',
  ExecutionTimeout: 'ERROR',
  ExecutionThrottled: 'ERROR',
  EnrichmentStageEntered: 'INFO',
  EnrichmentStageSucceeded: 'INFO',
  EnrichmentStageFailed: 'ERROR',
  EnrichmentTransformationStarted: 'TRACE',
  EnrichmentTransformationSucceeded: 'TRACE',
  EnrichmentTransformationFailed: 'ERROR',
  EnrichmentInvocationStarted: 'TRACE',
  EnrichmentInvocationSucceeded: 'TRACE',
  EnrichmentInvocationFailed: 'ERROR',
  TargetStageEntered: 'INFO',
  TargetStageSucceeded: 'INFO',
  TargetStageFailed: 'ERROR',
  TargetStagePartiallyFailed: 'ERROR',
  TargetStageSkipped: 'TRACE',
  TargetTransformationStarted: 'TRACE',
  TargetTransformationSucceeded: 'TRACE',
  TargetTransformationFailed: 'ERROR',
  TargetInvocationStarted: 'TRACE',
  TargetInvocationSucceeded: 'TRACE',
  TargetInvocationFailed: 'ERROR',
  TargetInvocationPartiallyFailed: 'ERROR',
} as const satisfies Readonly<Record<string, StepLevel>>;

export type Step = keyof typeof LEVELS;

const RANKS: Readonly<Record<LogLevel, number>> = { OFF: 0, ERROR: 1, INFO: 2, TRACE: 3 };

export function levelOf(step: Step): StepLevel {
  return LEVELS[step];
}

export function isLogged(step: Step, level: LogLevel): boolean {
  return RANKS[LEVELS[step]] <= RANKS[level];
}
