// CRC-32 (the polynomial of zlib, gzip and PNG) in plain ECMAScript, for engines that may not touch Node and for the
// few words of an entry's head, where calling native code costs more than the sum itself. `crc32(bytes, seed)` equals
// `zlib.crc32(bytes, seed)`; a test holds the two together. Method: slicing by four.

const TABLE = makeTable();

function makeTable(): Uint32Array {
  const table = new Uint32Array(1024);
  for (let byte = 0; byte < 256; byte += 1) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    table[byte] = sum;
  }
  for (let slice = 1; slice < 4; slice += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const before = table[(slice - 1) * 256 + byte] as number;
      table[slice * 256 + byte] = (before >>> 8) ^ (table[before & 0xff] as number);
    }
  }
  return table;
}

/** Continues `seed` over `words[from..to)` read as little-endian bytes. */
export function crc32Words(words: Uint32Array, from: number, to: number, seed: number): number {
  let sum = ~seed;
  for (let i = from; i < to; i += 1) {
    sum ^= words[i] as number;
    sum =
      (TABLE[768 + (sum & 0xff)] as number) ^
      (TABLE[512 + ((sum >>> 8) & 0xff)] as number) ^
      (TABLE[256 + ((sum >>> 16) & 0xff)] as number) ^
      (TABLE[sum >>> 24] as number);
  }
  return ~sum >>> 0;
}

/** Continues `seed` over the bytes; start with 0. */
export function crc32(bytes: Uint8Array, seed: number): number {
  let sum = ~seed;
  for (let i = 0; i < bytes.length; i += 1) {
    sum = (sum >>> 8) ^ (TABLE[(sum ^ (bytes[i] as number)) & 0xff] as number);
  }
  return ~sum >>> 0;
}
