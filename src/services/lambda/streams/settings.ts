// The settings of a mapping of a stream: checked, merged with what was set before, or refused by name. Source: Lambda API reference, CreateEventSourceMapping.

import { CLOCK_SKEW_MS } from '#cell/stream-source.ts';
import { parseArn } from '#model/arn.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { CreateEventSourceMappingInput } from '#wire/generated/lambda.ts';
import type { MappingDoc, StreamSettings } from '../documents.ts';
import { destinationInvalid, invalidFilter, invalidParameter, notAvailable, validationFailed } from '../errors.ts';
import {
  BATCH_SIZE,
  BATCH_WINDOW_SECONDS,
  FILTER_LENGTH_MAX,
  FILTERS_MAX,
  STREAM_BATCH_SIZE_DEFAULT,
} from '../limits.ts';
import type { MappingSettings } from '../mapping-settings.ts';
import { isStreamFilter } from './filters.ts';

type Input = CreateEventSourceMappingInput;

const POSITIONS = ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'];
const UNLIMITED = -1;
const AGE_SECONDS_MIN = 60;

export function streamMappingSettings(
  input: Input,
  before: MappingDoc | undefined,
  nowMs: number,
): MappingSettings | Refused {
  const stream = streamSettings(input, before?.stream);
  const problem = valuesProblem(input) ?? positionProblem(input, before, nowMs) ?? unavailable(input);
  if (problem !== undefined) return refuse(problem);
  const combination = combinationProblem(stream);
  if (combination !== undefined) return refuse(combination);
  const { FilterCriteria: criteria, FunctionResponseTypes: reports } = input;
  const filters =
    criteria === undefined ? (before?.filters ?? []) : (criteria.Filters ?? []).map(({ Pattern = '' }) => Pattern);
  if (!filters.every(isStreamFilter)) return refuse(invalidFilter());
  const reported = reports?.includes('ReportBatchItemFailures');
  return {
    isEnabled: input.Enabled ?? before?.isEnabled ?? true,
    batchSize: input.BatchSize ?? before?.batchSize ?? STREAM_BATCH_SIZE_DEFAULT,
    windowSeconds: input.MaximumBatchingWindowInSeconds ?? before?.windowSeconds ?? 0,
    filters,
    reportsItemFailures: reported ?? before?.reportsItemFailures ?? false,
    stream,
  };
}

function streamSettings(input: Input, before: StreamSettings | undefined): StreamSettings {
  const { DestinationConfig: destinations, StartingPosition, StartingPositionTimestamp: time } = input;
  const given = destinations?.OnFailure?.Destination;
  const onFailureArn = destinations === undefined ? before?.onFailureArn : given === '' ? undefined : given;
  const positionMs = before?.positionMs ?? time;
  return {
    position: before?.position ?? (StartingPosition as StreamSettings['position']),
    ...(positionMs === undefined ? {} : { positionMs }),
    parallelization: input.ParallelizationFactor ?? before?.parallelization ?? 1,
    retriesMax: input.MaximumRetryAttempts ?? before?.retriesMax ?? UNLIMITED,
    ageSecondsMax: input.MaximumRecordAgeInSeconds ?? before?.ageSecondsMax ?? UNLIMITED,
    isBisecting: input.BisectBatchOnFunctionError ?? before?.isBisecting ?? false,
    tumblingSeconds: input.TumblingWindowInSeconds ?? before?.tumblingSeconds ?? 0,
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
  };
}

function valuesProblem(input: Input): AwsError | undefined {
  const validation = new Validation()
    .range('batchSize', input.BatchSize, BATCH_SIZE)
    .range('maximumBatchingWindowInSeconds', input.MaximumBatchingWindowInSeconds, BATCH_WINDOW_SECONDS)
    .range('parallelizationFactor', input.ParallelizationFactor, { min: 1, max: 10 })
    .range('maximumRecordAgeInSeconds', input.MaximumRecordAgeInSeconds, { min: UNLIMITED, max: 604_800 })
    .range('maximumRetryAttempts', input.MaximumRetryAttempts, { min: UNLIMITED, max: 10_000 })
    .range('tumblingWindowInSeconds', input.TumblingWindowInSeconds, { min: 0, max: 900 })
    .oneOf('startingPosition', input.StartingPosition, POSITIONS)
    .length('functionResponseTypes', input.FunctionResponseTypes, { max: 1 });
  for (const type of input.FunctionResponseTypes ?? []) {
    validation.oneOf('functionResponseTypes', type, ['ReportBatchItemFailures']);
  }
  const filters = input.FilterCriteria?.Filters ?? [];
  for (const [i, { Pattern }] of filters.entries()) {
    validation.length(`filterCriteria.filters.${i + 1}.member.pattern`, Pattern, { max: FILTER_LENGTH_MAX });
  }
  if (validation.text !== undefined) return validationFailed(validation.text);
  if (filters.length > FILTERS_MAX) return invalidParameter(`Filter criteria can have at most ${FILTERS_MAX} filters.`);
  const age = input.MaximumRecordAgeInSeconds;
  // The text is plausible. AWS: developer guide: -1, or 60 seconds to 7 days.
  return age !== undefined && age !== UNLIMITED && age < AGE_SECONDS_MIN
    ? invalidParameter('MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.')
    : undefined;
}

/** Texts as other implementations have recorded them; that of a time to come is plausible. */
function positionProblem(input: Input, before: MappingDoc | undefined, nowMs: number): AwsError | undefined {
  const { StartingPosition: position, StartingPositionTimestamp: time } = input;
  if (before !== undefined) return undefined;
  if (position === undefined) {
    return invalidParameter(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (position === 'AT_TIMESTAMP' && time === undefined) {
    return invalidParameter('StartingPositionTimestamp is required when StartingPosition is AT_TIMESTAMP.');
  }
  if (position !== 'AT_TIMESTAMP' && time !== undefined) {
    return invalidParameter('StartingPositionTimestamp can only be used when StartingPosition is AT_TIMESTAMP.');
  }
  return time !== undefined && time > nowMs + CLOCK_SKEW_MS
    ? invalidParameter('StartingPositionTimestamp cannot be in the future.')
    : undefined;
}

function combinationProblem({ tumblingSeconds, parallelization, onFailureArn }: StreamSettings): AwsError | undefined {
  // A window's state belongs to a shard. That AWS refuses this, and the text, is plausible.
  if (tumblingSeconds > 0 && parallelization > 1) {
    return invalidParameter('ParallelizationFactor must be 1 when TumblingWindowInSeconds is set.');
  }
  return onFailureArn === undefined ? undefined : destinationProblem(onFailureArn);
}

/** AWS: standard queues and topics, and buckets. */
function destinationProblem(arnText: string): AwsError | undefined {
  if (arnText.startsWith('kafka://')) return notAvailable('A destination of Kafka');
  const arn = parseArn(arnText);
  const isKnown = arn !== undefined && ['sqs', 'sns', 's3'].includes(arn.service) && !arnText.endsWith('.fifo');
  return isKnown ? undefined : destinationInvalid(arnText);
}

/** Settings of other kinds of sources, and those that only AWS's fleet has. */
function unavailable(input: Input): AwsError | undefined {
  const used: readonly (readonly [parameter: string, isUsed: boolean])[] = [
    ['KMSKeyArn', (input.KMSKeyArn ?? '') !== ''],
    ['MetricsConfig', (input.MetricsConfig?.Metrics ?? []).length > 0],
    ['LoggingConfig', input.LoggingConfig !== undefined],
    ['DestinationConfig.OnSuccess', input.DestinationConfig?.OnSuccess?.Destination !== undefined],
    ['ScalingConfig', input.ScalingConfig?.MaximumConcurrency !== undefined],
    ['Topics', (input.Topics ?? []).length > 0],
    ['Queues', (input.Queues ?? []).length > 0],
    ['SourceAccessConfigurations', (input.SourceAccessConfigurations ?? []).length > 0],
    ['SelfManagedEventSource', input.SelfManagedEventSource !== undefined],
    ['AmazonManagedKafkaEventSourceConfig', input.AmazonManagedKafkaEventSourceConfig !== undefined],
    ['SelfManagedKafkaEventSourceConfig', input.SelfManagedKafkaEventSourceConfig !== undefined],
    ['DocumentDBEventSourceConfig', input.DocumentDBEventSourceConfig !== undefined],
    ['ProvisionedPollerConfig', input.ProvisionedPollerConfig !== undefined],
  ];
  const found = used.find(([, isUsed]) => isUsed);
  return found === undefined ? undefined : notAvailable(found[0]);
}
