// Each read of a socket brings 64 KiB of fresh memory. With a large young generation (`--max-semi-space-size`, which requests want) these pile
// up until V8 takes them for memory pressure and collects everything, on all processors. A short collection of the young ones now and then
// costs a millisecond and a quarter of the processor time of a large upload less.

import { collectYoung } from '../collector.ts';

const EVERY_BYTES = 16 * 1024 * 1024;
let received = 0;

/** To be told of bytes whose memory is not kept. */
export function noteShortLived(bytes: number): void {
  received += bytes;
  if (received < EVERY_BYTES) return;
  received = 0;
  collectYoung();
}
