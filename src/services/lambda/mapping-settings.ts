// The settings of an event source mapping of a queue (of a stream: streams/settings.ts): checked, merged with what was set before, or refused by name.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { CreateEventSourceMappingInput } from '#wire/generated/lambda.ts';
import type { MappingDoc } from './documents.ts';
import {
  batchTooLargeForFifo,
  invalidFilter,
  invalidParameter,
  notAvailable,
  validationFailed,
  windowNeeded,
  windowWithFifo,
} from './errors.ts';
import {
  BATCH_SIZE,
  BATCH_SIZE_DEFAULT,
  BATCH_SIZE_WITHOUT_WINDOW_MAX,
  BATCH_WINDOW_SECONDS,
  FILTER_LENGTH_MAX,
  FILTERS_MAX,
  MAPPING_CONCURRENCY,
} from './limits.ts';
import { compileFilter } from './polling/filters.ts';

export type MappingSettings = Pick<
  MappingDoc,
  'isEnabled' | 'batchSize' | 'windowSeconds' | 'filters' | 'reportsItemFailures' | 'maximumConcurrency' | 'stream'
>;

export function mappingSettings(
  input: CreateEventSourceMappingInput,
  before: MappingDoc | undefined,
): MappingSettings | Refused {
  const problem = valuesProblem(input) ?? unavailableProblem(input);
  if (problem !== undefined) return refuse(problem);
  const batchSize = input.BatchSize ?? before?.batchSize ?? BATCH_SIZE_DEFAULT;
  const windowSeconds = input.MaximumBatchingWindowInSeconds ?? before?.windowSeconds ?? 0;
  const isFifo = (input.EventSourceArn ?? '').endsWith('.fifo');
  const combination = combinationProblem({ batchSize, windowSeconds, isFifo });
  if (combination !== undefined) return refuse(combination);
  const filters =
    input.FilterCriteria === undefined
      ? (before?.filters ?? [])
      : (input.FilterCriteria.Filters ?? []).map((filter) => filter.Pattern ?? '');
  if (filters.some((pattern) => compileFilter(pattern) === undefined)) return refuse(invalidFilter());
  const reports = input.FunctionResponseTypes;
  const maximumConcurrency =
    input.ScalingConfig === undefined ? before?.maximumConcurrency : input.ScalingConfig.MaximumConcurrency;
  return {
    isEnabled: input.Enabled ?? before?.isEnabled ?? true,
    batchSize,
    windowSeconds,
    filters,
    reportsItemFailures:
      reports === undefined ? (before?.reportsItemFailures ?? false) : reports.includes('ReportBatchItemFailures'),
    ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
  };
}

function valuesProblem(input: CreateEventSourceMappingInput): AwsError | undefined {
  const validation = new Validation()
    .range('batchSize', input.BatchSize, BATCH_SIZE)
    .range('maximumBatchingWindowInSeconds', input.MaximumBatchingWindowInSeconds, BATCH_WINDOW_SECONDS)
    .range('scalingConfig.maximumConcurrency', input.ScalingConfig?.MaximumConcurrency, MAPPING_CONCURRENCY)
    .length('functionResponseTypes', input.FunctionResponseTypes, { max: 1 });
  for (const type of input.FunctionResponseTypes ?? []) {
    validation.oneOf('functionResponseTypes', type, ['ReportBatchItemFailures']);
  }
  const filters = input.FilterCriteria?.Filters ?? [];
  for (const [i, filter] of filters.entries()) {
    validation.length(`filterCriteria.filters.${i + 1}.member.pattern`, filter.Pattern, { max: FILTER_LENGTH_MAX });
  }
  if (validation.text !== undefined) return validationFailed(validation.text);
  return filters.length > FILTERS_MAX
    ? invalidParameter(`Filter criteria can have at most ${FILTERS_MAX} filters.`)
    : undefined;
}

function combinationProblem(set: { batchSize: number; windowSeconds: number; isFifo: boolean }): AwsError | undefined {
  if (set.isFifo && set.windowSeconds > 0) return windowWithFifo();
  if (set.isFifo && set.batchSize > BATCH_SIZE_WITHOUT_WINDOW_MAX) return batchTooLargeForFifo();
  return set.batchSize > BATCH_SIZE_WITHOUT_WINDOW_MAX && set.windowSeconds === 0 ? windowNeeded() : undefined;
}

function hasDestination({ DestinationConfig: config }: CreateEventSourceMappingInput): boolean {
  return [config?.OnSuccess?.Destination, config?.OnFailure?.Destination].some((arn) => (arn ?? '') !== '');
}

/** Settings of other kinds of sources, and those that only AWS's fleet has. */
function unavailableProblem(input: CreateEventSourceMappingInput): AwsError | undefined {
  const used: readonly (readonly [parameter: string, isUsed: boolean])[] = [
    ['KMSKeyArn', (input.KMSKeyArn ?? '') !== ''],
    ['MetricsConfig', (input.MetricsConfig?.Metrics ?? []).length > 0],
    ['LoggingConfig', input.LoggingConfig !== undefined],
    ['ParallelizationFactor', input.ParallelizationFactor !== undefined],
    ['StartingPosition', input.StartingPosition !== undefined],
    ['StartingPositionTimestamp', input.StartingPositionTimestamp !== undefined],
    ['DestinationConfig', hasDestination(input)],
    ['MaximumRecordAgeInSeconds', input.MaximumRecordAgeInSeconds !== undefined],
    ['BisectBatchOnFunctionError', input.BisectBatchOnFunctionError === true],
    ['MaximumRetryAttempts', input.MaximumRetryAttempts !== undefined],
    ['TumblingWindowInSeconds', (input.TumblingWindowInSeconds ?? 0) > 0],
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
