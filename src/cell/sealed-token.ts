// Tokens that only this store can have given, each for one question: pages of lists, as a rule. Their content is not hidden; a changed one, or one
// that was given for something else, is not taken.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { Turn } from './turn.ts';

type Sealing = Pick<Turn, 'digest' | 'secret'>;

/** Hexadecimal digits: 96 bits. */
const SEAL_LENGTH = 24;

/** `bound` is plain JSON: what the token is for, and everything that must stay the same from one request to the next. Begin with the service's name. */
export function sealToken(sealing: Sealing, bound: readonly unknown[], content: string): string {
  return base64Encode(utf8Encode(sealOf(sealing, bound, content) + content));
}

/** The content; undefined for what was not sealed here with the same `bound`. */
export function openToken(sealing: Sealing, bound: readonly unknown[], token: string): string | undefined {
  const bytes = base64Decode(token);
  if (bytes === undefined) return undefined;
  const text = utf8Decode(bytes);
  const content = text.slice(SEAL_LENGTH);
  const isOurs = sealing.digest.timingSafeEqual(text.slice(0, SEAL_LENGTH), sealOf(sealing, bound, content));
  return isOurs ? content : undefined;
}

function sealOf({ digest, secret }: Sealing, bound: readonly unknown[], content: string): string {
  return digest.hmacSha256Hex(secret, JSON.stringify(['token', bound, content])).slice(0, SEAL_LENGTH);
}
