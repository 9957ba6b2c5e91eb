// Where the program of a thread is: beside the bundle in dist. From source (tests) it is bundled first, once a process.

import { existsSync } from 'node:fs';

const fromSource = new Map<string, Promise<URL>>();

/** `name` is the entry's in tools/build.mjs; `source` is its file. */
export function workerFile(name: string, source: URL): Promise<URL> {
  const built = new URL(`./${name}.js`, import.meta.url);
  if (existsSync(built)) return Promise.resolve(built);
  const bundling = fromSource.get(name) ?? bundled(source);
  fromSource.set(name, bundling);
  return bundling;
}

async function bundled(source: URL): Promise<URL> {
  const tool = new URL('../../tools/bundle-worker.mjs', import.meta.url).href;
  const { bundleWorker } = (await import(/* @vite-ignore */ tool)) as { bundleWorker: (entry: URL) => Promise<URL> };
  return bundleWorker(source);
}
