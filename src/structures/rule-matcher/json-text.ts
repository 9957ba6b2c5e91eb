// Texts as bytes: hashing and comparing them where they lie, unescaping a JSON string, and the bytes of a JavaScript
// string. Lone surrogates, which JSON can escape and UTF-8 has not, are three bytes as if they were characters: so two
// texts are equal when their bytes are.

import { utf8Encode } from '#base/bytes.ts';

/** Of one more byte. Start with 0. */
export function hashStep(hash: number, byte: number): number {
  return ((hash << 5) - hash + byte) | 0;
}

export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i += 1) hash = ((hash << 5) - hash + (bytes[i] as number)) | 0;
  return hash;
}

/** From the last byte to the first. */
export function hashBackwards(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = end - 1; i >= start; i -= 1) hash = ((hash << 5) - hash + (bytes[i] as number)) | 0;
  return hash;
}

/** A text of a rule. As a rule it is ASCII: then the string itself is compared with, and no copy is kept. */
export class RuleText {
  readonly length: number;
  private readonly encoded: Uint8Array | undefined;

  constructor(private readonly text: string) {
    this.encoded = isAscii(text) ? undefined : encodeText(text);
    this.length = this.encoded?.length ?? text.length;
  }

  get bytes(): Uint8Array {
    return this.encoded ?? encodeText(this.text);
  }

  /** {@link hashOf} its bytes. */
  get hash(): number {
    const { encoded, text, length } = this;
    if (encoded !== undefined) return hashOf(encoded, 0, length);
    let hash = 0;
    for (let i = 0; i < length; i += 1) hash = hashStep(hash, text.charCodeAt(i));
    return hash;
  }

  /** {@link hashBackwards} of its bytes. */
  get hashBackwards(): number {
    const { encoded, text, length } = this;
    if (encoded !== undefined) return hashBackwards(encoded, 0, length);
    let hash = 0;
    for (let i = length - 1; i >= 0; i -= 1) hash = hashStep(hash, text.charCodeAt(i));
    return hash;
  }

  isSame(other: RuleText): boolean {
    return this.text === other.text;
  }

  /** Whether it stands there; the bytes are long enough. */
  isAt(bytes: Uint8Array, at: number): boolean {
    const { encoded, text, length } = this;
    if (encoded === undefined) {
      for (let i = 0; i < length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
      return true;
    }
    for (let i = 0; i < length; i += 1) if (bytes[at + i] !== encoded[i]) return false;
    return true;
  }
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

export function encodeText(text: string): Uint8Array {
  if (!/[\ud800-\udfff]/.test(text)) return utf8Encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (const character of text) at = putCodePoint(bytes, at, character.codePointAt(0) as number);
  return bytes.slice(0, at);
}

/** Returns where the next one goes. */
export function putCodePoint(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    bytes[at] = 0xc0 | (code >> 6);
    bytes[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    bytes[at] = 0xe0 | (code >> 12);
    bytes[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    bytes[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  bytes[at] = 0xf0 | (code >> 18);
  bytes[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}

const BACKSLASH = 0x5c;
/** By the letter behind the backslash; 0 where none is allowed. */
const ESCAPED = new Uint8Array(256);
for (const [letter, character] of Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' })) {
  ESCAPED[letter.charCodeAt(0)] = character.charCodeAt(0);
}
for (const character of '"\\/') ESCAPED[character.charCodeAt(0)] = character.charCodeAt(0);

/**
 * Writes the text of a JSON string (without its quotes) to `target`, which has room for as many bytes; returns how many
 * there are, or -1 when an escape is none of JSON's.
 */
export function unescapeText(bytes: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let to = 0;
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number;
    if (byte !== BACKSLASH) {
      target[to] = byte;
      to += 1;
      at += 1;
      continue;
    }
    const letter = bytes[at + 1] as number;
    at += 2;
    if (letter === 0x75) {
      let code = hex4(bytes, at);
      if (code < 0 || at + 4 > end) return -1;
      at += 4;
      if ((code & 0xfc00) === 0xd800 && at + 6 <= end && bytes[at] === BACKSLASH && bytes[at + 1] === 0x75) {
        const low = hex4(bytes, at + 2);
        if ((low & 0xfc00) === 0xdc00) {
          code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
          at += 6;
        }
      }
      to = putCodePoint(target, to, code);
    } else {
      const character = ESCAPED[letter] as number;
      if (character === 0) return -1;
      target[to] = character;
      to += 1;
    }
  }
  return to;
}

function hex4(bytes: Uint8Array, at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i += 1) {
    const byte = bytes[i] as number;
    const letter = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) code = code * 16 + byte - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) code = code * 16 + letter - 0x57;
    else return -1;
  }
  return code;
}
