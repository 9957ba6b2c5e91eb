// Random bytes from the operating system, drawn in pools: one call for many ids costs a tenth of one call each.

import { randomFillSync } from 'node:crypto';
import type { Entropy } from '#base/random.ts';

const POOL_BYTES = 8192;

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
    const end = this.used + length;
    bytes.set(this.pool.subarray(this.used, end));
    // What was handed out is not kept: a later look at memory must not reveal an id's sibling.
    this.pool.fill(0, this.used, end);
    this.used = end;
  }
}
