// The outcome of an invocation: its lines go to the log, then whoever waited for it goes on.

import type { Outcome, Turn } from '#cell/turn.ts';
import { workOn } from '../after-capacity.ts';
import { attemptEnded } from '../asynchronous/attempt-ended.ts';
import { callEnded } from '../callable.ts';
import { performerFailed } from '../errors.ts';
import type { InvocationOutcome } from '../invocation.ts';
import { batchEnded } from '../polling/batch-ended.ts';
import type { LambdaState, RunningInvocation } from '../state.ts';
import { streamBatchEnded } from '../streams/batch-ended.ts';
import { countRunning } from './capacity.ts';
import { writeLog } from './write-log.ts';

export function invocationEnded(turn: Turn<LambdaState>, subject: string, outcome: Outcome): void {
  const { running } = turn.state;
  const invocation = running.invocations.get(subject);
  if (invocation === undefined) return;
  running.invocations.delete(subject);
  countRunning(turn.state, invocation.functionKey, -1);
  const result = 'result' in outcome ? (outcome.result as InvocationOutcome) : notRun(outcome.failed);
  const { scope, functionKey, version, logGroup: group } = invocation;
  writeLog(turn, { scope, functionKey, version, group, stream: result.logStream, lines: result.lines });
  if (invocation.kind === 'synchronous') answer(turn, invocation, { result, outcome });
  else if (invocation.kind === 'asynchronous') attemptEnded(turn, invocation, result);
  else if (invocation.kind === 'call') callEnded(turn, invocation, { result, outcome });
  else if (invocation.kind === 'stream-batch') {
    streamBatchEnded(turn, invocation, { result, wasInvoked: 'result' in outcome });
  } else batchEnded(turn, invocation, result);
  workOn(turn, invocation.functionKey);
}

function answer(
  turn: Turn<LambdaState>,
  invocation: Extract<RunningInvocation, { kind: 'synchronous' }>,
  { result, outcome }: { readonly result: InvocationOutcome; readonly outcome: Outcome },
): void {
  if ('failed' in outcome) {
    turn.resolve(invocation.ticket, { refused: performerFailed(outcome.failed) });
    return;
  }
  turn.resolve(invocation.ticket, {
    output: {
      StatusCode: 200,
      ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
      ...(invocation.wantsTail ? { LogResult: result.logTail } : {}),
      Payload: result.payload,
      ExecutedVersion: invocation.version,
    },
  });
}

/** The runtime could not even try. */
function notRun(detail: string): InvocationOutcome {
  return {
    payload: new Uint8Array(),
    functionError: 'Unhandled',
    errorType: 'ServiceException',
    durationMs: 0,
    billedMs: 0,
    memoryUsedMb: 0,
    logTail: '',
    logStream: '',
    lines: [],
    detail,
  } as InvocationOutcome;
}
