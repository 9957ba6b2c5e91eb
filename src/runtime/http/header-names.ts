// Header names of requests become lower-case strings that are the same object each time, found by a hash of their bytes:
// clients send the same dozen names with every request, and making the strings anew was a fifth of the time of parsing a head.

/** What the server itself must know about a header. */
export const HEADER_ORDINARY = 0;
/** Two of it could make the signer and the reader look at different values. */
export const HEADER_UNIQUE = 1;
export const HEADER_HOST = 2;
export const HEADER_CONTENT_LENGTH = 3;
export const HEADER_TRANSFER_ENCODING = 4;
export const HEADER_CONNECTION = 5;
export const HEADER_EXPECT = 6;
export const HEADER_CONTENT_ENCODING = 7;

const KINDS = new Map<string, number>([
  ['authorization', HEADER_UNIQUE],
  ['content-type', HEADER_UNIQUE],
  ['date', HEADER_UNIQUE],
  ['x-amz-content-sha256', HEADER_UNIQUE],
  ['x-amz-date', HEADER_UNIQUE],
  ['x-amz-security-token', HEADER_UNIQUE],
  ['x-amz-target', HEADER_UNIQUE],
  ['host', HEADER_HOST],
  ['content-length', HEADER_CONTENT_LENGTH],
  ['transfer-encoding', HEADER_TRANSFER_ENCODING],
  ['connection', HEADER_CONNECTION],
  ['expect', HEADER_EXPECT],
  ['content-encoding', HEADER_CONTENT_ENCODING],
]);

export function headerKind(name: string): number {
  return KINDS.get(name) ?? HEADER_ORDINARY;
}

export interface HeaderName {
  readonly name: string;
  readonly kind: number;
  /** The name again: comparing bytes with bytes is several times faster than with characters. */
  readonly bytes: Uint8Array;
}

/** Byte of a token (RFC 9110) -> its lower case; 0 for every byte that may not stand in a header name. */
export const TOKEN_LOWER = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")
  TOKEN_LOWER[char.charCodeAt(0)] = char.charCodeAt(0);
for (let code = 0x41; code <= 0x5a; code += 1) TOKEN_LOWER[code] = code + 0x20;

/** Direct-mapped: a new name takes the place of the one before it, so hostile names cost time but no memory. */
const SLOTS = 1024;
const slots: HeaderName[] = new Array(SLOTS).fill({ name: '', kind: HEADER_ORDINARY, bytes: new Uint8Array(0) });

/** `hash` is any function of the lower-case bytes from `start` to `end`, all of which are token bytes. */
export function headerName(hash: number, bytes: Buffer, start: number, end: number): HeaderName {
  const slot = hash & (SLOTS - 1);
  const known = slots[slot] as HeaderName;
  if (isSame(known.bytes, bytes, start, end)) return known;
  const name = bytes.toString('latin1', start, end).toLowerCase();
  const made: HeaderName = { name, kind: headerKind(name), bytes: Buffer.from(name, 'latin1') };
  slots[slot] = made;
  return made;
}

function isSame(name: Uint8Array, bytes: Buffer, start: number, end: number): boolean {
  const { length } = name;
  if (length !== end - start) return false;
  for (let i = 0; i < length; i += 1) {
    if (name[i] !== TOKEN_LOWER[bytes[start + i] as number]) return false;
  }
  return true;
}
