// A request's settings, checked together and put together with what was set before.

import { parseArn } from '#model/arn.ts';
import type { Scope } from '#model/scope.ts';
import type { CreatePipeInput, UpdatePipeInput } from '#wire/generated/pipes.ts';
import type { PipeDoc } from '../documents.ts';
import { type FieldProblem, notAvailable } from '../errors.ts';
import type { PipesTurn } from '../state.ts';
import { enrichmentParameters, enrichmentProblems } from './enrichment.ts';
import { batchMaxOf, targetKindOf } from './kinds.ts';
import { logProblems, logSettings } from './log.ts';
import { batchProblems, sourceProblems, sourceSettings } from './source.ts';
import { targetParameters, targetProblems } from './target.ts';

export type Settings = Pick<
  PipeDoc,
  'source' | 'enrichmentArn' | 'enrichmentParameters' | 'targetArn' | 'targetParameters' | 'log' | 'description'
>;

interface Resolved {
  readonly sourceArn: string;
  readonly targetArn: string;
  readonly enrichmentArn: string | undefined;
  readonly batchMax: number;
}

/** `before`: of an update. */
export function settingsProblems(
  input: CreatePipeInput | UpdatePipeInput,
  before: PipeDoc | undefined,
  { scope, nowMs }: Pick<PipesTurn, 'scope' | 'nowMs'>,
): FieldProblem[] {
  const { sourceArn, targetArn, enrichmentArn, batchMax } = resolve(input, before);
  const problems = [
    ...sourceProblems(sourceArn, input.SourceParameters, { before: before?.source, nowMs }),
    ...enrichmentProblems(enrichmentArn, input.EnrichmentParameters),
    ...targetProblems(targetArn, input.TargetParameters, before?.targetParameters),
    ...batchProblems(input.SourceParameters, batchMax),
    ...logProblems(input.LogConfiguration),
    ...loopProblems(sourceArn, targetArn),
    ...(targetArn === before?.targetArn ? [] : placeProblems(targetArn, scope)),
  ];
  if ((input.KmsKeyIdentifier ?? '') !== '') problems.push(notAvailable('KmsKeyIdentifier', 'A customer managed key'));
  return problems;
}

/** Messages would go round without end. AWS does not say that it refuses this. */
function loopProblems(sourceArn: string, targetArn: string): FieldProblem[] {
  return sourceArn === targetArn ? [{ name: 'Target', message: 'A pipe cannot hand on to its own source.' }] : [];
}

/**
 * AWS: user guide, "Amazon EventBridge Pipes targets": "Event bus in the same account and Region", "SNS FIFO topics not supported". The texts are plausible.
 * A pipe that has such a target from before keeps it.
 */
function placeProblems(targetArn: string, { account, region }: Scope): FieldProblem[] {
  const arn = parseArn(targetArn);
  const isElsewhere = arn?.account !== account || arn.region !== region;
  if (targetKindOf(targetArn) === 'bus' && isElsewhere) {
    return [{ name: 'Target', message: 'An event bus must be in the account and Region of the pipe.' }];
  }
  if (targetKindOf(targetArn) === 'sns' && targetArn.endsWith('.fifo')) {
    return [{ name: 'Target', message: 'A FIFO topic is not supported as a target.' }];
  }
  return [];
}

/** Of a request without problems. */
export function settingsOf(input: CreatePipeInput | UpdatePipeInput, before: PipeDoc | undefined): Settings {
  const { sourceArn, targetArn, enrichmentArn, batchMax } = resolve(input, before);
  const description = input.Description ?? before?.description;
  const log = logSettings(input.LogConfiguration, before?.log);
  return {
    source: sourceSettings(input.SourceParameters, { before: before?.source, batchMax, sourceArn }),
    ...(enrichmentArn === undefined ? {} : { enrichmentArn }),
    enrichmentParameters: plain(
      enrichmentParameters(input.EnrichmentParameters, { arn: enrichmentArn, before: before?.enrichmentParameters }),
    ),
    targetArn,
    targetParameters: plain(
      targetParameters(input.TargetParameters, { arn: targetArn, before: before?.targetParameters }),
    ),
    ...(description === undefined || description === '' ? {} : { description }),
    ...(log === undefined ? {} : { log }),
  };
}

function resolve(input: CreatePipeInput | UpdatePipeInput, before: PipeDoc | undefined): Resolved {
  const targetArn = input.Target ?? before?.targetArn ?? '';
  const enrichmentArn = (input.Enrichment ?? before?.enrichmentArn) || undefined;
  const kinds = [targetArn, enrichmentArn].flatMap((arn) => (arn === undefined ? [] : (targetKindOf(arn) ?? [])));
  const batchMax = Math.min(10_000, ...kinds.map(batchMaxOf));
  const sourceArn = before?.sourceArn ?? ('Source' in input ? input.Source : undefined) ?? '';
  return { sourceArn, targetArn, enrichmentArn, batchMax };
}

/** As the document is read back: no members without a value. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
