// Words of 64 bits without sign: as BigInt for what is computed once, in halves of 32 bits for what is computed for each byte.

export const WORD = 0xffffffffffffffffn;

export function rotateLeft64(word: bigint, bits: bigint): bigint {
  return ((word << bits) | (word >> (64n - bits))) & WORD;
}

/** The bytes of the word in reverse order. */
export function swapBytes64(word: bigint): bigint {
  return new DataView(bigEndian64(word).buffer).getBigUint64(0, true);
}

export function bigEndian64(...words: readonly bigint[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(words.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [at, word] of words.entries()) view.setBigUint64(at * 8, word);
  return bytes;
}

/** The upper 32 bits of the product of two numbers of 32 bits, both taken without sign. In numbers: this is for each byte. */
export function multiplyHigh(one: number, other: number): number {
  const oneLow = one & 0xffff;
  const oneHigh = one >>> 16;
  const otherLow = other & 0xffff;
  const otherHigh = other >>> 16;
  const middle = (Math.imul(oneHigh, otherLow) + (Math.imul(oneLow, otherLow) >>> 16)) | 0;
  const carried = (Math.imul(oneLow, otherHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(oneHigh, otherHigh) + (middle >>> 16) + (carried >>> 16)) | 0;
}
