// The source's settings: which parameters it takes, its batches and filters. AWS: API reference, PipeSourceParameters; user guide, "Amazon EventBridge Pipes
// filtering" and "batching and concurrency".

import { type CompiledSqsFilter, compileSqsFilter } from '#structures/event-pattern/sqs-filter.ts';
import type { PipeSourceParameters } from '#wire/generated/pipes.ts';
import { PIPE_DIALECT } from '../dialect.ts';
import type { SourceSettings } from '../documents.ts';
import { type FieldProblem, INVALID_SOURCE_PARAMETER, notAvailable } from '../errors.ts';
import { BATCH_SIZE_DEFAULT, STREAM_BATCH_SIZE_DEFAULT } from '../limits.ts';
import { streamFilterProblem } from '../streams/filter.ts';
import { streamProblems, streamSettings } from '../streams/settings.ts';
import { nameOfService } from './kinds.ts';

export function compileFilters(patterns: readonly string[]): CompiledSqsFilter {
  return compileSqsFilter(patterns, PIPE_DIALECT);
}

interface Given {
  readonly before: SourceSettings | undefined;
  readonly nowMs: number;
}

export function sourceProblems(
  arn: string,
  parameters: PipeSourceParameters | undefined,
  { before, nowMs }: Given,
): FieldProblem[] {
  const service = arn.startsWith('arn:') ? arn.split(':', 3)[2] : undefined;
  const own = service === undefined || arn.includes('/consumer/') ? undefined : OWN[service];
  if (own === undefined) return [notAvailable('Source', `A source of ${nameOfService(arn)}`)];
  const foreign = Object.entries(parameters ?? {}).filter(
    ([name, value]) => value !== undefined && name !== 'FilterCriteria' && name !== own,
  );
  const problems = foreign.map(([name]) => ({ name: `SourceParameters.${name}`, message: INVALID_SOURCE_PARAMETER }));
  const isStream = service === 'kinesis';
  if (isStream) problems.push(...streamProblems(parameters, before?.stream, nowMs));
  for (const [index, filter] of (parameters?.FilterCriteria?.Filters ?? []).entries()) {
    const name = `SourceParameters.FilterCriteria.Filters[${index}].Pattern`;
    const problem = isStream ? streamFilterProblem(filter.Pattern ?? '') : queueFilterProblem(filter.Pattern ?? '');
    if (problem !== undefined) problems.push({ name, message: `Event pattern is not valid. Reason: ${problem}` });
  }
  return problems;
}

const OWN: Readonly<Record<string, keyof PipeSourceParameters>> = {
  sqs: 'SqsQueueParameters',
  kinesis: 'KinesisStreamParameters',
};

function queueFilterProblem(pattern: string): string | undefined {
  const compiled = compileFilters([pattern]);
  return 'problem' in compiled ? compiled.problem : undefined;
}

/**
 * AWS: UpdatePipe: service-specific objects are updated "atomically as one", what they leave out gets its default. `batchMax`: what enrichment and target
 * take; the default goes no higher.
 */
export function sourceSettings(
  parameters: PipeSourceParameters | undefined,
  given: { readonly before: SourceSettings | undefined; readonly batchMax: number; readonly sourceArn: string },
): SourceSettings {
  const { before, batchMax, sourceArn } = given;
  const { SqsQueueParameters: queue, KinesisStreamParameters: shards, FilterCriteria: criteria } = parameters ?? {};
  const own: SourceBatches | undefined = queue ?? shards;
  const kept = own === undefined ? before : undefined;
  const windowSeconds = own?.MaximumBatchingWindowInSeconds ?? kept?.windowSeconds;
  const listed = criteria?.Filters ?? (criteria === undefined ? undefined : []);
  const filters = listed === undefined ? before?.filters : listed.map(({ Pattern = '' }) => Pattern);
  const isStream = sourceArn.split(':', 3)[2] === 'kinesis';
  const standard = isStream ? STREAM_BATCH_SIZE_DEFAULT : BATCH_SIZE_DEFAULT;
  return {
    batchSize: own?.BatchSize ?? Math.min(kept?.batchSize ?? standard, batchMax),
    ...(windowSeconds === undefined ? {} : { windowSeconds }),
    ...(filters === undefined || filters.length === 0 ? {} : { filters }),
    ...(isStream ? { stream: streamSettings(shards, before?.stream) } : {}),
  };
}

type SourceBatches = {
  readonly BatchSize?: number | undefined;
  readonly MaximumBatchingWindowInSeconds?: number | undefined;
};

/** AWS: "you can't configure a pipe with a larger batch size than the target supports". The text is plausible. */
export function batchProblems(parameters: PipeSourceParameters | undefined, batchMax: number): FieldProblem[] {
  const message = `BatchSize must not be larger than what enrichment and target support (${batchMax}).`;
  const { SqsQueueParameters: queue, KinesisStreamParameters: stream } = parameters ?? {};
  const given = { SqsQueueParameters: queue?.BatchSize, KinesisStreamParameters: stream?.BatchSize };
  return Object.entries(given)
    .filter(([, batchSize]) => batchSize !== undefined && batchSize > batchMax)
    .map(([name]) => ({ name: `SourceParameters.${name}.BatchSize`, message }));
}
