// The outcome of an invocation whose environment never became ready: the same lines and document as AWS gives, with the
// initialisation's output first.

import type { InvocationOutcome, InvocationRequest } from '#services/lambda/invocation.ts';
import type { StartFailure } from './environment.ts';
import { billedMsOf, encodeLogTail, renderEnd, renderReport, renderStart } from './report.ts';

export function failedStartOutcome(
  request: InvocationRequest,
  failure: StartFailure,
  nowMs: number,
): InvocationOutcome {
  const { requestId, config } = request;
  const { payload, errorType, error } = failure.describe(requestId);
  const billedMs = billedMsOf(failure.initMs);
  const texts = [
    renderStart(requestId, config.version),
    renderEnd(requestId),
    renderReport({
      requestId,
      durationMs: failure.initMs,
      billedMs,
      memorySizeMb: config.memoryMb,
      memoryUsedMb: 0,
      status: 'error',
      errorType,
    }),
  ];
  if (error !== undefined) texts.push(`${error.errorMessage}\n${error.errorType}`);
  const lines = [...failure.lines, ...texts.map((text) => ({ atMs: nowMs, text }))];
  return {
    payload,
    functionError: 'Unhandled',
    errorType,
    durationMs: failure.initMs,
    billedMs,
    memoryUsedMb: 0,
    logTail: encodeLogTail(lines.map((line) => line.text)),
    logStream: failure.logStream,
    lines,
  };
}
