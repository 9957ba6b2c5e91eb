// XXH3 of at most 240 bytes, seed 0: four ways by length, each for 64 and for 128 bits. Specification: xxHash project,
// doc/xxhash_spec.md, "XXH3 Algorithm Description (for small inputs)" and "(for medium inputs)". In BigInt: it runs once a checksum.

import { rotateLeft64, swapBytes64, WORD } from './word64.ts';
import {
  avalanche,
  multiplyFold,
  PRIME_MX2,
  PRIME32_2,
  PRIME64_1,
  PRIME64_2,
  PRIME64_4,
  SECRET,
  secretAt,
} from './xxhash3-words.ts';
import { avalanche64 } from './xxhash64.ts';

/** Longer inputs go another way. */
export const SHORT_BYTES_MAX = 240;

export interface Hash128 {
  readonly low: bigint;
  readonly high: bigint;
}

export function shortHash64(input: DataView): bigint {
  const length = input.byteLength;
  if (length === 0) return avalanche64(secretAt(56) ^ secretAt(64));
  if (length <= 3) return avalanche64(BigInt(secretPair32(0) ^ combined(input)) & 0xffffffffn);
  if (length <= 8) return hash4to8(input);
  if (length <= 16) return hash9to16(input);
  return hash17to240(input);
}

export function shortHash128(input: DataView): Hash128 {
  const length = input.byteLength;
  if (length === 0) {
    return { low: avalanche64(secretAt(64) ^ secretAt(72)), high: avalanche64(secretAt(80) ^ secretAt(88)) };
  }
  if (length <= 3) return wide1to3(input);
  if (length <= 8) return wide4to8(input);
  if (length <= 16) return wide9to16(input);
  return wide17to240(input);
}

const wordAt = (input: DataView, at: number): bigint => input.getBigUint64(at, true);
const halfAt = (input: DataView, at: number): bigint => BigInt(input.getUint32(at, true));

function secretPair32(at: number): number {
  return SECRET.getInt32(at, true) ^ SECRET.getInt32(at + 4, true);
}

/** Last byte, length, first byte, middle byte: from the lowest to the highest. */
function combined(input: DataView): number {
  const length = input.byteLength;
  const [first, middle, last] = [input.getUint8(0), input.getUint8(length >> 1), input.getUint8(length - 1)];
  return last | (length << 8) | (first << 16) | (middle << 24);
}

function hash4to8(input: DataView): bigint {
  const length = input.byteLength;
  const halves = halfAt(input, length - 4) | (halfAt(input, 0) << 32n);
  let value = secretAt(8) ^ secretAt(16) ^ halves;
  value ^= rotateLeft64(value, 49n) ^ rotateLeft64(value, 24n);
  value = (value * PRIME_MX2) & WORD;
  value ^= (value >> 35n) + BigInt(length);
  value = (value * PRIME_MX2) & WORD;
  return value ^ (value >> 28n);
}

function hash9to16(input: DataView): bigint {
  const length = input.byteLength;
  const low = secretAt(24) ^ secretAt(32) ^ wordAt(input, 0);
  const high = secretAt(40) ^ secretAt(48) ^ wordAt(input, length - 8);
  return avalanche((BigInt(length) + swapBytes64(low) + high + multiplyFold(low, high)) & WORD);
}

function hash17to240(input: DataView): bigint {
  const length = input.byteLength;
  let sum = BigInt(length) * PRIME64_1;
  if (length <= 128) {
    for (let round = (length - 1) >> 5; round >= 0; round -= 1) {
      sum += mix(input, round * 16, round * 32) + mix(input, length - round * 16 - 16, round * 32 + 16);
    }
    return avalanche(sum & WORD);
  }
  for (let chunk = 0; chunk < 8; chunk += 1) sum += mix(input, chunk * 16, chunk * 16);
  sum = avalanche(sum & WORD);
  for (let chunk = 8; chunk < length >> 4; chunk += 1) sum += mix(input, chunk * 16, (chunk - 8) * 16 + 3);
  return avalanche((sum + mix(input, length - 16, 119)) & WORD);
}

function mix(input: DataView, at: number, secret: number): bigint {
  return multiplyFold(wordAt(input, at) ^ secretAt(secret), wordAt(input, at + 8) ^ secretAt(secret + 8));
}

function wide1to3(input: DataView): Hash128 {
  const value = combined(input);
  const swapped = ((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
  const turned = (swapped << 13) | (swapped >>> 19);
  return {
    low: avalanche64(BigInt(secretPair32(0) ^ value) & 0xffffffffn),
    high: avalanche64(BigInt(secretPair32(8) ^ turned) & 0xffffffffn),
  };
}

function wide4to8(input: DataView): Hash128 {
  const length = input.byteLength;
  const halves = halfAt(input, 0) | (halfAt(input, length - 4) << 32n);
  const product = (secretAt(16) ^ secretAt(24) ^ halves) * (PRIME64_1 + BigInt(length << 2));
  let low = product & WORD;
  const high = ((product >> 64n) + (low << 1n)) & WORD;
  low ^= high >> 3n;
  low ^= low >> 35n;
  low = (low * PRIME_MX2) & WORD;
  return { low: low ^ (low >> 28n), high: avalanche(high) };
}

function wide9to16(input: DataView): Hash128 {
  const length = input.byteLength;
  const last = wordAt(input, length - 8);
  const one = secretAt(32) ^ secretAt(40) ^ wordAt(input, 0) ^ last;
  const other = secretAt(48) ^ secretAt(56) ^ last;
  const product = one * PRIME64_1;
  const high = ((product >> 64n) + other + (other & 0xffffffffn) * (PRIME32_2 - 1n)) & WORD;
  const low = ((product + (BigInt(length - 1) << 54n)) & WORD) ^ swapBytes64(high);
  const again = low * PRIME64_2;
  return { low: avalanche(again & WORD), high: avalanche(((again >> 64n) + high * PRIME64_2) & WORD) };
}

function wide17to240(input: DataView): Hash128 {
  const length = input.byteLength;
  const sums: Sums = { low: BigInt(length) * PRIME64_1, high: 0n };
  if (length <= 128) {
    for (let round = (length - 1) >> 5; round >= 0; round -= 1) {
      mixTwo(sums, input, { one: round * 16, other: length - round * 16 - 16, secret: round * 32 });
    }
    return finished(sums, length);
  }
  for (let chunk = 0; chunk < 4; chunk += 1) {
    mixTwo(sums, input, { one: chunk * 32, other: chunk * 32 + 16, secret: chunk * 32 });
  }
  sums.low = avalanche(sums.low);
  sums.high = avalanche(sums.high);
  for (let chunk = 4; chunk < length >> 5; chunk += 1) {
    mixTwo(sums, input, { one: chunk * 32, other: chunk * 32 + 16, secret: (chunk - 4) * 32 + 3 });
  }
  mixTwo(sums, input, { one: length - 16, other: length - 32, secret: 103 });
  return finished(sums, length);
}

interface Sums {
  low: bigint;
  high: bigint;
}

function mixTwo(
  sums: Sums,
  input: DataView,
  { one, other, secret }: { readonly one: number; readonly other: number; readonly secret: number },
): void {
  const ofOther = (wordAt(input, other) + wordAt(input, other + 8)) & WORD;
  const ofOne = (wordAt(input, one) + wordAt(input, one + 8)) & WORD;
  sums.low = ((sums.low + mix(input, one, secret)) & WORD) ^ ofOther;
  sums.high = ((sums.high + mix(input, other, secret + 16)) & WORD) ^ ofOne;
}

function finished({ low, high }: Sums, length: number): Hash128 {
  const mixed = (low * PRIME64_1 + high * PRIME64_4 + BigInt(length) * PRIME64_2) & WORD;
  return { low: avalanche((low + high) & WORD), high: -avalanche(mixed) & WORD };
}
