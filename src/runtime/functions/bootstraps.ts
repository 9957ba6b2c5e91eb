// Where the runtime clients are that ship with this server: beside this file in the source tree, beside the bundle in dist.

import { fileURLToPath } from 'node:url';

export function bootstrapPath(kind: 'python' | 'node'): string {
  const file = kind === 'python' ? 'python.py' : 'node.mjs';
  return fileURLToPath(new URL(`./bootstraps/${file}`, import.meta.url));
}
