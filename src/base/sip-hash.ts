// SipHash-2-4 with 128 bits of output: a keyed hash for short inputs (Aumasson, Bernstein: "SipHash: a fast short-input PRF", and the authors'
// reference code). Unforgeable without the key, and here thirty times cheaper than an HMAC through the platform's crypto library, whose set-up
// costs more than hashing thirty bytes. 64-bit words are pairs of 32-bit halves.

import { assert } from './assert.ts';

/** v0 … v3, low and high half of each. */
const v = new Int32Array(8);

function rotateHalves(at: number, by: number): void {
  const low = v[at] as number;
  const high = v[at + 1] as number;
  v[at] = (low << by) | (high >>> (32 - by));
  v[at + 1] = (high << by) | (low >>> (32 - by));
}

function add(to: number, from: number): void {
  const low = ((v[to] as number) >>> 0) + ((v[from] as number) >>> 0);
  v[to + 1] = ((v[to + 1] as number) + (v[from + 1] as number) + (low > 0xffffffff ? 1 : 0)) | 0;
  v[to] = low | 0;
}

function xor(to: number, from: number): void {
  v[to] = (v[to] as number) ^ (v[from] as number);
  v[to + 1] = (v[to + 1] as number) ^ (v[from + 1] as number);
}

function swapHalves(at: number): void {
  const low = v[at] as number;
  v[at] = v[at + 1] as number;
  v[at + 1] = low;
}

const V0 = 0;
const V1 = 2;
const V2 = 4;
const V3 = 6;

function rounds(count: number): void {
  for (let i = 0; i < count; i += 1) {
    add(V0, V1);
    rotateHalves(V1, 13);
    xor(V1, V0);
    swapHalves(V0);
    add(V2, V3);
    rotateHalves(V3, 16);
    xor(V3, V2);
    add(V0, V3);
    rotateHalves(V3, 21);
    xor(V3, V0);
    add(V2, V1);
    rotateHalves(V1, 17);
    xor(V1, V2);
    swapHalves(V2);
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function compress(low: number, high: number): void {
  v[V3] = (v[V3] as number) ^ low;
  v[V3 + 1] = (v[V3 + 1] as number) ^ high;
  rounds(2);
  v[V0] = (v[V0] as number) ^ low;
  v[V0 + 1] = (v[V0 + 1] as number) ^ high;
}

function begin(key: Uint8Array): void {
  const k0 = word(key, 0);
  const k1 = word(key, 4);
  const k2 = word(key, 8);
  const k3 = word(key, 12);
  v[0] = k0 ^ 0x70736575;
  v[1] = k1 ^ 0x736f6d65;
  v[2] = k2 ^ 0x6e646f6d ^ 0xee;
  v[3] = k3 ^ 0x646f7261;
  v[4] = k0 ^ 0x6e657261;
  v[5] = k1 ^ 0x6c796765;
  v[6] = k2 ^ 0x79746573;
  v[7] = k3 ^ 0x74656462;
}

/** The last, partial word: what is left of the data, and its length in the highest byte. */
function finishData(data: Uint8Array, from: number): void {
  let low = 0;
  let high = (data.length & 0xff) << 24;
  for (let i = from; i < data.length; i += 1) {
    const at = i - from;
    if (at < 4) low |= (data[i] as number) << (at * 8);
    else high |= (data[i] as number) << ((at - 4) * 8);
  }
  compress(low, high);
}

function writeHash(hash: Uint8Array, at: number): void {
  for (const [half, offset] of [
    [0, 0],
    [1, 4],
  ] as const) {
    const value = (v[half] as number) ^ (v[2 + half] as number) ^ (v[4 + half] as number) ^ (v[6 + half] as number);
    for (let i = 0; i < 4; i += 1) hash[at + offset + i] = (value >>> (i * 8)) & 0xff;
  }
}

/** Sixteen bytes. The key has sixteen bytes too. */
export function sipHash128(key: Uint8Array, data: Uint8Array): Uint8Array {
  assert(key.length === 16, 'a SipHash key has 16 bytes');
  begin(key);
  const whole = data.length & ~7;
  for (let at = 0; at < whole; at += 8) compress(word(data, at), word(data, at + 4));
  finishData(data, whole);
  const hash = new Uint8Array(16);
  v[V2] = (v[V2] as number) ^ 0xee;
  rounds(4);
  writeHash(hash, 0);
  v[V1] = (v[V1] as number) ^ 0xdd;
  rounds(4);
  writeHash(hash, 8);
  return hash;
}
