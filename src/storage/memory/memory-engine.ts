// The memory engine: everything is gone when the process ends. Touches neither Node nor time, so that the deterministic
// layers can be tested on it.

import { assert } from '#base/assert.ts';
import type { Engine } from '../journal.ts';
import { MemoryJournal, type Scheduler } from './memory-journal.ts';
import { MemoryBlobs, MemorySnapshots } from './memory-store.ts';

export interface MemoryEngineOptions {
  /** `queueMicrotask` in the product; tests may step by hand. */
  readonly schedule: Scheduler;
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** Default 64 MiB, as in the file engine. */
  readonly segmentBytes?: number;
}

const SEGMENT_BYTES = 64 * 2 ** 20;

export function openMemoryEngine(options: MemoryEngineOptions): Engine {
  assert(options.secret.length === 32, 'the secret has 32 bytes');
  const journal = new MemoryJournal(options.schedule, options.segmentBytes ?? SEGMENT_BYTES);
  return {
    kind: 'memory',
    journal,
    snapshots: new MemorySnapshots(),
    blobs: new MemoryBlobs(),
    secret: options.secret,
    close: () => journal.close(),
  };
}
