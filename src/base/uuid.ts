// UUIDs (RFC 4122, version 4 form) between sixteen raw bytes, as facts hold them, and text, as clients see them.

const DIGIT_CODES: readonly number[] = [...'0123456789abcdef'].map((digit) => digit.charCodeAt(0));
const HYPHEN_CODE = 45;
/** Where the two digits of each byte stand. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
/** Every request is given one: texts put together piece by piece were a twentieth of all memory that a send used up. */
const codes: number[] = new Array(36).fill(HYPHEN_CODE);

/** The last text that was made, and its bytes: a new id goes into the journal and into a queue right after, as bytes. */
let lastText = '';
const lastBytes = new Uint8Array(16);

/** Text of sixteen bytes from `at`. */
export function formatUuid(bytes: Uint8Array, at = 0): string {
  for (let i = 0; i < 16; i += 1) {
    const byte = bytes[at + i] as number;
    lastBytes[i] = byte;
    const place = PLACES[i] as number;
    codes[place] = DIGIT_CODES[byte >> 4] as number;
    codes[place + 1] = DIGIT_CODES[byte & 15] as number;
  }
  lastText = String.fromCharCode(...codes);
  return lastText;
}

/** Marks sixteen random bytes as version 4, variant 1, in place. */
export function markVersion4(bytes: Uint8Array, at = 0): void {
  bytes[at + 6] = ((bytes[at + 6] as number) & 0x0f) | 0x40;
  bytes[at + 8] = ((bytes[at + 8] as number) & 0x3f) | 0x80;
}

/** Of characters below 128; 16 for what is no digit. */
const NIBBLES = new Uint8Array(128).fill(16);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  NIBBLES[digit.charCodeAt(0)] = value;
  NIBBLES[digit.toUpperCase().charCodeAt(0)] = value;
}
const HYPHENS = [8, 13, 18, 23];

/** Sixteen bytes of a UUID's text, or undefined when it is none. */
export function parseUuid(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16);
  return parseUuidInto(text, bytes) ? bytes : undefined;
}

/** False, and any bytes, when the text is none. */
export function parseUuidInto(text: string, bytes: Uint8Array): boolean {
  if (text.length !== 36) return false;
  if (text === lastText) {
    for (let i = 0; i < 16; i += 1) bytes[i] = lastBytes[i] as number;
    return true;
  }
  for (const place of HYPHENS) if (text.charCodeAt(place) !== HYPHEN_CODE) return false;
  let seen = 0;
  for (let i = 0; i < 16; i += 1) {
    const place = PLACES[i] as number;
    const high = NIBBLES[text.charCodeAt(place)] ?? 16;
    const low = NIBBLES[text.charCodeAt(place + 1)] ?? 16;
    seen |= high | low;
    bytes[i] = (high << 4) | low;
  }
  return seen < 16;
}
