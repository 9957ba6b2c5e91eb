// GZIP (RFC 1952) with deflate's fixed codes (RFC 1951, 3.2.6): what services themselves have to compress within a turn, where no library of the machine can be asked. The
// same input gives the same bytes. Texts that repeat themselves (log lines as JSON) become a third to a tenth; time is linear in the input.

const WINDOW = 32_768;
const MATCH_MIN = 4;
const MATCH_MAX = 258;
const HASH_BITS = 14;
const END_OF_BLOCK = 256;

const HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/** Base values of length codes 257 … 285 and distance codes 0 … 29, each with its number of extra bits. */
const LENGTHS = codeTable(29, 3, (code) => (code < 8 || code === 28 ? 0 : (code >> 2) - 1));
const DISTANCES = codeTable(30, 1, (code) => (code < 4 ? 0 : (code >> 1) - 1));
// The longest length has a code of its own, without extra bits.
LENGTHS.bases[28] = MATCH_MAX;

interface CodeTable {
  readonly bases: number[];
  readonly extraBits: number[];
}

function codeTable(count: number, first: number, extraBitsOf: (code: number) => number): CodeTable {
  const bases: number[] = [];
  const extraBits: number[] = [];
  let base = first;
  for (let code = 0; code < count; code += 1) {
    bases.push(base);
    extraBits.push(extraBitsOf(code));
    base += 2 ** extraBitsOf(code);
  }
  return { bases, extraBits };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Bits from the lowest on; codes are given with their first bit highest, as the RFC has them. */
class BitWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private held = 0;
  private heldBits = 0;

  bits(value: number, count: number): void {
    this.held |= value << this.heldBits;
    this.heldBits += count;
    while (this.heldBits >= 8) {
      this.byte(this.held & 255);
      this.held >>>= 8;
      this.heldBits -= 8;
    }
  }

  code(value: number, count: number): void {
    let reversed = 0;
    for (let bit = 0; bit < count; bit += 1) reversed |= ((value >>> bit) & 1) << (count - 1 - bit);
    this.bits(reversed, count);
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) {
      const grown = new Uint8Array(this.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.length] = value;
    this.length += 1;
  }

  u32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte((value >>> shift) & 255);
  }

  fill(): void {
    if (this.heldBits > 0) this.bits(0, 8 - this.heldBits);
  }

  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

export function gzip(bytes: Uint8Array): Uint8Array {
  const writer = new BitWriter();
  for (const byte of HEADER) writer.byte(byte);
  // One last block with fixed codes.
  writer.bits(1, 1);
  writer.bits(1, 2);
  deflate(writer, bytes);
  symbol(writer, END_OF_BLOCK);
  writer.fill();
  writer.u32(crc32(bytes));
  writer.u32(bytes.length);
  return writer.take();
}

function deflate(writer: BitWriter, bytes: Uint8Array): void {
  /** Last place of four bytes, plus one, by their hash. */
  const places = new Int32Array(1 << HASH_BITS);
  for (let at = 0; at < bytes.length; ) {
    const length = at + MATCH_MIN <= bytes.length ? matchLength(bytes, at, places) : 0;
    if (length === 0) {
      symbol(writer, bytes[at] as number);
      at += 1;
      continue;
    }
    const distance = matched;
    pair(writer, LENGTHS, { value: length, isLength: true });
    pair(writer, DISTANCES, { value: distance, isLength: false });
    at += length;
  }
}

/** Distance of the match that was found last. */
let matched = 0;

function matchLength(bytes: Uint8Array, at: number, places: Int32Array): number {
  const word =
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24);
  const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
  const from = (places[hash] as number) - 1;
  places[hash] = at + 1;
  if (from < 0 || at - from > WINDOW) return 0;
  const max = Math.min(MATCH_MAX, bytes.length - at);
  let length = 0;
  while (length < max && bytes[from + length] === bytes[at + length]) length += 1;
  matched = at - from;
  return length < MATCH_MIN ? 0 : length;
}

function pair(writer: BitWriter, { bases, extraBits }: CodeTable, given: { value: number; isLength: boolean }): void {
  let code = bases.length - 1;
  while ((bases[code] as number) > given.value) code -= 1;
  if (given.isLength) symbol(writer, 257 + code);
  else writer.code(code, 5);
  writer.bits(given.value - (bases[code] as number), extraBits[code] as number);
}

function symbol(writer: BitWriter, value: number): void {
  if (value < 144) writer.code(0x30 + value, 8);
  else if (value < 256) writer.code(0x190 + value - 144, 9);
  else if (value < 280) writer.code(value - 256, 7);
  else writer.code(0xc0 + value - 280, 8);
}
