// A batch of a stream was invoked: it is done, or tried again as the mapping says, or given up. AWS: Lambda developer guide, "Configuring partial batch response with
// Kinesis": of the items that a function names, the lowest sequence number is the new checkpoint.

import { utf8Decode, utf8Length } from '#base/bytes.ts';
import { batchItemFailuresOf } from '#model/batch-item-failures.ts';
import type { Window, Work } from '#structures/shard-reading/records.ts';
import type { ShardReader } from '#structures/shard-reading/shard-reader.ts';
import type { LambdaTurn } from '../find-function.ts';
import type { InvocationOutcome } from '../invocation.ts';
import { WINDOW_STATE_BYTES_MAX } from '../limits.ts';
import type { RunningInvocation } from '../state.ts';
import { discard } from './discard.ts';
import * as facts from './facts.ts';
import type { FunctionRecord } from './function-record.ts';
import { pollCrowdedOut, pollStream } from './poll.ts';
import { type FunctionRun, openStream } from './source.ts';

type StreamInvocation = Extract<RunningInvocation, { kind: 'stream-batch' }>;

interface Ended {
  readonly run: FunctionRun;
  readonly reader: ShardReader<FunctionRecord>;
  readonly invocation: StreamInvocation;
  readonly result: InvocationOutcome;
  readonly wasInvoked: boolean;
}

export function streamBatchEnded(
  turn: LambdaTurn,
  invocation: StreamInvocation,
  { result, wasInvoked }: Pick<Ended, 'result' | 'wasInvoked'>,
): void {
  const { mappingKey, runId, shardId, work } = invocation.batch;
  const run = turn.state.running.streams.get(mappingKey);
  const reader = run?.readers.get(shardId);
  // The mapping was deleted, or its stream.
  if (run === undefined || reader === undefined || run.id !== runId) return;
  const ended: Ended = { run, reader, invocation, result, wasInvoked };
  const answer = answerOf(run, work, result);
  if (answer.window !== undefined) reader.window = answer.window ?? undefined;
  if (answer.doneCount === work.records.length && answer.errorType === undefined) succeed(turn, ended, answer);
  else fail(turn, ended, answer);
  pollStream(turn, mappingKey);
  pollCrowdedOut(turn);
}

interface Answer {
  /** Records at the head that are done. */
  readonly doneCount: number;
  readonly errorType: string | undefined;
  /** What became of the window; null: it is over. */
  readonly window: Window | null | undefined;
}

function answerOf(run: FunctionRun, work: Work<FunctionRecord>, result: InvocationOutcome): Answer {
  const failed = (errorType: string): Answer => ({ doneCount: 0, errorType, window: undefined });
  if (result.functionError !== undefined) return failed(result.errorType ?? 'Unhandled');
  const answer = jsonOf(result.payload);
  const doneCount = run.cause.reportsItemFailures ? doneOf(work, answer) : work.records.length;
  if (doneCount === undefined) return failed('InvalidBatchItemFailures');
  const errorType = doneCount < work.records.length ? 'ReportedBatchItemFailures' : undefined;
  if (work.window === undefined) return { doneCount, errorType, window: undefined };
  if (work.window.isFinal) return { doneCount, errorType, window: null };
  // AWS, "Tumbling windows": an answer without a state is a failed invocation.
  const state = (answer as { readonly state?: unknown } | null | undefined)?.state;
  if (typeof state !== 'object' || state === null) return failed('MissingWindowState');
  return { doneCount, errorType, window: windowWith(work.window, JSON.stringify(state)) };
}

function windowWith({ startMs, endMs }: Window, state: string): Window {
  return { startMs, endMs, state, isTerminatedEarly: utf8Length(state) > WINDOW_STATE_BYTES_MAX };
}

/** Undefined: the answer is not of the form, or names what is not in the batch; all of it failed. */
function doneOf({ records }: Work<FunctionRecord>, answer: unknown): number | undefined {
  if (answer === null) return records.length;
  if (typeof answer !== 'object') return undefined;
  const failed = batchItemFailuresOf(answer, new Set(records.map(({ sequenceNumber }) => sequenceNumber)));
  if (failed === undefined) return undefined;
  const first = records.findIndex(({ sequenceNumber }) => failed.has(sequenceNumber));
  return first === -1 ? records.length : first;
}

function succeed(turn: LambdaTurn, { reader, invocation }: Ended, { window }: Answer): void {
  reader.finish(invocation.batch.work);
  turn.record(facts.StreamBatchInvoked, { ...factOf(invocation, reader), window });
}

function fail(turn: LambdaTurn, { run, reader, invocation, result, wasInvoked }: Ended, answer: Answer): void {
  const { work, mappingKey } = invocation.batch;
  const { doneCount, errorType = 'Unhandled', window } = answer;
  const verdict = reader.fail(work, { nowMs: turn.nowMs, doneCount, isUncounted: !wasInvoked });
  turn.record(facts.StreamBatchFailed, {
    ...factOf(invocation, reader),
    errorType,
    verdict: verdict.kind,
    doneCount,
    retryAtMs: 'dueAtMs' in verdict ? verdict.dueAtMs : undefined,
    window,
  });
  const [rest] = verdict.rest;
  const open = openStream(turn, mappingKey);
  if (verdict.kind !== 'give-up' || rest === undefined) return;
  if (open === undefined) {
    // The function is gone: whoever reads next begins behind the last checkpoint.
    turn.state.running.streams.delete(mappingKey);
    return;
  }
  const { requestId, version } = invocation;
  const failure = { version, functionError: result.functionError };
  discard({ ...open, run }, { reader, work: rest, condition: 'RetryAttemptsExhausted', requestId, failure });
}

function factOf({ requestId, batch }: StreamInvocation, reader: ShardReader<FunctionRecord>) {
  const { mappingKey: mapping, shardId: shard, functionArn, work } = batch;
  const { lanes } = reader.progress;
  return { mapping, shard, functionArn, requestId, ...spanOf(work), lanes, lane: work.lane };
}

export function spanOf({ records }: Work<FunctionRecord>): { first: string; last: string; count: number } {
  const first = records[0]?.sequenceNumber ?? '';
  return { first, last: records[records.length - 1]?.sequenceNumber ?? '', count: records.length };
}

/** Undefined: not JSON. An empty answer is none: AWS takes it as success. */
function jsonOf(payload: Uint8Array): unknown {
  const text = utf8Decode(payload);
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
