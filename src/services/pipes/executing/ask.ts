// Asking an enrichment, or a target that answers. What it could not take now is asked again a little later, as long as its messages stay hidden. AWS: user guide,
// "Error handling and troubleshooting": Pipes "automatically retries enrichment and target invocation on any retryable AWS failures".

import type { DeliveryFailure } from '#cell/target.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import { PipeAsked, PipeRetryPlanned } from '../facts.ts';
import { RETRY_DELAYS_MS } from '../limits.ts';
import { sessionOf } from '../role.ts';
import type { PipesTurn } from '../state.ts';
import { type Execution, messageIdsOf, type Question } from './execution.ts';

/** Undefined: the answer comes later, or it is asked again later. A failure is for good. */
export function ask(turn: PipesTurn, execution: Execution, question: Question): DeliveryFailure | undefined {
  execution.question = question;
  question.attempt += 1;
  const { pipe, id } = execution;
  const { arn, text, parameters } = question;
  const principal = sessionOf(turn, pipe);
  const own = turn.within(scopeOf(pipe.account, pipe.region), principal);
  const callable = turn.doors.callables.get(parseArn(arn)?.service ?? '');
  if (callable === undefined) {
    return { code: 'TargetNotAvailable', detail: `nothing here answers for ${arn}`, isRetryable: false };
  }
  const failure = callable.call(own, {
    targetArn: arn,
    sourceArn: pipe.arn,
    principal,
    text,
    asker: { service: 'pipes', subject: `${id}/${question.attempt}` },
    ...(parameters === undefined ? {} : { parameters }),
  });
  if (failure !== undefined) return retryOrGiveUp(turn, execution, failure);
  const { key, endsAtMs } = execution;
  const messageIds = messageIdsOf(execution);
  turn.record(PipeAsked, { pipe: key, execution: id, askedArn: arn, messageIds, endsAtMs });
  return undefined;
}

/** The failure when it is for good, or undefined when the question is asked again. */
export function retryOrGiveUp(
  turn: PipesTurn,
  execution: Execution,
  failure: DeliveryFailure,
): DeliveryFailure | undefined {
  const { question, batch, endsAtMs, key, id } = execution;
  if (question === undefined || !failure.isRetryable) return failure;
  const step = Math.min(question.attempt, RETRY_DELAYS_MS.length) - 1;
  const dueAtMs = turn.nowMs + Math.max(RETRY_DELAYS_MS[step] ?? 0, failure.retryAfterMs ?? 0);
  if (dueAtMs >= Math.min(endsAtMs, batch.hiddenUntilMs)) return failure;
  const { code, detail } = failure;
  const messageIds = messageIdsOf(execution);
  turn.record(PipeRetryPlanned, {
    pipe: key,
    execution: id,
    askedArn: question.arn,
    messageIds,
    code,
    detail,
    dueAtMs,
  });
  return undefined;
}
