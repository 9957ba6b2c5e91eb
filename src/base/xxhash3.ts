// XXH3 of a stream, seed 0, in 64 or 128 bits, as S3 takes it (x-amz-checksum-xxhash3 and -xxhash128). Specification: xxHash project,
// doc/xxhash_spec.md, "XXH3 Algorithm Description (for large inputs)". The bulk is computed in halves of 32 bits, the end in BigInt.

import { bigEndian64, multiplyHigh, WORD } from './word64.ts';
import { SHORT_BYTES_MAX, shortHash64, shortHash128 } from './xxhash3-short.ts';
import * as words from './xxhash3-words.ts';
import { avalanche, multiplyFold, PRIME64_1, PRIME64_2, SECRET, SECRET_BYTES, secretAt } from './xxhash3-words.ts';

const STRIPE_BYTES = 64;
const BLOCK_BYTES = 1024;
/** What is gathered before it is worked off. */
const GATHERED_BYTES = 16 * BLOCK_BYTES;
const SCRAMBLE_AT = SECRET_BYTES - STRIPE_BYTES;
const LAST_STRIPE_AT = SECRET_BYTES - STRIPE_BYTES - 7;
const FACTOR = Number(words.PRIME32_1) | 0;
const START = [
  words.PRIME32_3,
  words.PRIME64_1,
  words.PRIME64_2,
  words.PRIME64_3,
  words.PRIME64_4,
  words.PRIME32_2,
  words.PRIME64_5,
  words.PRIME32_1,
];

export class XxHash3 {
  /** Eight accumulators, each low word first. */
  private readonly sums = new Int32Array(16);
  /** The last stripe of what was worked off, and behind it what was not yet: the end of a stream needs its last 64 bytes together. */
  private readonly gathered = new Uint8Array(STRIPE_BYTES + GATHERED_BYTES);
  private readonly view = new DataView(this.gathered.buffer);
  private filled = 0;
  private totalBytes = 0;

  constructor(private readonly bits: 64 | 128) {
    for (const [at, value] of START.entries()) {
      this.sums[at * 2] = Number(BigInt.asIntN(32, value));
      this.sums[at * 2 + 1] = Number(BigInt.asIntN(32, value >> 32n));
    }
  }

  update(bytes: Uint8Array): void {
    this.totalBytes += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      // Only when more comes: the last block of a stream is treated otherwise, also when it is full.
      if (this.filled === GATHERED_BYTES) this.workOff();
      const count = Math.min(GATHERED_BYTES - this.filled, bytes.length - at);
      this.gathered.set(bytes.subarray(at, at + count), STRIPE_BYTES + this.filled);
      this.filled += count;
      at += count;
    }
  }

  private workOff(): void {
    for (let block = 0; block < GATHERED_BYTES; block += BLOCK_BYTES) {
      this.accumulate(STRIPE_BYTES + block, BLOCK_BYTES / STRIPE_BYTES, 0);
      this.scramble();
    }
    this.gathered.copyWithin(0, GATHERED_BYTES, GATHERED_BYTES + STRIPE_BYTES);
    this.filled = 0;
  }

  /** Stripes one after the other; the secret moves on by eight bytes with each. */
  private accumulate(from: number, stripes: number, secretFrom: number): void {
    const { sums, view } = this;
    for (let lane = 0; lane < 8; lane += 1) {
      const own = lane * 2;
      const other = own ^ 2;
      let low = sums[own] as number;
      let high = sums[own + 1] as number;
      for (let stripe = 0; stripe < stripes; stripe += 1) {
        const at = from + stripe * STRIPE_BYTES;
        const secret = secretFrom + stripe * 8 + lane * 8;
        // own += the neighbour's input
        const neighbour = at + other * 4;
        const addLow = view.getInt32(neighbour, true);
        const sum = (low + addLow) | 0;
        high = (high + view.getInt32(neighbour + 4, true) + (sum >>> 0 < addLow >>> 0 ? 1 : 0)) | 0;
        // own += low half of the keyed input * high half
        const one = view.getInt32(at + lane * 8, true) ^ SECRET.getInt32(secret, true);
        const two = view.getInt32(at + lane * 8 + 4, true) ^ SECRET.getInt32(secret + 4, true);
        low = (sum + Math.imul(one, two)) | 0;
        high = (high + multiplyHigh(one, two) + (low >>> 0 < sum >>> 0 ? 1 : 0)) | 0;
      }
      sums[own] = low;
      sums[own + 1] = high;
    }
  }

  private scramble(): void {
    const { sums } = this;
    for (let lane = 0; lane < 8; lane += 1) {
      const high = sums[lane * 2 + 1] as number;
      const low = (sums[lane * 2] as number) ^ (high >>> 15) ^ SECRET.getInt32(SCRAMBLE_AT + lane * 8, true);
      const keyed = high ^ SECRET.getInt32(SCRAMBLE_AT + lane * 8 + 4, true);
      sums[lane * 2] = Math.imul(low, FACTOR);
      sums[lane * 2 + 1] = (multiplyHigh(low, FACTOR) + Math.imul(keyed, FACTOR)) | 0;
    }
  }

  /** Big-endian, the canonical form of the specification: 8 bytes or 16, the higher word first. */
  digest(): Uint8Array {
    if (this.totalBytes > SHORT_BYTES_MAX) return this.digestLong();
    const input = new DataView(this.gathered.buffer, STRIPE_BYTES, this.filled);
    if (this.bits === 64) return bigEndian64(shortHash64(input));
    const { low, high } = shortHash128(input);
    return bigEndian64(high, low);
  }

  private digestLong(): Uint8Array {
    let at = 0;
    for (; this.filled - at > BLOCK_BYTES; at += BLOCK_BYTES) {
      this.accumulate(STRIPE_BYTES + at, BLOCK_BYTES / STRIPE_BYTES, 0);
      this.scramble();
    }
    this.accumulate(STRIPE_BYTES + at, Math.floor((this.filled - at - 1) / STRIPE_BYTES), 0);
    this.accumulate(this.filled, 1, LAST_STRIPE_AT);
    const bytes = BigInt(this.totalBytes);
    const low = this.merged((bytes * PRIME64_1) & WORD, 11);
    if (this.bits === 64) return bigEndian64(low);
    return bigEndian64(this.merged(~(bytes * PRIME64_2) & WORD, SECRET_BYTES - 75), low);
  }

  private merged(start: bigint, secretFrom: number): bigint {
    let sum = start;
    for (let lane = 0; lane < 8; lane += 2) {
      const secret = secretFrom + lane * 8;
      sum += multiplyFold(this.sumOf(lane) ^ secretAt(secret), this.sumOf(lane + 1) ^ secretAt(secret + 8));
    }
    return avalanche(sum & WORD);
  }

  private sumOf(lane: number): bigint {
    const [low = 0, high = 0] = this.sums.subarray(lane * 2, lane * 2 + 2);
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  }
}
