// The enrichment stage: the events go to a function as one array, or to an API destination as one event; its answer is what the target gets. AWS: user guide,
// "Event enrichment in Amazon EventBridge Pipes".

import { utf8Decode } from '#base/bytes.ts';
import { PipeBatchEnriched } from '../facts.ts';
import { BATCH_BYTES_MAX } from '../limits.ts';
import { enrichmentKindOf } from '../settings/kinds.ts';
import { enrichmentParts } from '../shaping/dynamic.ts';
import { jsonProblem, shapeItems } from '../shaping/input.ts';
import { arrayOf, enrichedItems, type Item } from '../shaping/item.ts';
import type { PipesTurn } from '../state.ts';
import { ask } from './ask.ts';
import { type Execution, type ExecutionEnd, type Failure, failed, messageIdsOf, type Question } from './execution.ts';

export function enrich(turn: PipesTurn, execution: Execution, arn: string): ExecutionEnd | undefined {
  const { log } = execution;
  log.add(turn, 'EnrichmentStageEntered');
  const question = questionOf(turn, execution, arn);
  if ('problem' in question) {
    const failure: Failure = { stage: 'Enrichment', arn, code: 'TransformationFailed', detail: question.problem };
    log.add(turn, 'EnrichmentTransformationFailed', { error: failure });
    return stageFailed(turn, execution, failure);
  }
  log.add(turn, 'EnrichmentInvocationStarted');
  const failure = ask(turn, execution, question);
  return failure === undefined ? undefined : enrichmentFailed(turn, execution, failure);
}

function questionOf(
  turn: PipesTurn,
  { pipe, events, log }: Execution,
  arn: string,
): Question | { readonly problem: string } {
  const { enrichmentParameters } = pipe;
  const hasTemplate = enrichmentParameters.InputTemplate !== undefined;
  if (hasTemplate) log.add(turn, 'EnrichmentTransformationStarted');
  const shaped = shapeItems(enrichmentParameters, events, { pipe, nowMs: turn.nowMs });
  if ('problem' in shaped) return shaped;
  const isFunction = enrichmentKindOf(arn) === 'lambda';
  const problem = isFunction ? jsonProblem(shaped.texts) : undefined;
  if (problem !== undefined) return { problem };
  const text = isFunction ? arrayOf(shaped.texts) : (shaped.texts[0] ?? '');
  if (hasTemplate) log.add(turn, 'EnrichmentTransformationSucceeded', { data: () => ({ payload: text }) });
  const parts = isFunction ? {} : enrichmentParts(pipe, events[0] as Item);
  return 'problem' in parts ? parts : { stage: 'Enrichment', arn, text, ...parts, attempt: 0 };
}

/** The answer becomes the items; undefined when the target stage may begin. */
export function enriched(turn: PipesTurn, execution: Execution, payload: Uint8Array): ExecutionEnd | undefined {
  const { log, key, question } = execution;
  const arn = question?.arn ?? '';
  if (payload.length > BATCH_BYTES_MAX) {
    const detail = `The enrichment answered more than ${BATCH_BYTES_MAX} bytes.`;
    return enrichmentFailed(turn, execution, { code: 'ResponseTooLarge', detail });
  }
  const answer = utf8Decode(payload);
  log.add(turn, 'EnrichmentInvocationSucceeded', {
    data: () => ({ awsRequest: requestOf(question), awsResponse: answer }),
  });
  const { items, isArray } = enrichedItems(answer);
  execution.items = items;
  execution.isSingle = !isArray;
  log.add(turn, 'EnrichmentStageSucceeded', { data: () => ({ payload: answer }) });
  const messageIds = messageIdsOf(execution);
  turn.record(PipeBatchEnriched, { pipe: key, askedArn: arn, messageIds, eventCount: items.length });
  return undefined;
}

export function enrichmentFailed(
  turn: PipesTurn,
  execution: Execution,
  { code, detail }: { readonly code: string; readonly detail: string },
  response?: Uint8Array,
): ExecutionEnd {
  const { question, log } = execution;
  const failure: Failure = { stage: 'Enrichment', arn: question?.arn ?? '', code, detail };
  const data = () => ({
    awsRequest: requestOf(question),
    ...(response === undefined ? {} : { awsResponse: utf8Decode(response) }),
  });
  log.add(turn, 'EnrichmentInvocationFailed', { data, error: failure });
  return stageFailed(turn, execution, failure);
}

function stageFailed(turn: PipesTurn, { log }: Execution, failure: Failure): ExecutionEnd {
  log.add(turn, 'EnrichmentStageFailed', { error: failure });
  return failed(failure);
}

function requestOf(question: Question | undefined): string {
  return JSON.stringify({ resourceArn: question?.arn, payload: question?.text });
}
