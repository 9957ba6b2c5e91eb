// Tokens of lists and searches. A token is bound to what was asked, so that it cannot be used for another question; it names a
// place, not a session, so it never expires.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { Turn } from '#cell/turn.ts';

/** `question` is everything that must stay the same from page to page. */
export function encodeToken(turn: Turn, question: unknown, place: unknown): string {
  const text = JSON.stringify(place);
  return base64Encode(utf8Encode(JSON.stringify([sealOf(turn, question, text), text])));
}

/** The place, or undefined when the token was not given for this question. */
export function decodeToken<Place>(turn: Turn, question: unknown, token: string): Place | undefined {
  const bytes = base64Decode(token);
  if (bytes === undefined) return undefined;
  try {
    const [seal, text] = JSON.parse(utf8Decode(bytes)) as [unknown, unknown];
    if (typeof text !== 'string' || seal !== sealOf(turn, question, text)) return undefined;
    return JSON.parse(text) as Place;
  } catch {
    // Not JSON: not a token of ours.
    return undefined;
  }
}

function sealOf(turn: Turn, question: unknown, place: string): string {
  const { account, region } = turn.scope;
  const sealed = JSON.stringify(['page-token', account, region, question, place]);
  return turn.digest.hmacSha256Hex(turn.secret, sealed).slice(0, 24);
}
