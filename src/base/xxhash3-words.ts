// What all lengths of XXH3 share: its primes, its secret and its mixing. Specification: xxHash project, doc/xxhash_spec.md, "XXH3 Algorithm
// Overview".

import { WORD } from './word64.ts';

export const PRIME32_1 = 0x9e3779b1n;
export const PRIME32_2 = 0x85ebca77n;
export const PRIME32_3 = 0xc2b2ae3dn;
export const PRIME64_1 = 0x9e3779b185ebca87n;
export const PRIME64_2 = 0xc2b2ae3d27d4eb4fn;
export const PRIME64_3 = 0x165667b19e3779f9n;
export const PRIME64_4 = 0x85ebca77c2b2ae63n;
export const PRIME64_5 = 0x27d4eb2f165667c5n;
export const PRIME_MX2 = 0x9fb21c651e98df25n;
const PRIME_MX1 = 0x165667919e3779f9n;

const SECRET_HEX =
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221' +
  'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' +
  'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb' +
  '170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e';
export const SECRET_BYTES = SECRET_HEX.length / 2;

/** The default secret. */
export const SECRET = new DataView(
  Uint8Array.from({ length: SECRET_BYTES }, (_, at) => Number.parseInt(SECRET_HEX.slice(at * 2, at * 2 + 2), 16))
    .buffer,
);

/** Eight bytes of the secret, little-endian as XXH3 reads everything. */
export function secretAt(byte: number): bigint {
  return SECRET.getBigUint64(byte, true);
}

export function avalanche(word: bigint): bigint {
  const mixed = ((word ^ (word >> 37n)) * PRIME_MX1) & WORD;
  return mixed ^ (mixed >> 32n);
}

/** Both halves of the product of 128 bits, folded into one word. */
export function multiplyFold(one: bigint, other: bigint): bigint {
  const product = one * other;
  return (product & WORD) ^ (product >> 64n);
}
