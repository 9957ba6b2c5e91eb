// Digests of large uploads in one thread, so that requests are answered meanwhile: MD5 alone takes a tenth of a second for 64 MiB. Started
// with the first upload that is worth it; it does not keep the process alive.

import { Worker } from 'node:worker_threads';
import { workerFile } from '../worker-file.ts';
import { BodyDigests, type Digests, type WantedDigests } from './body-digests.ts';
import { type DigestReply, type DigestRequest, digest } from './digest-work.ts';

export interface RunningDigests {
  /** The piece must not change until it is taken. */
  update(piece: Uint8Array, taken: () => void): void;
  finish(): Promise<Digests>;
  drop(): void;
}

/** Below, the way to the thread and back costs more than the digests. */
const THREAD_BYTES_MIN = 512 * 1024;

interface Upload {
  readonly taken: (() => void)[];
  resolve: ((digests: Digests) => void) | undefined;
  reject: ((error: Error) => void) | undefined;
  failure: Error | undefined;
}

export class DigestThread {
  private worker: Promise<Worker | undefined> | undefined;
  private readonly uploads = new Map<number, Upload>();
  /** Of a process that has no file for the thread: it digests by itself. */
  private readonly here = new Map<number, BodyDigests>();
  private nextId = 1;

  begin(bytes: number, begin: WantedDigests): RunningDigests {
    if (bytes < THREAD_BYTES_MIN) return new DigestsHere(new BodyDigests(begin));
    const id = this.nextId;
    this.nextId += 1;
    const upload: Upload = { taken: [], resolve: undefined, reject: undefined, failure: undefined };
    this.uploads.set(id, upload);
    this.post({ id, begin });
    return {
      update: (piece, taken) => {
        upload.taken.push(taken);
        if (upload.failure === undefined) this.post({ id, piece });
        else this.take({ id, taken: true });
      },
      finish: () =>
        new Promise((resolve, reject) => {
          upload.resolve = resolve;
          upload.reject = reject;
          if (upload.failure === undefined) this.post({ id, finish: true });
          else reject(upload.failure);
        }),
      drop: () => {
        this.uploads.delete(id);
        this.post({ id, drop: true });
        // Nobody waits for what is dropped, but its pieces are given back.
        for (const taken of upload.taken.splice(0)) taken();
      },
    };
  }

  private post(request: DigestRequest): void {
    this.worker ??= this.start();
    this.worker
      .then((worker) => {
        if (worker !== undefined) worker.postMessage(request);
        else digest(this.here, request, (reply) => this.take(reply));
      })
      .catch((error: unknown) => this.failed(error instanceof Error ? error : new Error(String(error))));
  }

  /** Undefined where there is no file to start: every digest is then made here. */
  private async start(): Promise<Worker | undefined> {
    const file = await workerFile('digest-worker', new URL('./digest-worker.ts', import.meta.url)).catch(
      () => undefined,
    );
    if (file === undefined) return undefined;
    const worker = new Worker(file, { execArgv: [] });
    worker.unref();
    worker.on('message', (reply: DigestReply) => this.take(reply));
    worker.on('error', (error) => this.failed(error));
    return worker;
  }

  private take(reply: DigestReply): void {
    const upload = this.uploads.get(reply.id);
    if (upload === undefined) return;
    if ('taken' in reply) {
      upload.taken.shift()?.();
      return;
    }
    this.uploads.delete(reply.id);
    upload.resolve?.(reply.digests);
  }

  /** Uploads under way are lost with the thread; the next one starts another. */
  private failed(error: Error): void {
    this.worker = undefined;
    for (const upload of this.uploads.values()) {
      upload.failure = error;
      upload.reject?.(error);
      for (const taken of upload.taken.splice(0)) taken();
    }
  }
}

class DigestsHere implements RunningDigests {
  constructor(private readonly digests: BodyDigests) {}

  update(piece: Uint8Array, taken: () => void): void {
    this.digests.update(piece);
    taken();
  }

  finish(): Promise<Digests> {
    return Promise.resolve(this.digests.finish());
  }

  drop(): void {}
}
