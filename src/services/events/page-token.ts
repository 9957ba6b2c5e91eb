// Tokens that continue a list of one account and region with the same filters: they hold the last key, sealed with those.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { EventsTurn } from './state.ts';

const SEAL_LENGTH = 24;

/** `list` names what is listed, with its filters. */
export function sealToken(turn: EventsTurn, list: string, key: string): string {
  return base64Encode(utf8Encode(`${sealOf(turn, list, key)}${key}`));
}

/** The key after which to go on; undefined for a token that was not given for this list. */
export function openToken(turn: EventsTurn, list: string, token: string): string | undefined {
  const bytes = base64Decode(token);
  if (bytes === undefined) return undefined;
  const text = utf8Decode(bytes);
  const key = text.slice(SEAL_LENGTH);
  return turn.digest.timingSafeEqual(text.slice(0, SEAL_LENGTH), sealOf(turn, list, key)) ? key : undefined;
}

function sealOf({ digest, secret, scope }: EventsTurn, list: string, key: string): string {
  const text = `events-page\n${scope.account}\n${scope.region}\n${list}\n${key}`;
  return digest.hmacSha256Hex(secret, text).slice(0, SEAL_LENGTH);
}
