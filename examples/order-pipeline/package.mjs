// Packs the functions into build/NAME.zip, each bundled into one file with what it needs of the AWS SDK. The same source gives the same bytes, so
// that Terraform sees no change where there is none.
//
// Usage: node package.mjs [FOLDER]

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = process.argv[2] ?? join(here, 'build');
/** The earliest day that a zip knows. */
const mtime = '1980-01-02';

mkdirSync(folder, { recursive: true });
for (const name of ['charge', 'notify', 'send']) {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'source', 'functions', `${name}.ts`)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    write: false,
    outfile: 'index.js',
    logLevel: 'warning',
  });
  const path = join(folder, `${name}.zip`);
  writeFileSync(path, zipSync({ 'index.js': [outputFiles[0].contents, { mtime, os: 3, attrs: 0o100644 << 16 }] }));
  console.log(path);
}
