// One thread for the heavy work on records (compression, Parquet, jq), so that requests are answered meanwhile. Started with the first job,
// ended with the server. Jobs are done one after another. What users wrote and what does not end (a jq expression) costs the thread its life:
// the job is done again in a new one, without the records at which it hung.

import { Worker } from 'node:worker_threads';
import { workerFile } from '../worker-file.ts';
import type { GuardedWork, LakeJob, LakeReply } from './work/job.ts';

export interface LakeThreadOptions {
  /** How long guarded work may take. */
  readonly guardedMsMax?: number;
}

const GUARDED_MS_MAX = 5_000;
/** Of JavaScript's heap: a buffer of 128 MiB as JSON values of one Parquet row group at a time. */
const HEAP_MEBIBYTES = 2_048;

interface Waiting {
  readonly job: LakeJob;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly hung: GuardedWork[];
}

export class LakeThread {
  private worker: Promise<Worker> | undefined;
  private readonly waiting: Waiting[] = [];
  private current: Waiting | undefined;
  private guard: NodeJS.Timeout | undefined;
  private nextId = 1;
  private isClosed = false;

  constructor(private readonly options: LakeThreadOptions = {}) {}

  /** Rejects when the job cannot be done, and when the server ends. The packs are copied. */
  run<T>(task: string, input: unknown, packs: readonly Uint8Array[]): Promise<T> {
    if (this.isClosed) return Promise.reject(new Error('this server ended'));
    return new Promise((resolve, reject) => {
      const job = { id: this.nextId, task, input, packs };
      this.nextId += 1;
      this.waiting.push({ job, resolve: (result) => resolve(result as T), reject, hung: [] });
      this.startNext();
    });
  }

  /** Whether the thread is there; for tests. */
  get isRunning(): boolean {
    return this.worker !== undefined;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.guard);
    const ended = new Error('this server ended');
    for (const one of [this.current, ...this.waiting.splice(0)]) one?.reject(ended);
    this.current = undefined;
    const worker = this.worker;
    this.worker = undefined;
    await (await worker?.catch(() => undefined))?.terminate();
  }

  private startNext(): void {
    if (this.current !== undefined || this.isClosed) return;
    this.current = this.waiting.shift();
    const { current } = this;
    if (current === undefined) return;
    this.worker ??= this.start();
    this.worker.then(
      (worker) => worker.postMessage({ job: current.job, history: { hung: current.hung } }),
      (error) => this.workerFailed(error),
    );
  }

  private async start(): Promise<Worker> {
    const worker = new Worker(await workerFile('lake-worker', new URL('./work/worker.ts', import.meta.url)), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
      stdout: false,
      // Tests and the server's own flags are not the thread's.
      execArgv: [],
    });
    worker.on('message', (reply: LakeReply) => this.onReply(reply));
    worker.on('error', (error) => this.workerFailed(error));
    // The process may end while the thread waits for work.
    worker.unref();
    return worker;
  }

  private onReply(reply: LakeReply): void {
    const { current } = this;
    if (current?.job.id !== reply.id) return;
    clearTimeout(this.guard);
    if ('guarded' in reply) {
      if (reply.guarded !== undefined) this.watch(current, reply.guarded);
      return;
    }
    this.current = undefined;
    if ('error' in reply) current.reject(new Error(reply.error));
    else current.resolve(reply.result);
    this.startNext();
  }

  private watch(current: Waiting, work: GuardedWork): void {
    this.guard = setTimeout(() => {
      current.hung.push(work);
      const { worker } = this;
      this.worker = undefined;
      this.current = undefined;
      this.waiting.unshift(current);
      void worker?.then((one) => one.removeAllListeners().terminate());
      this.startNext();
    }, this.options.guardedMsMax ?? GUARDED_MS_MAX);
  }

  /** Out of memory, or it could not be started: the job fails, the next one gets a new thread. */
  private workerFailed(error: Error): void {
    clearTimeout(this.guard);
    this.worker = undefined;
    const { current } = this;
    this.current = undefined;
    current?.reject(error);
    this.startNext();
  }
}
