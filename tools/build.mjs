// Bundles the server into dist/: one entry and lazily loaded chunks, so that starting reads little. Built aside and moved into place: who
// starts meanwhile finds the old bundle or the new one, never half of one.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { wireTables } from './wire-tables.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}dist`;
const aside = `${root}dist-${process.pid}`;
try {
  await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'src/main.ts',
      'lake-worker': 'src/runtime/lake/work/worker.ts',
      'digest-worker': 'src/runtime/objects/digest-worker.ts',
    },
    outdir: aside,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    legalComments: 'none',
    plugins: [wireTables],
    // Less source to keep in memory: with it as it is written an idle process takes ten megabytes more.
    minifyWhitespace: true,
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as eddyCreateRequire } from 'node:module'; const require = eddyCreateRequire(import.meta.url);",
    },
  });
  // The runtime clients of functions are read by their interpreters, not by the bundle.
  cpSync(`${root}src/runtime/functions/bootstraps`, `${aside}/bootstraps`, { recursive: true });
  // jq's program looks for its WebAssembly in its own folder; `.cjs`, because this package's scripts are modules.
  mkdirSync(`${aside}/jq`);
  cpSync(`${root}node_modules/jq-web/jq.js`, `${aside}/jq/jq.cjs`);
  cpSync(`${root}node_modules/jq-web/jq.wasm`, `${aside}/jq/jq.wasm`);
  const old = `${aside}-old`;
  if (existsSync(outdir)) renameSync(outdir, old);
  try {
    renameSync(aside, outdir);
  } catch (error) {
    // Somebody else built at the same time: the bundle that is there now is as new as this one.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
  rmSync(old, { recursive: true, force: true });
} finally {
  rmSync(aside, { recursive: true, force: true });
}
