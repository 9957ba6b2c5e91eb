// One invocation in one environment: its deadline, its memory watch, its platform log lines and its outcome.

import type {
  FunctionConfig,
  InvocationOutcome,
  InvocationRequest,
  LogLine,
  LogSink,
  LogStreamName,
} from '#services/lambda/invocation.ts';
import type { ChildExit } from './child.ts';
import { peakMemoryMb, residentMemoryMb } from './memory-use.ts';
import {
  billedMsOf,
  encodeLogTail,
  errorPayload,
  exited,
  outOfMemory,
  type PlatformError,
  renderEnd,
  renderReport,
  renderStart,
  responseTooLarge,
  timedOut,
} from './report.ts';
import type { NextInvocation, RuntimeAnswer } from './runtime-api.ts';

export interface RunSurroundings {
  readonly settings: {
    readonly functionKey: string;
    readonly config: FunctionConfig;
    readonly logStream: string;
    readonly nowMs: () => number;
    readonly sink: () => LogSink | undefined;
  };
  readonly pid: number;
  /** Set on the first invocation of the environment. */
  readonly initMs: number | undefined;
  write(text: string): void;
  takeLines(): LogLine[];
  /** Ends the process; the environment then calls `fail`. */
  kill(error: PlatformError, status: 'timeout' | 'error'): void;
}

/** Short enough to catch growth before the machine feels it, long enough to cost nothing. */
const WATCH_MS = 50;
/** Lines go to the sink early once they weigh this much, or once a second. */
const EARLY_FLUSH_BYTES = 256 * 1024;
const WATCHES_PER_FLUSH = 20;
/** A little more than the tail that is returned, because lines are dropped whole. */
const TAIL_CHARACTERS_MAX = 16 * 1024;

interface Ending {
  readonly payload: Uint8Array;
  readonly error?: PlatformError;
  readonly errorType?: string;
  readonly status?: 'error' | 'timeout';
}

export class InvocationRun {
  readonly outcome: Promise<InvocationOutcome>;
  private settle!: (outcome: InvocationOutcome) => void;
  private startedAt = 0;
  private timeout: NodeJS.Timeout | undefined;
  private watch: NodeJS.Timeout | undefined;
  private watchCount = 0;
  private unsentBytes = 0;
  private memoryUsedMb = 0;
  private hasEnded = false;
  private readonly tail: string[] = [];
  private tailCharacters = 0;

  constructor(
    private readonly request: InvocationRequest,
    private readonly around: RunSurroundings,
  ) {
    this.outcome = new Promise((settle) => {
      this.settle = settle;
    });
  }

  get requestId(): string {
    return this.request.requestId;
  }

  begin(): NextInvocation {
    const { request, around } = this;
    const { config } = around.settings;
    this.startedAt = performance.now();
    const timeoutMs = config.timeoutSeconds * 1000;
    this.timeout = setTimeout(() => this.timedOut(), timeoutMs);
    this.watch = setInterval(() => this.look(), WATCH_MS);
    around.write(renderStart(request.requestId, config.version));
    return {
      requestId: request.requestId,
      payload: request.payload ?? new Uint8Array(),
      deadlineMs: Date.now() + timeoutMs,
      invokedArn: request.invokedArn,
      ...(request.traceId === undefined ? {} : { traceId: request.traceId }),
      ...(request.clientContext === undefined ? {} : { clientContext: request.clientContext }),
    };
  }

  /** The environment wrote a line while this invocation ran. */
  wrote(text: string): void {
    this.tail.push(text);
    this.tailCharacters += text.length;
    while (this.tailCharacters > TAIL_CHARACTERS_MAX && this.tail.length > 1) {
      this.tailCharacters -= (this.tail.shift() as string).length;
    }
    this.unsentBytes += text.length;
    if (this.unsentBytes > EARLY_FLUSH_BYTES) this.flush();
  }

  answer(answer: RuntimeAnswer): void {
    if (answer.kind === 'response') this.end({ payload: answer.payload });
    else if (answer.kind === 'error') this.end({ payload: answer.payload, errorType: answer.errorType });
    else this.fail(responseTooLarge(), 'error');
  }

  fail(error: PlatformError, status: 'error' | 'timeout'): void {
    this.end({ payload: errorPayload(error), error, errorType: error.errorType, status });
  }

  exit(exit: ChildExit): void {
    this.fail(exited(this.requestId, exit), 'error');
  }

  /** Neither ends nor tells: the server is stopping. */
  abandon(): void {
    this.hasEnded = true;
    this.stopTimers();
  }

  private timedOut(): void {
    const { requestId, around } = this;
    this.stopTimers();
    around.kill(timedOut(requestId, around.settings.config.timeoutSeconds), 'timeout');
  }

  private look(): void {
    const { around } = this;
    this.watchCount += 1;
    if (this.watchCount % WATCHES_PER_FLUSH === 0) this.flush();
    const residentMb = residentMemoryMb(around.pid);
    this.memoryUsedMb = Math.max(this.memoryUsedMb, residentMb);
    if (residentMb <= around.settings.config.memoryMb) return;
    this.stopTimers();
    around.kill(outOfMemory(this.requestId), 'error');
  }

  private flush(): void {
    const { settings } = this.around;
    this.unsentBytes = 0;
    const sink = settings.sink();
    if (sink === undefined) return;
    const lines = this.around.takeLines();
    if (lines.length > 0) sink(streamOf(settings), lines);
  }

  private stopTimers(): void {
    clearTimeout(this.timeout);
    clearInterval(this.watch);
  }

  private end(ending: Ending): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.stopTimers();
    const { around } = this;
    const { config } = around.settings;
    const durationMs = performance.now() - this.startedAt;
    const figures = {
      durationMs: ending.status === 'timeout' ? config.timeoutSeconds * 1000 : durationMs,
      billedMs: billedMsOf(durationMs, around.initMs),
      memoryUsedMb: Math.min(config.memoryMb, Math.max(this.memoryUsedMb, peakMemoryMb(around.pid))),
      ...(around.initMs === undefined ? {} : { initMs: around.initMs }),
    };
    this.writeEnd(ending, figures);
    this.settle({
      payload: ending.payload,
      ...(ending.errorType === undefined ? {} : { functionError: 'Unhandled', errorType: ending.errorType }),
      ...figures,
      logTail: encodeLogTail(this.tail),
      logStream: around.settings.logStream,
      lines: around.takeLines(),
    });
  }

  private writeEnd(
    ending: Ending,
    figures: { durationMs: number; billedMs: number; memoryUsedMb: number; initMs?: number },
  ): void {
    const { around, request } = this;
    const { config } = around.settings;
    if (ending.status === 'timeout') {
      const at = new Date(around.settings.nowMs()).toISOString();
      around.write(`${at} ${request.requestId} Task timed out after ${config.timeoutSeconds.toFixed(2)} seconds\n`);
    }
    around.write(renderEnd(request.requestId));
    around.write(
      renderReport({
        requestId: request.requestId,
        memorySizeMb: config.memoryMb,
        ...figures,
        ...(ending.status === undefined ? {} : { status: ending.status }),
        ...(ending.error === undefined ? {} : { errorType: ending.error.reportedAs ?? ending.error.errorType }),
        ...(request.traceId === undefined ? {} : { traceId: request.traceId }),
      }),
    );
    if (ending.error !== undefined && ending.status === 'error') {
      around.write(`${ending.error.errorMessage}\n${ending.error.errorType}`);
    }
  }
}

function streamOf(settings: RunSurroundings['settings']): LogStreamName {
  const { functionKey, config, logStream } = settings;
  return { functionKey, region: config.region, logGroup: config.logGroup, logStream };
}
