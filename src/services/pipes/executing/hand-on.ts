// The target stage: a function gets all events as one array, an API destination its one event; queues, topics, buses and log groups take each event in this very
// turn. AWS: user guide, "Amazon EventBridge Pipes targets", "Batching behavior".

import { utf8Decode } from '#base/bytes.ts';
import { batchItemFailuresOf } from '#model/batch-item-failures.ts';
import { isJson } from '#structures/input-template/template.ts';
import { batchMaxOf, type TargetKind, targetKindOf } from '../settings/kinds.ts';
import { handOverParts } from '../shaping/dynamic.ts';
import { jsonProblem, shapeItems } from '../shaping/input.ts';
import { arrayOf, type Item } from '../shaping/item.ts';
import type { PipesTurn } from '../state.ts';
import { ask } from './ask.ts';
import { type Execution, type ExecutionEnd, type Failure, failed, NONE_FAILED } from './execution.ts';
import { handOnAtOnce, handOnEach } from './hand-over.ts';

export function handOn(turn: PipesTurn, execution: Execution): ExecutionEnd | undefined {
  const { log, pipe, items } = execution;
  if (items.length === 0) {
    log.add(turn, 'TargetStageSkipped');
    return { failedIds: NONE_FAILED };
  }
  log.add(turn, 'TargetStageEntered');
  const kind = targetKindOf(pipe.targetArn);
  const problem = kind === undefined ? 'nothing here takes events of this target' : sizeProblem(kind, items);
  if (kind === undefined || problem !== undefined) {
    return targetFailed(turn, execution, { code: 'BatchTooLarge', detail: problem ?? '' });
  }
  const texts = shapedTexts(turn, execution, kind);
  if ('problem' in texts) return transformationFailed(turn, execution, texts.problem);
  log.add(turn, 'TargetInvocationStarted');
  return invoke(turn, execution, { kind, texts });
}

/** AWS: "if the array is larger than the batch size supported by the target, the pipe won't invoke the target." */
function sizeProblem(kind: TargetKind, items: readonly Item[]): string | undefined {
  const max = batchMaxOf(kind);
  if (items.length <= max) return undefined;
  return `The enrichment answered ${items.length} events; the target takes ${max} at once.`;
}

function shapedTexts(
  turn: PipesTurn,
  { log, pipe, items }: Execution,
  kind: TargetKind,
): readonly string[] | { readonly problem: string } {
  const hasTemplate = pipe.targetParameters.InputTemplate !== undefined;
  if (hasTemplate) log.add(turn, 'TargetTransformationStarted');
  const shaped = shapeItems(pipe.targetParameters, items, { pipe, nowMs: turn.nowMs });
  if ('problem' in shaped) return shaped;
  const problem = kind === 'lambda' ? jsonProblem(shaped.texts) : undefined;
  if (problem !== undefined) return { problem };
  const data = () => ({ payload: arrayOf(shaped.texts) });
  if (hasTemplate) log.add(turn, 'TargetTransformationSucceeded', { data });
  return shaped.texts;
}

function invoke(
  turn: PipesTurn,
  execution: Execution,
  { kind, texts }: { readonly kind: TargetKind; readonly texts: readonly string[] },
): ExecutionEnd | undefined {
  const { pipe, items, isSingle } = execution;
  const arn = pipe.targetArn;
  if (kind === 'lambda') {
    const text = isSingle ? (texts[0] ?? '') : arrayOf(texts);
    const isFireAndForget = pipe.targetParameters.LambdaFunctionParameters?.InvocationType === 'FIRE_AND_FORGET';
    if (isFireAndForget) return handOnAtOnce(turn, execution, text);
    return asked(turn, execution, ask(turn, execution, { stage: 'Target', arn, text, attempt: 0 }));
  }
  if (kind !== 'api-destination') return handOnEach(turn, execution, { kind, texts });
  const parts = handOverParts(pipe, { kind, item: items[0] as Item });
  if ('problem' in parts) return transformationFailed(turn, execution, parts.problem);
  const { parameters } = parts;
  return asked(
    turn,
    execution,
    ask(turn, execution, { stage: 'Target', arn, text: texts[0] ?? '', parameters, attempt: 0 }),
  );
}

function asked(
  turn: PipesTurn,
  execution: Execution,
  failure: { readonly code: string; readonly detail: string } | undefined,
): ExecutionEnd | undefined {
  return failure === undefined ? undefined : targetFailed(turn, execution, failure);
}

/**
 * A target that was asked has answered. Items are named by `messageId`; records of a stream by `eventID` or sequence number. AWS: user guide, "Partial batch failure": a function may name the items that it was not done with. An answer that is not
 * JSON, or a list that is not of the form, fails the whole batch ("Success and failure conditions").
 */
export function targetAnswered(turn: PipesTurn, execution: Execution, payload: Uint8Array): ExecutionEnd {
  const { pipe, log, question } = execution;
  const answer = utf8Decode(payload);
  const data = () => ({ awsRequest: requestOf(question), awsResponse: answer });
  const { events } = execution;
  const failures = targetKindOf(pipe.targetArn) === 'lambda' ? reportedFailures(execution, answer) : new Set<string>();
  if (failures === undefined) {
    const detail =
      'The function reported item failures in a form that cannot be read, or of items that are not in the batch.';
    return targetFailed(turn, execution, { code: 'InvalidBatchItemFailures', detail });
  }
  if (failures.size === 0) {
    log.add(turn, 'TargetInvocationSucceeded', { data });
    return { failedIds: NONE_FAILED };
  }
  const detail = `The function reported ${failures.size} of ${events.length} items as failed.`;
  const failure: Failure = { stage: 'Target', arn: pipe.targetArn, code: 'BatchItemFailures', detail };
  log.add(turn, 'TargetInvocationPartiallyFailed', { data, error: failure });
  return { failedIds: failures, failure };
}

function reportedFailures(execution: Execution, answer: string): Set<string> | undefined {
  if (answer === '') return new Set();
  if (!isJson(answer)) return undefined;
  const value: unknown = JSON.parse(answer);
  if (typeof value !== 'object' || value === null) return new Set();
  const { events } = execution;
  const ids = new Set(events.flatMap(({ messageId, sequenceNumber }) => [messageId, sequenceNumber ?? messageId]));
  const failures = batchItemFailuresOf(value, ids);
  if (failures === undefined || failures.size === 0) return failures;
  const named = events.filter(
    ({ messageId, sequenceNumber }) => failures.has(messageId) || failures.has(sequenceNumber ?? messageId),
  );
  return new Set(named.map(({ messageId }) => messageId));
}

export function targetFailed(
  turn: PipesTurn,
  execution: Execution,
  { code, detail }: { readonly code: string; readonly detail: string },
  response?: Uint8Array,
): ExecutionEnd {
  const { pipe, question, log } = execution;
  const failure: Failure = { stage: 'Target', arn: pipe.targetArn, code, detail };
  const data = () => ({
    awsRequest: requestOf(question),
    ...(response === undefined ? {} : { awsResponse: utf8Decode(response) }),
  });
  log.add(turn, 'TargetInvocationFailed', { data, error: failure });
  return failed(failure);
}

function transformationFailed(turn: PipesTurn, { log, pipe }: Execution, detail: string): ExecutionEnd {
  const failure: Failure = { stage: 'Target', arn: pipe.targetArn, code: 'TransformationFailed', detail };
  log.add(turn, 'TargetTransformationFailed', { error: failure });
  return failed(failure);
}

function requestOf(question: Execution['question']): string {
  return JSON.stringify({ resourceArn: question?.arn, payload: question?.text });
}
