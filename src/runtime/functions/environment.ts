// One execution environment: a child process that speaks the Runtime API, its own scratch folder and log stream. It runs
// one invocation at a time; whatever ends the process ends the environment, and the pool starts another when needed.
// Phases: starting → idle ⇄ busy → dead.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  FunctionConfig,
  InvocationOutcome,
  InvocationRequest,
  LogLine,
  LogSink,
} from '#services/lambda/invocation.ts';
import { afterPendingOutput, Child, type ChildExit } from './child.ts';
import { environmentVariables } from './environment-variables.ts';
import { InvocationRun } from './invocation-run.ts';
import { OutputLines } from './output-lines.ts';
import { errorPayload, exited, invalidEntrypoint, type PlatformError, timedOut } from './report.ts';
import { type RuntimeAnswer, RuntimeApi } from './runtime-api.ts';

export interface EnvironmentSettings {
  readonly functionKey: string;
  readonly config: FunctionConfig;
  readonly scratch: string;
  readonly taskRoot: string;
  readonly program: { readonly command: string; readonly args: readonly string[] };
  readonly logStream: string;
  /** First lines of the log: that another interpreter runs than the one named. */
  readonly notes: readonly string[];
  readonly nowMs: () => number;
  readonly sink: () => LogSink | undefined;
}

export interface EnvironmentListener {
  /** May take an invocation. */
  idle(environment: ExecutionEnvironment): void;
  /** Is gone. `failure` is set when it never became ready: what the first invocation that waits for it is told. */
  dead(environment: ExecutionEnvironment, failure: StartFailure | undefined): void;
}

/** Why an environment never became ready, told to the invocation that waited for it. */
export interface StartFailure {
  readonly initMs: number;
  readonly logStream: string;
  readonly lines: readonly LogLine[];
  describe(requestId: string): StartFailureText;
}

export interface StartFailureText {
  readonly payload: Uint8Array;
  readonly errorType: string;
  /** Undefined when the runtime itself reported, and logged, what went wrong. */
  readonly error?: PlatformError;
}

const IDLE_LINES_MAX = 1_000;
/** AWS gives the init phase 10 seconds, and after that once more the function's timeout. */
const INIT_SECONDS_MAX = 10;

export class ExecutionEnvironment {
  private phase: 'starting' | 'idle' | 'busy' | 'dead' = 'starting';
  private readonly lines: LogLine[] = [];
  private readonly output = new OutputLines((text) => this.write(text));
  private api: RuntimeApi | undefined;
  private child: Child | undefined;
  private run: InvocationRun | undefined;
  private initMs: number | undefined;
  private initTimer: NodeJS.Timeout | undefined;
  private readonly startedAt = performance.now();
  /** Has been idle once: it was ready. */
  hasServed = false;
  /** When it last became idle, for expiry. */
  idleSince = 0;

  constructor(
    readonly settings: EnvironmentSettings,
    private readonly listener: EnvironmentListener,
  ) {}

  async start(): Promise<void> {
    const { settings } = this;
    try {
      const temporaryFolder = join(settings.scratch, 'tmp');
      await mkdir(temporaryFolder, { recursive: true, mode: 0o700 });
      this.api = await RuntimeApi.open({
        ready: () => this.ready(),
        initFailed: (payload, errorType) => this.initFailed(payload, errorType),
        answered: (answer) => this.answered(answer),
      });
      if (this.phase === 'dead') return this.api.close();
      for (const note of settings.notes) this.write(note);
      this.spawn(temporaryFolder, this.api.address);
    } catch (error) {
      this.cannotStart(error as Error);
    }
  }

  /** Runs one invocation. Only when idle. */
  invoke(request: InvocationRequest): Promise<InvocationOutcome> {
    if (this.phase !== 'idle') throw new Error(`an environment that is ${this.phase} takes no invocation`);
    this.phase = 'busy';
    const { initMs } = this;
    this.initMs = undefined;
    const run = new InvocationRun(request, {
      settings: this.settings,
      pid: this.child?.pid ?? 0,
      initMs,
      write: (text) => this.write(text),
      takeLines: () => this.lines.splice(0),
      kill: (error, status) => this.killFor(error, status),
    });
    this.run = run;
    (this.api as RuntimeApi).dispatch(run.begin());
    return run.outcome;
  }

  /** Ends it now, whatever it does. */
  end(): void {
    this.die(undefined);
  }

  /** Ends it without a word: nobody is there any more to hear what became of its invocation. */
  abandon(): void {
    this.phase = 'dead';
    clearTimeout(this.initTimer);
    this.run?.abandon();
    this.run = undefined;
    this.child?.kill();
    this.api?.close();
  }

  private spawn(temporaryFolder: string, runtimeApi: string): void {
    const { settings } = this;
    const { taskRoot, logStream, config } = settings;
    const environment = environmentVariables(config, { taskRoot, temporaryFolder, runtimeApi, logStream });
    this.child = new Child(
      { ...settings.program, folder: taskRoot, environment },
      {
        output: (piece) => this.output.push(piece),
        exited: (exit) => this.childExited(exit),
        failed: (error) => this.cannotStart(error),
      },
    );
    const seconds = Math.max(INIT_SECONDS_MAX, config.timeoutSeconds);
    this.initTimer = setTimeout(() => this.initTimedOut(seconds), seconds * 1000);
  }

  private write(text: string): void {
    const line = { atMs: this.settings.nowMs(), text };
    this.lines.push(line);
    if (this.run !== undefined) this.run.wrote(text);
    // Written between invocations: goes with the next one, but must not pile up until then.
    else if (this.lines.length > IDLE_LINES_MAX) this.lines.shift();
  }

  private ready(): void {
    if (this.phase === 'starting') {
      clearTimeout(this.initTimer);
      this.initMs = performance.now() - this.startedAt;
    } else if (this.run !== undefined) {
      // The answer and the wish for the next invocation came in one pass of the event loop: the answer ends first.
      this.run.outcome.then(() => this.becomeIdle());
      return;
    }
    this.becomeIdle();
  }

  private becomeIdle(): void {
    if (this.phase === 'dead') return;
    this.phase = 'idle';
    this.idleSince = performance.now();
    this.listener.idle(this);
  }

  private answered(answer: RuntimeAnswer): void {
    const { run } = this;
    if (run === undefined) return;
    afterPendingOutput(() => {
      this.output.end();
      run.answer(answer);
      if (this.run === run) this.run = undefined;
    });
  }

  private killFor(error: PlatformError, status: 'timeout' | 'error'): void {
    const { run } = this;
    this.child?.kill();
    afterPendingOutput(() => {
      this.output.end();
      run?.fail(error, status);
      this.run = undefined;
      this.die(undefined);
    });
  }

  private childExited(exit: ChildExit): void {
    this.output.end();
    if (this.phase === 'starting') {
      this.failStart((requestId) => exited(requestId, exit));
      return;
    }
    this.run?.exit(exit);
    this.run = undefined;
    this.die(undefined);
  }

  private initFailed(payload: Uint8Array, errorType: string): void {
    if (this.phase !== 'starting') return;
    afterPendingOutput(() => {
      this.output.end();
      this.die(this.startFailure((requestId) => ({ errorType, payload: withRequestId(payload, requestId) })));
    });
  }

  private initTimedOut(seconds: number): void {
    this.child?.kill();
    this.failStart((requestId) => timedOut(requestId, seconds));
  }

  private cannotStart(error: Error): void {
    this.failStart((requestId) => invalidEntrypoint(requestId, error.message));
  }

  private failStart(describe: (requestId: string) => PlatformError): void {
    if (this.phase !== 'starting') return;
    const failure = this.startFailure((requestId) => {
      const error = describe(requestId);
      return { error, errorType: error.errorType, payload: errorPayload(error) };
    });
    this.die(failure);
  }

  private startFailure(describe: StartFailure['describe']): StartFailure {
    return {
      initMs: performance.now() - this.startedAt,
      logStream: this.settings.logStream,
      lines: this.lines.splice(0),
      describe,
    };
  }

  private die(failure: StartFailure | undefined): void {
    if (this.phase === 'dead') return;
    this.phase = 'dead';
    clearTimeout(this.initTimer);
    this.child?.kill();
    this.api?.close();
    this.run?.fail(exited(this.run.requestId, { code: null, signal: 'SIGKILL' }), 'error');
    this.run = undefined;
    this.listener.dead(this, failure);
    rm(this.settings.scratch, { recursive: true, force: true }).catch(() => {
      // Something the function started still writes there; the folder of the whole server is removed when it starts anew.
    });
  }
}

/** A runtime that fails while it initialises knows no request; AWS fills its id in. */
function withRequestId(payload: Uint8Array, requestId: string): Uint8Array {
  const text = Buffer.from(payload).toString('utf8');
  return Buffer.from(text.replace(/"requestId": ?""/, `"requestId": "${requestId}"`));
}
