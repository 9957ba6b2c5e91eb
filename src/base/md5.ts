// MD5 (RFC 1321) of short texts as four numbers: the place of a partition key among the hash ranges of a stream. By hand, because a call into
// the platform's digest and back costs three times as much for a text of one block, and five hundred of them come in one request.

/** Of each step: its constant, the word of the block that it takes, and how far it rotates. */
export const MD5_STEPS = { sines: new Int32Array(64), words: new Uint8Array(64), shifts: new Uint8Array(64) };
const { sines: SINES, words: WORD_OF_STEP, shifts: SHIFT_OF_STEP } = MD5_STEPS;
const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
for (let i = 0; i < 64; i += 1) {
  SINES[i] = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32);
  const round = i >> 4;
  WORD_OF_STEP[i] = [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! & 15;
  SHIFT_OF_STEP[i] = SHIFTS[round * 4 + (i & 3)]!;
}

const BLOCK_BYTES = 64;
const encoder = new TextEncoder();
let bytes = new Uint8Array(2048);
let words = new Int32Array(bytes.buffer);
const state = new Int32Array(4);

/** The digest's sixteen bytes as four unsigned numbers, most significant first, written to `into`. */
export function md5Words(text: string, into: Uint32Array): void {
  const length = writeText(text);
  const end = Math.ceil((length + 9) / BLOCK_BYTES) * BLOCK_BYTES;
  bytes.fill(0, length, end);
  bytes[length] = 0x80;
  words[end / 4 - 2] = length << 3;
  words[end / 4 - 1] = length >>> 29;
  state[0] = 0x67452301;
  state[1] = 0xefcdab89 | 0;
  state[2] = 0x98badcfe | 0;
  state[3] = 0x10325476;
  for (let at = 0; at < end / 4; at += BLOCK_BYTES / 4) mixBlock(at);
  for (let i = 0; i < 4; i += 1) into[i] = swapped(state[i]!);
}

/** Returns the number of bytes in UTF-8. */
function writeText(text: string): number {
  const { length } = text;
  if (length * 3 + BLOCK_BYTES * 2 > bytes.length) {
    bytes = new Uint8Array(Math.ceil((length * 3 + BLOCK_BYTES * 2) / BLOCK_BYTES) * BLOCK_BYTES);
    words = new Int32Array(bytes.buffer);
  }
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return encoder.encodeInto(text, bytes).written;
    bytes[i] = code;
  }
  return length;
}

function mixBlock(at: number): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let i = 0; i < 64; i += 1) {
    let mixed: number;
    if (i < 16) mixed = (b & c) | (~b & d);
    else if (i < 32) mixed = (d & b) | (~d & c);
    else if (i < 48) mixed = b ^ c ^ d;
    else mixed = c ^ (b | ~d);
    const sum = (a + mixed + SINES[i]! + words[at + WORD_OF_STEP[i]!]!) | 0;
    const shift = SHIFT_OF_STEP[i]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
}

function swapped(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
