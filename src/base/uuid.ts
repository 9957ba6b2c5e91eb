// UUIDs (RFC 4122, version 4 form) between sixteen raw bytes, as facts hold them, and text, as clients see them.

const DIGIT_CODES: readonly number[] = [...'0123456789abcdef'].map((digit) => digit.charCodeAt(0));
const HYPHEN_CODE = 45;
/** Where the two digits of each byte stand. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
/** Every request is given one: texts put together piece by piece were a twentieth of all memory that a send used up. */
const codes: number[] = new Array(36).fill(HYPHEN_CODE);

/** Text of sixteen bytes from `at`. */
export function formatUuid(bytes: Uint8Array, at = 0): string {
  for (let i = 0; i < 16; i += 1) {
    const byte = bytes[at + i] as number;
    const place = PLACES[i] as number;
    codes[place] = DIGIT_CODES[byte >> 4] as number;
    codes[place + 1] = DIGIT_CODES[byte & 15] as number;
  }
  return String.fromCharCode(...codes);
}

/** Marks sixteen random bytes as version 4, variant 1, in place. */
export function markVersion4(bytes: Uint8Array, at = 0): void {
  bytes[at + 6] = ((bytes[at + 6] as number) & 0x0f) | 0x40;
  bytes[at + 8] = ((bytes[at + 8] as number) & 0x3f) | 0x80;
}

function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  return -1;
}

/** Sixteen bytes of a UUID's text, or undefined when it is none. */
export function parseUuid(text: string): Uint8Array | undefined {
  if (text.length !== 36) return undefined;
  const bytes = new Uint8Array(16);
  let at = 0;
  for (let i = 0; i < 36; i += 1) {
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (text.charCodeAt(i) !== 45) return undefined;
      continue;
    }
    const value = nibble(text.charCodeAt(i));
    if (value < 0) return undefined;
    const byte = at >> 1;
    bytes[byte] = at % 2 === 0 ? value << 4 : (bytes[byte] as number) | value;
    at += 1;
  }
  return bytes;
}
