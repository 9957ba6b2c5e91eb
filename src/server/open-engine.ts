// The engine that the configuration asks for.

import { randomBytes } from 'node:crypto';
import type { Engine } from '#storage/journal.ts';
import type { Config } from './config/config.ts';

export async function openEngine(config: Config, report: (line: string) => void): Promise<Engine> {
  if (config.isEphemeral) {
    const { openMemoryEngine } = await import('#storage/memory/memory-engine.ts');
    return openMemoryEngine({ schedule: queueMicrotask, secret: randomBytes(32) });
  }
  const { open } = await import('#storage/file/open.ts');
  return open(config.dataDir, { report });
}
