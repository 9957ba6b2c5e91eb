// Runs one TypeScript file of the project: bundled in memory-speed by esbuild, started as a plain module.
// Usage: node tools/run-ts.mjs FILE [ARG ...]
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [file, ...rest] = process.argv.slice(2);
const folder = join(root, 'node_modules', '.cache', `eddy-run-${process.pid}`);
mkdirSync(folder, { recursive: true });
const outfile = join(folder, `${basename(file, '.ts')}.mjs`);
try {
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    packages: 'external',
    logLevel: 'warning',
  });
  const run = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...rest], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
