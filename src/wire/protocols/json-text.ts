// Bytes <-> JSON, with limits. JSON.parse itself does not recurse and costs at most a few milliseconds below SCANNED_BYTES; a larger text
// is scanned first, so that its depth and number of members are bounded before anything is built from it.

import { DEPTH_MAX } from '../problems.ts';

/** Measured on Node 20: the worst 64 KiB text (nested arrays, or members of one letter) parses in under 3 ms. */
const SCANNED_BYTES = 65_536;
/** A batch, policy or code upload has far fewer; 10^6 members took a second. */
const MEMBERS_MAX = 200_000;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;

/** `found` is absent when the bytes are no JSON text within the limits. A JSON null is found. */
export function parseJson(body: Uint8Array): { readonly found?: unknown } {
  if (body.length > SCANNED_BYTES && !isWithinLimits(body)) return {};
  try {
    return { found: JSON.parse(decoder.decode(body)) };
  } catch {
    // Bytes that are not UTF-8, or text that is not JSON: both are the client's.
    return {};
  }
}

function isWithinLimits(body: Uint8Array): boolean {
  let depth = 0;
  let members = 0;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i]!;
    if (byte === QUOTE) {
      i = endOfString(body, i + 1);
    } else if (byte === 123 || byte === 91) {
      depth += 1;
      if (depth > DEPTH_MAX) return false;
    } else if (byte === 125 || byte === 93) {
      depth -= 1;
    } else if (byte === COMMA) {
      members += 1;
      if (members > MEMBERS_MAX) return false;
    }
  }
  return true;
}

function endOfString(body: Uint8Array, start: number): number {
  let i = start;
  while (i < body.length && body[i] !== QUOTE) i += body[i] === BACKSLASH ? 2 : 1;
  return i;
}
