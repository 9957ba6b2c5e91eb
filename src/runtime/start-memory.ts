// What reading the store, or warming up, leaves behind would stay in memory for good: V8 lets its young generation grow to three times the semi-space
// (`--max-semi-space-size`) and does not give it back, and it collects the old one only when that has grown a good deal more.

import { setFlagsFromString } from 'node:v8';
import { collectAll } from './collector.ts';

/** V8's default, and none. Read by V8 whenever it might grow the young generation. */
const GROWING = '--semi-space-growth-factor=2';
const NOT_GROWING = '--semi-space-growth-factor=1';
/** Below this a collection would find little. */
const WORTH_COLLECTING_BYTES = 64 * 2 ** 20;

/** Does work of a start, then frees what it left behind. */
export async function withoutRemains<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString(NOT_GROWING);
  try {
    return await work();
  } finally {
    setFlagsFromString(GROWING);
    collectIfMuch();
  }
}

function collectIfMuch(): void {
  const { heapUsed, external } = process.memoryUsage();
  if (heapUsed + external >= WORTH_COLLECTING_BYTES) collectAll();
}
