// What a pipe says about its stream. AWS: Pipes API reference, PipeSourceKinesisStreamParameters; texts are plausible.

import { CLOCK_SKEW_MS } from '#cell/stream-source.ts';
import { parseArn } from '#model/arn.ts';
import type {
  PipeSourceKinesisStreamParameters,
  PipeSourceParameters,
  UpdatePipeSourceKinesisStreamParameters,
} from '#wire/generated/pipes.ts';
import type { StreamSettings } from '../documents.ts';
import { type FieldProblem, INVALID_SOURCE_PARAMETER, MISSING_PARAMETER, notAvailable } from '../errors.ts';

type Given = PipeSourceKinesisStreamParameters | UpdatePipeSourceKinesisStreamParameters;

const WHERE = 'SourceParameters.KinesisStreamParameters';
const AGE_SECONDS_MIN = 60;

export function streamProblems(
  parameters: PipeSourceParameters | undefined,
  before: StreamSettings | undefined,
  nowMs: number,
): FieldProblem[] {
  const given = parameters?.KinesisStreamParameters;
  const problems = before === undefined ? positionProblems(given, nowMs) : [];
  const age = given?.MaximumRecordAgeInSeconds;
  if (age !== undefined && age !== -1 && age < AGE_SECONDS_MIN) {
    problems.push({ name: `${WHERE}.MaximumRecordAgeInSeconds`, message: INVALID_SOURCE_PARAMETER });
  }
  const deadLetterArn = given?.DeadLetterConfig?.Arn;
  const service = deadLetterArn === undefined ? 'sqs' : parseArn(deadLetterArn)?.service;
  if (service !== 'sqs' && service !== 'sns') {
    problems.push(notAvailable(`${WHERE}.DeadLetterConfig.Arn`, `A dead-letter queue of ${service ?? 'no service'}`));
  }
  return problems;
}

function positionProblems(given: Given | undefined, nowMs: number): FieldProblem[] {
  const { position, positionMs } = positionIn(given);
  if (position === undefined) return [{ name: `${WHERE}.StartingPosition`, message: MISSING_PARAMETER }];
  const name = `${WHERE}.StartingPositionTimestamp`;
  const isTimed = position === 'AT_TIMESTAMP';
  if (isTimed && positionMs === undefined) return [{ name, message: MISSING_PARAMETER }];
  const isWrong = positionMs !== undefined && (!isTimed || positionMs > nowMs + CLOCK_SKEW_MS);
  return isWrong ? [{ name, message: INVALID_SOURCE_PARAMETER }] : [];
}

function positionIn(given: Given | undefined): { position: string | undefined; positionMs: number | undefined } {
  const { StartingPosition: position, StartingPositionTimestamp: positionMs } = (given ??
    {}) as Partial<PipeSourceKinesisStreamParameters>;
  return { position, positionMs };
}

/** Of checked parameters: what an update gives replaces all but the position. */
export function streamSettings(given: Given | undefined, before: StreamSettings | undefined): StreamSettings {
  if (given === undefined && before !== undefined) return before;
  const { position, positionMs } = before ?? positionIn(given);
  const { ParallelizationFactor, MaximumRetryAttempts, MaximumRecordAgeInSeconds, DeadLetterConfig } = given ?? {};
  return {
    position: position as StreamSettings['position'],
    ...(positionMs === undefined ? {} : { positionMs }),
    ...(ParallelizationFactor === undefined ? {} : { parallelization: ParallelizationFactor }),
    ...(MaximumRetryAttempts === undefined ? {} : { retriesMax: MaximumRetryAttempts }),
    ...(MaximumRecordAgeInSeconds === undefined ? {} : { ageSecondsMax: MaximumRecordAgeInSeconds }),
    ...(given?.OnPartialBatchItemFailure === 'AUTOMATIC_BISECT' ? { isBisecting: true } : {}),
    ...(DeadLetterConfig?.Arn === undefined ? {} : { deadLetterArn: DeadLetterConfig.Arn }),
  };
}
