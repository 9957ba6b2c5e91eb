#!/usr/bin/env -S node --max-semi-space-size=64 --initial-old-space-size=128
// Starts Eddy: from the bundle in dist/, which is made first when it is missing or older than the source. In an installed package there
// is no source, and nothing to compare.
//
// The flags are about memory, which they take only under load. Short-lived objects get more room before they are collected: a request leaves about
// 20 KB of them, and with the usual 16 MiB collecting cost a tenth of the throughput. And all memory is gone through every few seconds instead of
// six times a second: V8 lowers the limit for that to what lives as long as little outlives a collection of the young (a tenth of a batch's time).
import { existsSync, readdirSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19) || major === 21 || (major === 22 && minor < 3)) {
  console.error(`Eddy needs Node 20.19 or newer (of 22, from 22.3); this is ${process.versions.node}.`);
  process.exit(1);
}

const root = new URL('..', import.meta.url);
const bundle = new URL('dist/main.js', root);

/** Whether a file below a folder changed after `limit`. Paths are plain texts: making a URL of each cost a start more than asking the disk. */
function isNewer(folder, limit) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() ? isNewer(path, limit) : statSync(path).mtimeMs > limit) return true;
  }
  return false;
}

const source = fileURLToPath(new URL('src', root));
if (existsSync(source)) {
  const builtAtMs = existsSync(bundle) ? statSync(bundle).mtimeMs : 0;
  if (builtAtMs === 0 || isNewer(source, builtAtMs)) {
    process.stderr.write('Building …\n');
    await import(new URL('tools/build.mjs', root).href);
  }
}

// Node 22 and later keep compiled code between starts.
nodeModule.enableCompileCache?.();
await import(bundle.href);
