// The enrichment and its parameters. AWS: user guide, "Event enrichment in Amazon EventBridge Pipes".

import type { PipeEnrichmentParameters } from '#wire/generated/pipes.ts';
import { type FieldProblem, INVALID_ENRICHMENT_PARAMETER, notAvailable } from '../errors.ts';
import { enrichmentKindOf, nameOfService } from './kinds.ts';
import { templateProblems } from './template-problems.ts';

/** `arn`: of the pipe as it will be. */
export function enrichmentProblems(
  arn: string | undefined,
  parameters: PipeEnrichmentParameters | undefined,
): FieldProblem[] {
  if (arn === undefined) {
    const isEmpty = Object.values(parameters ?? {}).every((value) => value === undefined || value === '');
    return isEmpty ? [] : [{ name: 'EnrichmentParameters', message: INVALID_ENRICHMENT_PARAMETER }];
  }
  const kind = enrichmentKindOf(arn);
  if (kind === undefined) return [notAvailable('Enrichment', `An enrichment of ${nameOfService(arn)}`)];
  const problems = templateProblems('EnrichmentParameters.InputTemplate', parameters?.InputTemplate);
  if (kind === 'lambda' && parameters?.HttpParameters !== undefined) {
    problems.push({ name: 'EnrichmentParameters.HttpParameters', message: INVALID_ENRICHMENT_PARAMETER });
  }
  return problems;
}

export function enrichmentParameters(
  given: PipeEnrichmentParameters | undefined,
  { arn, before }: { readonly arn: string | undefined; readonly before: PipeEnrichmentParameters | undefined },
): PipeEnrichmentParameters {
  if (arn === undefined) return {};
  const InputTemplate = given?.InputTemplate ?? before?.InputTemplate ?? '';
  const http = given?.HttpParameters ?? before?.HttpParameters;
  const takesHttp = enrichmentKindOf(arn) === 'api-destination';
  return {
    ...(InputTemplate === '' ? {} : { InputTemplate }),
    ...(http === undefined || !takesHttp ? {} : { HttpParameters: http }),
  };
}
