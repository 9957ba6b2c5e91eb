// Bundles a worker's entry for tests, which run the source itself: Node starts no TypeScript. One file per process, removed at its end.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** @param {URL} entry */
export async function bundleWorker(entry) {
  const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
  const { mkdirSync } = await import('node:fs');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'eddy-worker-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'worker.mjs');
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return pathToFileURL(outfile);
}
