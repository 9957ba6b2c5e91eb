// Bundles a worker's entry for tests, which run the source itself: Node starts no TypeScript. Bundles are named after what is in them, so that
// runs share them; those of yesterday's source are removed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const DAY_MS = 86_400_000;
const folder = fileURLToPath(new URL('../node_modules/.cache/eddy-workers/', import.meta.url));

/** @param {URL} entry */
export async function bundleWorker(entry) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const { contents } = outputFiles[0];
  const file = join(folder, `${createHash('sha256').update(contents).digest('hex').slice(0, 32)}.mjs`);
  if (!existsSync(file)) write(file, contents);
  return pathToFileURL(file);
}

/** Made aside and moved: another run may read at the same time. */
function write(file, contents) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const old = join(folder, name);
    const { mtimeMs } = statSync(old, { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY };
    if (Date.now() - mtimeMs > DAY_MS) rmSync(old, { force: true });
  }
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, contents);
  renameSync(aside, file);
}
