// Runs functions: keeps warm environments by function key, starts new ones while invocations wait, gives each environment
// one invocation at a time, ends those that nobody needs. Knows nothing of queues, retries or who is allowed to ask.
// An invocation takes whichever environment is free first, a warm one before one that is still starting.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FunctionConfig, InvocationOutcome, InvocationRequest, LogSink } from '#services/lambda/invocation.ts';
import { bootstrapPath } from './bootstraps.ts';
import { CodeStore } from './code-store.ts';
import { ExecutionEnvironment, type StartFailure } from './environment.ts';
import { failedStartOutcome } from './failed-start.ts';
import { type FoundInterpreter, Interpreters } from './interpreters.ts';

export interface FunctionRunnerOptions {
  /** Ours alone: code and environments' scratch folders. Emptied by whoever made it. */
  readonly folder: string;
  readonly loadCode: (code: string) => Promise<Uint8Array | undefined>;
  readonly nowMs: () => number;
  readonly interpreters?: Interpreters;
  /** Processes in total. */
  readonly environmentsMax?: number;
  /** A warm environment that nobody used for so long is ended. */
  readonly idleMsMax?: number;
}

type PoolRequest = Pick<InvocationRequest, 'functionKey' | 'revision' | 'code' | 'config'>;

interface Waiting {
  /** Grows with each invocation: the oldest is served first when places are scarce. */
  readonly order: number;
  readonly request: InvocationRequest;
  readonly done: (outcome: InvocationOutcome) => void;
}

interface Pool {
  readonly key: string;
  readonly revision: string;
  readonly code: string;
  readonly config: FunctionConfig;
  /** Last in, first out: the warmest serves, the coldest expires. */
  readonly idle: ExecutionEnvironment[];
  readonly all: Set<ExecutionEnvironment>;
  readonly waiting: Waiting[];
  startingCount: number;
  isRetired: boolean;
}

const ENVIRONMENTS_MAX = 64;
/** AWS keeps an idle environment for some minutes without a promise. */
const IDLE_MS_MAX = 10 * 60 * 1000;

export class FunctionRunner {
  readonly interpreters: Interpreters;
  /** Set once there is somebody who takes the lines of invocations that are still running. */
  sink: LogSink | undefined;
  private readonly code: CodeStore;
  private readonly folder: string;
  /** By function key: where new invocations go. */
  private readonly current = new Map<string, Pool>();
  /** Those and the retired ones that still run something. */
  private readonly pools = new Set<Pool>();
  private readonly environmentsMax: number;
  private readonly idleMsMax: number;
  private count = 0;
  private nextId = 1;
  private nextOrder = 0;
  private expiry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: FunctionRunnerOptions) {
    this.interpreters = options.interpreters ?? new Interpreters();
    // Children have another working directory: a relative folder would mean another one to them.
    this.folder = resolve(options.folder);
    this.code = new CodeStore(join(this.folder, 'code'), options.loadCode);
    this.environmentsMax = options.environmentsMax ?? ENVIRONMENTS_MAX;
    this.idleMsMax = options.idleMsMax ?? IDLE_MS_MAX;
  }

  /** Processes that exist now. */
  get environmentCount(): number {
    return this.count;
  }

  /** Never rejects: what goes wrong is an outcome with a function error. */
  invoke(request: InvocationRequest): Promise<InvocationOutcome> {
    return new Promise((done) => {
      const pool = this.poolOf(request);
      pool.waiting.push({ order: this.nextOrder, request, done });
      this.nextOrder += 1;
      this.serve(pool);
    });
  }

  /** Starts environments until `count` exist, so that the next invocations find them warm. */
  prewarm(request: PoolRequest, count = 1): void {
    const pool = this.poolOf(request);
    while (pool.all.size < count && this.makeRoom(pool)) this.start(pool);
  }

  /** The function's version is gone or has changed: its environments end, busy ones after their invocation. */
  retire(functionKey: string): void {
    const pool = this.current.get(functionKey);
    if (pool === undefined) return;
    this.current.delete(functionKey);
    pool.isRetired = true;
    this.endIfUnneeded(pool);
  }

  /**
   * Ends all processes that were started here. Invocations under way are never answered: the server stops, and what is
   * durable of them begins anew after the next start.
   */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.expiry);
    for (const pool of this.pools) for (const environment of pool.all) environment.abandon();
    this.pools.clear();
    this.current.clear();
  }

  private poolOf({ functionKey, revision, code, config }: PoolRequest): Pool {
    const known = this.current.get(functionKey);
    if (known?.revision === revision) return known;
    this.retire(functionKey);
    const pool: Pool = {
      key: functionKey,
      revision,
      code,
      config,
      idle: [],
      all: new Set(),
      waiting: [],
      startingCount: 0,
      isRetired: false,
    };
    this.current.set(functionKey, pool);
    this.pools.add(pool);
    return pool;
  }

  private endIfUnneeded(pool: Pool): void {
    if (!pool.isRetired || pool.waiting.length > 0) return;
    for (const idle of [...pool.idle]) idle.end();
    if (pool.all.size === 0 && pool.startingCount === 0) this.pools.delete(pool);
  }

  private failedStart(request: InvocationRequest, failure: StartFailure): InvocationOutcome {
    return failedStartOutcome(request, failure, this.options.nowMs());
  }

  private serve(pool: Pool): void {
    while (pool.waiting.length > 0 && pool.idle.length > 0) {
      const { request, done } = pool.waiting.shift() as Waiting;
      const environment = pool.idle.pop() as ExecutionEnvironment;
      environment.invoke(request).then(done);
    }
    while (pool.startingCount < pool.waiting.length && this.makeRoom(pool)) this.start(pool);
  }

  /** True when one more environment of this pool may start, after ending the one that was idle longest if need be. */
  private makeRoom(pool: Pool): boolean {
    if (this.isClosed || isFull(pool)) return false;
    if (this.count < this.environmentsMax) return true;
    let oldest: ExecutionEnvironment | undefined;
    for (const { idle } of this.pools) {
      const candidate = idle[0];
      if (candidate !== undefined && candidate.idleSince < (oldest?.idleSince ?? Number.POSITIVE_INFINITY)) {
        oldest = candidate;
      }
    }
    oldest?.end();
    return oldest !== undefined;
  }

  private start(pool: Pool): void {
    pool.startingCount += 1;
    this.count += 1;
    // The place is taken now, the process comes when interpreter and code are found.
    this.make(pool).then((made) => {
      if (made instanceof ExecutionEnvironment) {
        pool.all.add(made);
        if (this.isClosed) made.abandon();
        else void made.start();
      } else this.startFailed(pool, made);
    });
  }

  private async make(pool: Pool): Promise<ExecutionEnvironment | StartFailure> {
    const { config } = pool;
    const id = this.nextId;
    this.nextId += 1;
    const logStream = logStreamName(config.version, this.options.nowMs(), `${this.options.folder}/${id}/${pool.key}`);
    try {
      const interpreter = await this.interpreters.find(config.runtime);
      if ('missing' in interpreter) throw new Error(interpreter.missing);
      const taskRoot = await this.code.folderOf(pool.code);
      if (interpreter.kind === 'provided' && !existsSync(join(taskRoot, 'bootstrap'))) {
        throw new Error(`Couldn't find valid bootstrap(s): [${join(taskRoot, 'bootstrap')}]`);
      }
      return new ExecutionEnvironment(
        {
          functionKey: pool.key,
          config,
          scratch: join(this.folder, 'environments', String(id)),
          taskRoot,
          program: programOf(interpreter, taskRoot),
          logStream,
          notes: interpreter.note === undefined ? [] : [interpreter.note],
          nowMs: this.options.nowMs,
          sink: () => this.sink,
        },
        {
          idle: (environment) => this.becameIdle(pool, environment),
          dead: (environment, failure) => this.ended(pool, environment, failure),
        },
      );
    } catch (error) {
      return notMade(error as Error, logStream);
    }
  }

  private becameIdle(pool: Pool, environment: ExecutionEnvironment): void {
    if (!environment.hasServed) {
      environment.hasServed = true;
      pool.startingCount -= 1;
    }
    pool.idle.push(environment);
    // Without a free place, an older invocation of another function must not wait for this one to cool down.
    if (this.starvedBefore(orderOf(pool), pool)) environment.end();
    else this.serve(pool);
    this.scheduleExpiry();
    this.endIfUnneeded(pool);
  }

  private ended(pool: Pool, environment: ExecutionEnvironment, failure: StartFailure | undefined): void {
    pool.all.delete(environment);
    const at = pool.idle.indexOf(environment);
    if (at >= 0) pool.idle.splice(at, 1);
    if (environment.hasServed) this.release();
    else this.startFailed(pool, failure);
    this.endIfUnneeded(pool);
  }

  private startFailed(pool: Pool, failure: StartFailure | undefined): void {
    pool.startingCount -= 1;
    const first = failure === undefined ? undefined : pool.waiting.shift();
    if (first !== undefined && failure !== undefined) {
      first.done(this.failedStart(first.request, failure));
    }
    this.release();
  }

  /** A place is free: whoever waits may start. */
  private release(): void {
    this.count -= 1;
    if (this.isClosed) return;
    for (const pool of [...this.pools].sort((a, b) => orderOf(a) - orderOf(b))) this.serve(pool);
  }

  private starvedBefore(order: number, except: Pool): boolean {
    if (this.count < this.environmentsMax) return false;
    for (const pool of this.pools) {
      if (pool !== except && pool.startingCount < pool.waiting.length && orderOf(pool) < order && !isFull(pool))
        return true;
    }
    return false;
  }

  private scheduleExpiry(): void {
    if (this.expiry !== undefined) return;
    this.expiry = setTimeout(() => {
      this.expiry = undefined;
      this.expire();
    }, this.idleMsMax);
    this.expiry.unref();
  }

  private expire(): void {
    const before = performance.now() - this.idleMsMax;
    for (const pool of this.pools) {
      for (const environment of [...pool.idle]) if (environment.idleSince <= before) environment.end();
    }
    if (this.count > 0) this.scheduleExpiry();
  }
}

function orderOf(pool: Pool): number {
  return pool.waiting[0]?.order ?? Number.POSITIVE_INFINITY;
}

function isFull(pool: Pool): boolean {
  return pool.all.size >= (pool.config.concurrencyMax ?? Number.POSITIVE_INFINITY);
}

function programOf(
  interpreter: Exclude<FoundInterpreter, { missing: string }>,
  taskRoot: string,
): { command: string; args: string[] } {
  if (interpreter.kind === 'provided') return { command: join(taskRoot, 'bootstrap'), args: [] };
  return { command: interpreter.command, args: [bootstrapPath(interpreter.kind)] };
}

/** AWS: date, version in brackets, 32 hexadecimal digits. */
function logStreamName(version: string, nowMs: number, seed: string): string {
  const date = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '/');
  const id = createHash('sha256').update(`${seed}/${nowMs}/${performance.now()}`).digest('hex').slice(0, 32);
  return `${date}/[${version}]${id}`;
}

function notMade(error: Error, logStream: string): StartFailure {
  const errorType = 'Runtime.InvalidEntrypoint';
  return {
    initMs: 0,
    logStream,
    lines: [],
    describe(requestId) {
      const platformError = { errorType, errorMessage: `RequestId: ${requestId} Error: ${error.message}` };
      return { error: platformError, errorType, payload: Buffer.from(JSON.stringify(platformError)) };
    },
  };
}
