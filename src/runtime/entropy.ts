// Random bytes from the operating system, drawn in pools: one call for many ids costs a tenth of one call each.

import { randomFillSync } from 'node:crypto';
import type { Entropy } from '#base/random.ts';

const POOL_BYTES = 8192;
/** An id; fewer bytes are quicker taken one by one than by calls into the engine. */
const FEW_BYTES = 32;

export class SystemEntropy implements Entropy {
  private readonly pool = new Uint8Array(POOL_BYTES);
  private used = POOL_BYTES;

  fill(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length > POOL_BYTES / 8) {
      randomFillSync(bytes);
      return;
    }
    if (this.used + length > POOL_BYTES) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const { pool, used } = this;
    const end = used + length;
    // What was handed out is not kept: a later look at memory must not reveal an id's sibling.
    if (length <= FEW_BYTES) {
      for (let i = 0; i < length; i += 1) {
        bytes[i] = pool[used + i] as number;
        pool[used + i] = 0;
      }
    } else {
      bytes.set(pool.subarray(used, end));
      pool.fill(0, used, end);
    }
    this.used = end;
  }
}
