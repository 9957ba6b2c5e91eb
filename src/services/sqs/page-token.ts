// Tokens of paginated lists: the key to go on after, sealed together with what was asked, so that a token of another account, region or list
// is refused instead of leaking keys.

import { openToken, sealToken } from '#cell/sealed-token.ts';
import type { Turn } from '#cell/turn.ts';

type Sealer = Pick<Turn, 'digest' | 'secret'>;

export function encodePageToken(sealer: Sealer, list: string, lastKey: string): string {
  return sealToken(sealer, ['sqs', list], lastKey);
}

export function decodePageToken(sealer: Sealer, list: string, token: string): string | undefined {
  return openToken(sealer, ['sqs', list], token);
}
