// Digests of large uploads in one thread, so that requests are answered meanwhile: MD5 alone takes a tenth of a second for 64 MiB. Started
// with the first upload that is worth it; it does not keep the process alive.

import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { ChecksumName } from '#wire/s3/body-plan.ts';
import { BodyDigests, type Digests } from './body-digests.ts';
import type { DigestReply, DigestRequest } from './digest-worker.ts';

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
}

export class DigestThread {
  private worker: Promise<Worker> | undefined;
  private readonly uploads = new Map<number, Upload>();
  private nextId = 1;

  begin(bytes: number, begin: { readonly checksum: ChecksumName; readonly needsSha256: boolean }): RunningDigests {
    if (bytes < THREAD_BYTES_MIN) return new DigestsHere(new BodyDigests(begin.checksum, begin.needsSha256));
    const id = this.nextId;
    this.nextId += 1;
    const upload: Upload = { taken: [], resolve: undefined, reject: undefined };
    this.uploads.set(id, upload);
    this.post({ id, begin });
    return {
      update: (piece, taken) => {
        upload.taken.push(taken);
        this.post({ id, piece });
      },
      finish: () =>
        new Promise((resolve, reject) => {
          upload.resolve = resolve;
          upload.reject = reject;
          this.post({ id, finish: true });
        }),
      drop: () => {
        this.uploads.delete(id);
        this.post({ id, drop: true });
      },
    };
  }

  private post(request: DigestRequest): void {
    this.worker ??= this.start();
    this.worker.then(
      (worker) => worker.postMessage(request),
      (error: unknown) => this.failed(error as Error),
    );
  }

  private async start(): Promise<Worker> {
    const worker = new Worker(await workerFile(), { execArgv: [] });
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
    const uploads = [...this.uploads.values()];
    this.uploads.clear();
    for (const { taken, reject } of uploads) {
      for (const each of taken) each();
      reject?.(error);
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

let fromSource: Promise<URL> | undefined;

/** Beside the bundle in dist. From source (tests) it is bundled first, once a process. */
function workerFile(): Promise<URL> {
  const built = new URL('./digest-worker.js', import.meta.url);
  if (existsSync(built)) return Promise.resolve(built);
  fromSource ??= bundled();
  return fromSource;
}

async function bundled(): Promise<URL> {
  const tool = new URL('../../../tools/bundle-worker.mjs', import.meta.url).href;
  const { bundleWorker } = (await import(/* @vite-ignore */ tool)) as { bundleWorker: (entry: URL) => Promise<URL> };
  return bundleWorker(new URL('./digest-worker.ts', import.meta.url));
}
