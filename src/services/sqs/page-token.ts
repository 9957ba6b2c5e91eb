// Tokens of paginated lists: the key to go on after, sealed together with what was asked, so that a token of another account, region or list
// is refused instead of leaking keys.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { Turn } from '#cell/turn.ts';

type Sealer = Pick<Turn, 'digest' | 'secret'>;

const SEAL_LENGTH = 32;

export function encodePageToken(sealer: Sealer, list: string, lastKey: string): string {
  return base64Encode(utf8Encode(`${sealOf(sealer, list, lastKey)}${lastKey}`));
}

export function decodePageToken(sealer: Sealer, list: string, token: string): string | undefined {
  const bytes = base64Decode(token);
  if (bytes === undefined) return undefined;
  const text = utf8Decode(bytes);
  const lastKey = text.slice(SEAL_LENGTH);
  return sealer.digest.timingSafeEqual(text.slice(0, SEAL_LENGTH), sealOf(sealer, list, lastKey)) ? lastKey : undefined;
}

function sealOf({ digest, secret }: Sealer, list: string, lastKey: string): string {
  return digest.hmacSha256Hex(secret, `sqs page\n${list}\n${lastKey}`).slice(0, SEAL_LENGTH);
}
