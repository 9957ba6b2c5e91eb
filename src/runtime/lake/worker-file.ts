// Where the thread's program is: beside the bundle in dist. From source (tests) it is bundled first, once a process.

import { existsSync } from 'node:fs';

let fromSource: Promise<URL> | undefined;

export function workerFile(): Promise<URL> {
  const built = new URL('./lake-worker.js', import.meta.url);
  if (existsSync(built)) return Promise.resolve(built);
  fromSource ??= bundled();
  return fromSource;
}

async function bundled(): Promise<URL> {
  const tool = new URL('../../../tools/bundle-worker.mjs', import.meta.url).href;
  const { bundleWorker } = (await import(/* @vite-ignore */ tool)) as { bundleWorker: (entry: URL) => Promise<URL> };
  return bundleWorker(new URL('./work/worker.ts', import.meta.url));
}
