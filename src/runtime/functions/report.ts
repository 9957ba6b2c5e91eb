// The lines that AWS's platform itself writes into a function's log, and the error documents of the platform.
// Source: AWS Lambda developer guide, "Using CloudWatch Logs with Lambda" and "Understanding the Lambda execution
// environment lifecycle"; texts as AWS's runtime interface emulator writes them.

import type { InvocationOutcome } from '#services/lambda/invocation.ts';

export interface ReportFigures {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memorySizeMb: number;
  readonly memoryUsedMb: number;
  readonly initMs?: number;
  readonly status?: 'error' | 'timeout';
  readonly errorType?: string;
  readonly traceId?: string;
}

export function renderStart(requestId: string, version: string): string {
  return `START RequestId: ${requestId} Version: ${version}`;
}

export function renderEnd(requestId: string): string {
  return `END RequestId: ${requestId}`;
}

export function renderReport(figures: ReportFigures): string {
  const parts = [
    `REPORT RequestId: ${figures.requestId}`,
    `Duration: ${figures.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${figures.billedMs} ms`,
    `Memory Size: ${figures.memorySizeMb} MB`,
    `Max Memory Used: ${figures.memoryUsedMb} MB`,
  ];
  if (figures.initMs !== undefined) parts.push(`Init Duration: ${figures.initMs.toFixed(2)} ms`);
  if (figures.traceId !== undefined) parts.push(`XRAY TraceId: ${figures.traceId}`);
  if (figures.status !== undefined) parts.push(`Status: ${figures.status}`);
  if (figures.errorType !== undefined && figures.status === 'error') parts.push(`Error Type: ${figures.errorType}`);
  return `${parts.join('\t')}\t`;
}

/** AWS bills whole milliseconds and, since August 2025, the initialisation with the first invocation. */
export function billedMsOf(durationMs: number, initMs = 0): number {
  return Math.max(1, Math.ceil(durationMs + initMs));
}

export interface PlatformError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** The REPORT line's word, when it is another than the caller's. */
  readonly reportedAs?: string;
}

export function timedOut(requestId: string, timeoutSeconds: number): PlatformError {
  const text = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: ${text}` };
}

export function exited(requestId: string, exit: { code: number | null; signal: string | null }): PlatformError {
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited ${exitReason(exit)}`;
  return { errorType: 'Runtime.ExitError', errorMessage };
}

function exitReason({ code, signal }: { code: number | null; signal: string | null }): string {
  if (signal !== null) return `with error: signal: ${SIGNAL_NAMES[signal] ?? signal.slice(3).toLowerCase()}`;
  return code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
}

/** The words of the Go runtime, in which AWS's platform is written. */
const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGABRT: 'aborted',
  SIGTERM: 'terminated',
  SIGBUS: 'bus error',
  SIGILL: 'illegal instruction',
  SIGFPE: 'floating point exception',
};

export function outOfMemory(requestId: string): PlatformError {
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`;
  return { errorType: 'Runtime.ExitError', errorMessage, reportedAs: 'Runtime.OutOfMemory' };
}

export function invalidEntrypoint(requestId: string, detail: string): PlatformError {
  return { errorType: 'Runtime.InvalidEntrypoint', errorMessage: `RequestId: ${requestId} Error: ${detail}` };
}

/** AWS: 6 MB plus 100 bytes of room for a synchronous response. */
export const RESPONSE_BYTES_MAX = 6_291_556;

export function responseTooLarge(): PlatformError {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
  };
}

export function errorPayload(error: PlatformError): Uint8Array {
  return Buffer.from(JSON.stringify({ errorType: error.errorType, errorMessage: error.errorMessage }));
}

const LOG_TAIL_BYTES_MAX = 4096;

export function encodeLogTail(lines: readonly string[]): InvocationOutcome['logTail'] {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return bytes.subarray(Math.max(0, bytes.length - LOG_TAIL_BYTES_MAX)).toString('base64');
}
