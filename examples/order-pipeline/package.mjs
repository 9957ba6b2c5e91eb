// Packs the functions into build/NAME.zip, each bundled into one file with what it needs of the AWS SDK; the services and the third parties become
// one file each. The same source gives the same bytes, so that Terraform sees no change where there is none.
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

async function bundle(source) {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'source', source)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    write: false,
    outfile: 'index.js',
    logLevel: 'warning',
  });
  return outputFiles[0].contents;
}

mkdirSync(folder, { recursive: true });
for (const name of ['charge', 'notify', 'send']) {
  const index = await bundle(`functions/${name}.ts`);
  writeFileSync(join(folder, `${name}.zip`), zipSync({ 'index.js': [index, { mtime, os: 3, attrs: 0o100644 << 16 }] }));
}
for (const name of ['services', 'third-parties']) {
  writeFileSync(join(folder, `${name}.cjs`), await bundle(`${name}/run.ts`));
}
console.log(folder);
