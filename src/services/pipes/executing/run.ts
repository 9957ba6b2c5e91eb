// The steps of an execution, one after the other, as far as they go in this turn.

import type { CallAnswer } from '#cell/callable.ts';
import { arrayOf } from '../shaping/item.ts';
import type { PipesTurn } from '../state.ts';
import { ask, retryOrGiveUp } from './ask.ts';
import { enrich, enriched, enrichmentFailed } from './enrich.ts';
import type { Execution, ExecutionEnd } from './execution.ts';
import { failed } from './execution.ts';
import { handOn, targetAnswered, targetFailed } from './hand-on.ts';

/** Undefined: it waits for an answer. */
export function begin(turn: PipesTurn, execution: Execution): ExecutionEnd | undefined {
  const { log, events, pipe } = execution;
  log.add(turn, 'ExecutionStarted', { data: () => ({ payload: arrayOf(events.map(({ text }) => text)) }) });
  return pipe.enrichmentArn === undefined ? handOn(turn, execution) : enrich(turn, execution, pipe.enrichmentArn);
}

export function takeAnswer(turn: PipesTurn, execution: Execution, answer: CallAnswer): ExecutionEnd | undefined {
  const isEnrichment = execution.question?.stage === 'Enrichment';
  if ('succeeded' in answer) {
    if (!isEnrichment) return targetAnswered(turn, execution, answer.payload);
    return enriched(turn, execution, answer.payload) ?? handOn(turn, execution);
  }
  const failure = retryOrGiveUp(turn, execution, answer.failure);
  if (failure === undefined) return undefined;
  return (isEnrichment ? enrichmentFailed : targetFailed)(turn, execution, failure, answer.payload);
}

export function askAgain(turn: PipesTurn, execution: Execution): ExecutionEnd | undefined {
  const { question } = execution;
  if (question === undefined) return undefined;
  const failure = ask(turn, execution, question);
  if (failure === undefined) return undefined;
  return (question.stage === 'Enrichment' ? enrichmentFailed : targetFailed)(turn, execution, failure);
}

/** AWS: user guide, "Throughput and concurrency behavior": at most five minutes "including the enrichment and target processing". */
export function timeOut(turn: PipesTurn, { log, question, pipe }: Execution): ExecutionEnd {
  const { stage = 'Target', arn = pipe.targetArn } = question ?? {};
  const failure = { stage, arn, code: 'ExecutionTimeout', detail: 'The execution took longer than five minutes.' };
  log.add(turn, 'ExecutionTimeout', { error: failure });
  return failed(failure);
}
