// Latencies in buckets that keep three digits (the idea of HdrHistogram): recording is one addition in a typed array.

/** Values below are counted exactly; above, each doubling has half as many buckets as this. */
const EXACT = 2048;
const EXACT_BITS = 11;
const HALF = EXACT / 2;

export class Histogram {
  constructor() {
    this.counts = new Uint32Array(EXACT + HALF * 20);
    this.total = 0;
    this.max = 0;
  }

  /** @param {number} micros whole microseconds */
  record(micros) {
    this.total += 1;
    if (micros > this.max) this.max = micros;
    this.counts[bucketOf(micros)] += 1;
  }

  /** The upper end of the bucket in which the quantile lies, in microseconds. */
  quantile(fraction) {
    let left = Math.ceil(this.total * fraction);
    for (let bucket = 0; bucket < this.counts.length; bucket += 1) {
      left -= this.counts[bucket];
      if (left <= 0) return Math.min(this.max, upperEndOf(bucket));
    }
    return this.max;
  }

  reset() {
    this.counts.fill(0);
    this.total = 0;
    this.max = 0;
  }
}

function bucketOf(micros) {
  if (micros < EXACT) return micros;
  const shift = Math.min(20, 32 - EXACT_BITS - Math.clz32(micros));
  return EXACT + (shift - 1) * HALF + Math.min(HALF - 1, (micros >>> shift) - HALF);
}

function upperEndOf(bucket) {
  if (bucket < EXACT) return bucket;
  const shift = Math.floor((bucket - EXACT) / HALF) + 1;
  return (((bucket - EXACT) % HALF) + HALF + 1) * 2 ** shift - 1;
}
