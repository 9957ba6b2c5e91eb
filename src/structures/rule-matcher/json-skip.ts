// Going over JSON by its bytes: each function begins behind what was recognized and returns where it ended. The bytes end
// with quotes (GUARD_BYTES), at which every loop stops; who passes the end sees it by the position.

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const SPACE = 0x20;

/** Quotes behind the text: a backslash before them takes one away. */
export const GUARD_BYTES = 4;
/** Returned instead of a position when this is not JSON. */
export const BROKEN = -1;

/** Brackets differ from braces in this bit only. */
const BRACE_BIT = 0x20;

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] as number) <= SPACE) at += 1;
  return at;
}

/** From inside a string to its closing quote. */
export function endOfText(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
}

/** From the first byte of a number or literal to behind it. */
export function endOfPlain(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at] as number;
    if (byte <= QUOTE || byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) return at;
    at += 1;
  }
}

/** From the first byte of a value to behind it; `end` is the text's. */
export function skipValue(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at] as number;
  if (byte === QUOTE) return endOfText(bytes, at + 1) + 1;
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return skipContainer(bytes, at + 1, end);
  const behind = endOfPlain(bytes, at);
  return behind === at ? BROKEN : behind;
}

/** From behind the bracket to behind the one that closes it. */
export function skipContainer(bytes: Uint8Array, from: number, end: number): number {
  let depth = 1;
  let at = from;
  for (;;) {
    const byte = bytes[at] as number;
    at += 1;
    if (byte === QUOTE) {
      if (at > end) return BROKEN;
      at = endOfText(bytes, at) + 1;
    } else if (byte >= OPEN_ARRAY) {
      const brace = byte | BRACE_BIT;
      if (brace === OPEN_OBJECT) depth += 1;
      else if (brace === CLOSE_OBJECT) {
        depth -= 1;
        if (depth === 0) return at;
      }
    }
  }
}
