// The source's settings: which parameters it takes, its batches and filters. AWS: API reference, PipeSourceParameters; user guide, "Amazon EventBridge Pipes
// filtering" and "batching and concurrency".

import type { Dialect } from '#structures/event-pattern/event-pattern.ts';
import { type CompiledSqsFilter, compileSqsFilter } from '#structures/event-pattern/sqs-filter.ts';
import type { PipeSourceParameters } from '#wire/generated/pipes.ts';
import type { SourceSettings } from '../documents.ts';
import { type FieldProblem, INVALID_SOURCE_PARAMETER, notAvailable } from '../errors.ts';
import { BATCH_SIZE_DEFAULT } from '../limits.ts';
import { nameOfService } from './kinds.ts';

/** AWS: user guide, "Comparison operators for use in event patterns", the column of pipes. */
const PIPE_DIALECT: Dialect = {
  operators: new Set([
    'exactly',
    'prefix',
    'suffix',
    'equals-ignore-case',
    'cidr',
    'exists',
    'numeric',
    'anything-but',
  ]),
  anythingBut: new Set(),
  hasNestedForms: true,
};

export function compileFilters(patterns: readonly string[]): CompiledSqsFilter {
  return compileSqsFilter(patterns, PIPE_DIALECT);
}

export function sourceProblems(arn: string, parameters: PipeSourceParameters | undefined): FieldProblem[] {
  if (!arn.startsWith('arn:') || arn.split(':', 3)[2] !== 'sqs') {
    return [notAvailable('Source', `A source of ${nameOfService(arn)}`)];
  }
  const foreign = Object.entries(parameters ?? {}).filter(
    ([name, value]) => value !== undefined && name !== 'FilterCriteria' && name !== 'SqsQueueParameters',
  );
  const problems = foreign.map(([name]) => ({ name: `SourceParameters.${name}`, message: INVALID_SOURCE_PARAMETER }));
  for (const [index, filter] of (parameters?.FilterCriteria?.Filters ?? []).entries()) {
    const name = `SourceParameters.FilterCriteria.Filters[${index}].Pattern`;
    const compiled = compileFilters([filter.Pattern ?? '']);
    if ('problem' in compiled)
      problems.push({ name, message: `Event pattern is not valid. Reason: ${compiled.problem}` });
  }
  return problems;
}

/**
 * AWS: UpdatePipe: service-specific objects are updated "atomically as one", what they leave out gets its default. `batchMax`: what enrichment and target
 * take; the default goes no higher.
 */
export function sourceSettings(
  parameters: PipeSourceParameters | undefined,
  { before, batchMax }: { readonly before: SourceSettings | undefined; readonly batchMax: number },
): SourceSettings {
  const { SqsQueueParameters: queue, FilterCriteria: criteria } = parameters ?? {};
  const kept = queue === undefined ? before : undefined;
  const windowSeconds = queue?.MaximumBatchingWindowInSeconds ?? kept?.windowSeconds;
  const given = criteria?.Filters ?? (criteria === undefined ? undefined : []);
  const filters = given === undefined ? before?.filters : given.map(({ Pattern = '' }) => Pattern);
  return {
    batchSize: queue?.BatchSize ?? Math.min(kept?.batchSize ?? BATCH_SIZE_DEFAULT, batchMax),
    ...(windowSeconds === undefined ? {} : { windowSeconds }),
    ...(filters === undefined || filters.length === 0 ? {} : { filters }),
  };
}

/** AWS: "you can't configure a pipe with a larger batch size than the target supports". The text is plausible. */
export function batchProblems(parameters: PipeSourceParameters | undefined, batchMax: number): FieldProblem[] {
  const batchSize = parameters?.SqsQueueParameters?.BatchSize;
  if (batchSize === undefined || batchSize <= batchMax) return [];
  const message = `BatchSize must not be larger than what enrichment and target support (${batchMax}).`;
  return [{ name: 'SourceParameters.SqsQueueParameters.BatchSize', message }];
}
