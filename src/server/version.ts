// The version in package.json, wherever this file lies: beside it in the bundle, two folders below it in the source.

import { readFileSync } from 'node:fs';

export function versionText(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8');
      const { name, version } = JSON.parse(text) as { name: string; version: string };
      if (name === 'eddy') return version;
    } catch {
      // Not there: the next place.
    }
  }
  return 'unknown';
}
