// Tokens of lists and searches. A token is bound to what was asked, so that it cannot be used for another question; it names a
// place, not a session, so it never expires.

import { openToken, sealToken } from '#cell/sealed-token.ts';
import type { Turn } from '#cell/turn.ts';

/** `question` is everything that must stay the same from page to page. */
export function encodeToken(turn: Turn, question: unknown, place: unknown): string {
  return sealToken(turn, boundTo(turn, question), JSON.stringify(place));
}

/** The place, or undefined when the token was not given for this question. */
export function decodeToken<Place>(turn: Turn, question: unknown, token: string): Place | undefined {
  const text = openToken(turn, boundTo(turn, question), token);
  return text === undefined ? undefined : (JSON.parse(text) as Place);
}

function boundTo({ scope }: Turn, question: unknown): readonly unknown[] {
  return ['logs', scope.account, scope.region, question];
}
