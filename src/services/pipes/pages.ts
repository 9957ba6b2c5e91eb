// Tokens of ListPipes: the last key shown, sealed with what was listed, so that a token continues no other list.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { invalidToken } from './errors.ts';
import type { PipesTurn } from './state.ts';

const SEAL_BYTES = 12;

/** `question` is everything that must stay the same from page to page. */
export function sealToken(turn: PipesTurn, question: unknown, lastKey: string): string {
  const key = utf8Encode(lastKey);
  const token = new Uint8Array(SEAL_BYTES + key.length);
  token.set(sealOf(turn, question, lastKey));
  token.set(key, SEAL_BYTES);
  return base64Encode(token);
}

/** The key to continue after; undefined at the beginning. */
export function openToken(
  turn: PipesTurn,
  question: unknown,
  token: string | undefined,
): { readonly afterKey: string | undefined } | Refused {
  if (token === undefined) return { afterKey: undefined };
  const bytes = base64Decode(token);
  if (bytes === undefined || bytes.length <= SEAL_BYTES) return refuse(invalidToken());
  const key = utf8Decode(bytes.subarray(SEAL_BYTES));
  const isOurs = turn.digest.timingSafeEqual(bytes.subarray(0, SEAL_BYTES), sealOf(turn, question, key));
  return isOurs ? { afterKey: key } : refuse(invalidToken());
}

function sealOf(turn: PipesTurn, question: unknown, key: string): Uint8Array {
  const { account, region } = turn.scope;
  const text = JSON.stringify(['pipes-page', account, region, question, key]);
  return turn.digest.hmacSha256(turn.secret, text).subarray(0, SEAL_BYTES);
}
