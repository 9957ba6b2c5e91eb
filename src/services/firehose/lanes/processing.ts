// A batch is processed: prepared (decompressed, split), then given to the function in pieces of its buffer's size. What comes out waits for the
// destination as packs in the journal, so that a destination that is down does not have the function asked again. AWS: Firehose developer guide,
// "Transform source data in Amazon Data Firehose", "Handle failure in data transformation".

import type { CallAnswer } from '#cell/callable.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import type { Outcome, Turn } from '#cell/turn.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { DROPPED_TOLD_MAX, LAMBDA_EVENT_DATA_MAX } from '../limits.ts';
import {
  type FailedRecord,
  PREPARE_RECORDS,
  type Preparation,
  type Prepared,
  type PreparedPack,
} from '../performing.ts';
import type { LambdaPlan, ProcessPlan } from '../plan.ts';
import { decodePack, encodePack, type FirehoseRecord } from '../record-pack.ts';
import { mayAssumeRole, sessionOf } from '../role.ts';
import type { FirehoseState, FirehoseTurn } from '../state.ts';
import { completeBatch, failBatch } from './end-batch.ts';
import { eventOf, readAnswer } from './function-event.ts';
import { type Chunk, type ErrorGroup, type FoundRun, findRun, s3Of } from './running.ts';
import { whyNotWritable } from './to-s3.ts';
import { writeErrors } from './write-errors.ts';

export const PREPARED = 'prepared';
const FAILED = 'processing-failed';

export function startProcessing(found: FoundRun, preparation: ProcessPlan['preparation']): void {
  const { run, turn } = found;
  const input: Preparation = { ...preparation, blocks: run.blocks };
  const { payloads, subject } = run;
  turn.perform({ performer: PREPARE_RECORDS, input, payloads, then: { reaction: PREPARED, subject } });
}

export function prepared(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const found = findRun(turn, subject);
  if (found === undefined) return;
  if ('failed' in outcome) {
    failBatch(found, { code: 'InternalError', message: outcome.failed }, {});
    return;
  }
  const { run, content } = found;
  const { packs, failed } = outcome.result as Prepared;
  if (failed.length > 0) run.errors.push(errorGroup(found, { failed, attemptsMade: 1 }));
  const lambda = content.plan.process?.lambda;
  if (lambda === undefined) {
    run.packs = packs;
    finish(found);
    return;
  }
  const chunks = chunksOf(
    packs.flatMap(({ pack }) => decodePack(pack)),
    lambda,
  );
  run.transformation = { packs, chunks, at: 0, made: [], failed: [], dropped: [] };
  callNext(found, lambda);
}

function chunksOf(records: readonly FirehoseRecord[], { bufferBytes }: LambdaPlan): readonly Chunk[] {
  const most = Math.min(bufferBytes, LAMBDA_EVENT_DATA_MAX);
  const chunks: Chunk[] = [];
  let from = 0;
  let bytes = 0;
  for (const [i, { data }] of records.entries()) {
    if (i > from && bytes + data.length > most) {
      chunks.push({ records: records.slice(from, i), firstIndex: from });
      from = i;
      bytes = 0;
    }
    bytes += data.length;
  }
  if (from < records.length) chunks.push({ records: records.slice(from), firstIndex: from });
  return chunks;
}

function callNext(found: FoundRun, lambda: LambdaPlan): void {
  const { run, content, turn } = found;
  const { transformation } = run;
  const chunk = transformation?.chunks[transformation.at];
  if (chunk === undefined) {
    transformed(found, lambda);
    return;
  }
  if (!mayAssumeRole(turn, content.doc, lambda.roleArn)) {
    const detail = 'Access was denied. Ensure that the access policy allows access to the Lambda function.';
    callFailed(found, lambda, { code: 'Lambda.AccessDenied', detail, isRetryable: true });
    return;
  }
  const callable = turn.doors.callables.get('lambda');
  const failure = callable?.call(turn, {
    targetArn: lambda.functionArn,
    sourceArn: content.doc.arn,
    principal: sessionOf(turn, content.doc, lambda.roleArn),
    text: eventOf(turn, content.doc, chunk),
    asker: { service: 'firehose', subject: run.subject },
  });
  if (callable === undefined) {
    callFailed(found, lambda, { code: 'Lambda.NotAvailable', detail: 'There is no Lambda here.', isRetryable: true });
  } else if (failure !== undefined) callFailed(found, lambda, { ...failure, code: `Lambda.${failure.code}` });
}

/** The function has answered. */
export function answered(asked: Turn, subject: string, answer: CallAnswer): void {
  const turn = asked as Turn<FirehoseState>;
  const found = findRun(turn, subject);
  const lambda = found?.content.plan.process?.lambda;
  if (found === undefined || lambda === undefined) return;
  const { transformation } = found.run;
  const chunk = transformation?.chunks[transformation.at];
  if (transformation === undefined || chunk === undefined) return;
  if ('failure' in answer) {
    callFailed(found, lambda, functionFailure(answer));
    return;
  }
  const { made, failed, dropped } = readAnswer(chunk, answer.payload);
  transformation.made.push(...made);
  transformation.failed.push(...failed);
  const told = dropped.slice(0, DROPPED_TOLD_MAX - transformation.dropped.length);
  transformation.dropped.push(...told.map(({ data }) => fingerprintOf(turn.digest, data)));
  transformation.at += 1;
  callNext(found, lambda);
}

/** A function that was called and failed answers with a payload; as AWS, it is called again like one that cannot be reached. */
function functionFailure({
  failure,
  payload,
}: Extract<CallAnswer, { readonly failure: DeliveryFailure }>): DeliveryFailure {
  if (payload === undefined) return { ...failure, code: `Lambda.${failure.code}` };
  const detail = 'The Lambda function was successfully invoked but it returned an error result.';
  return { code: 'Lambda.FunctionError', detail, isRetryable: true };
}

/** Within the number of retries the whole batch is processed again; after that the piece's records have failed. */
function callFailed(found: FoundRun, lambda: LambdaPlan, failure: DeliveryFailure): void {
  const { run } = found;
  const { transformation } = run;
  const chunk = transformation?.chunks[transformation.at];
  if (transformation === undefined || chunk === undefined) return;
  const { code, detail: message } = failure;
  if (failure.isRetryable && run.attempts < lambda.retries) {
    failBatch(found, { code, message }, { processor: lambda.functionArn });
    return;
  }
  for (let i = 0; i < chunk.records.length; i += 1) {
    transformation.failed.push({ index: chunk.firstIndex + i, code, message });
  }
  transformation.at += 1;
  callNext(found, lambda);
}

function transformed(found: FoundRun, lambda: LambdaPlan): void {
  const { run } = found;
  const { transformation } = run;
  if (transformation === undefined) return;
  const { made, failed, packs } = transformation;
  const members = { lambdaArn: lambda.functionArn };
  const attemptsMade = run.attempts + 1;
  if (failed.length > 0) {
    run.errors.push(errorGroup(found, { failed, attemptsMade, members, packs: packs.map(({ pack }) => pack) }));
  }
  run.packs = made.length === 0 ? [] : [packOf(made)];
  finish(found);
}

function packOf(records: readonly FirehoseRecord[]): PreparedPack {
  const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
  return { pack: encodePack(records), count: records.length, bytes };
}

/** Where error records are to be written and cannot be, the batch waits, and is processed again then. */
function finish(found: FoundRun): void {
  const { run, content } = found;
  const denied = run.errors.length > 0 ? whyNotWritable(found, s3Of(content, run.lane)) : undefined;
  if (denied !== undefined) {
    failBatch(found, denied, {});
    return;
  }
  run.finish = (ended) => completeBatch(ended, 'transformed');
  writeErrors(found);
}

function errorGroup(
  { turn }: FoundRun,
  given: {
    readonly failed: readonly FailedRecord[];
    readonly attemptsMade: number;
    readonly members?: Readonly<Record<string, unknown>>;
    readonly packs?: readonly Uint8Array[];
  },
): ErrorGroup {
  const { failed, attemptsMade, members = {}, packs } = given;
  return {
    type: FAILED,
    input: {
      failed,
      attemptsMade,
      codeMember: 'errorCode',
      messageMember: 'errorMessage',
      attemptEndedAtMs: turn.nowMs,
      hasSequence: false,
      members,
      ...(packs === undefined ? {} : { packs }),
    },
  };
}
