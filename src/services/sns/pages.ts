// Pages of a hundred. A token continues one list of one account only: it holds the last key, sealed with what it is for.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { nextTokenInvalid } from './errors.ts';
import { PAGE_SIZE } from './limits.ts';
import type { SnsTurn } from './state.ts';

const SEAL_BYTES = 12;

export interface ListPage {
  readonly keys: readonly string[];
  readonly nextToken: string | undefined;
}

/** The page that the token asks for. `keys` are in order; `list` names what is listed, its arguments included. */
export function pageOf(
  turn: SnsTurn,
  options: { readonly list: string; readonly keys: readonly string[]; readonly token: string | undefined },
): ListPage | Refused {
  const { list, keys, token } = options;
  let start = 0;
  if (token !== undefined && token !== '') {
    const afterKey = openToken(turn, list, token);
    if (afterKey === undefined) return refuse(nextTokenInvalid());
    start = keys.findIndex((key) => key > afterKey);
    if (start < 0) return { keys: [], nextToken: undefined };
  }
  const page = keys.slice(start, start + PAGE_SIZE);
  const hasMore = start + PAGE_SIZE < keys.length;
  return { keys: page, nextToken: hasMore ? sealToken(turn, list, page[page.length - 1] as string) : undefined };
}

function sealToken(turn: SnsTurn, list: string, key: string): string {
  const bytes = utf8Encode(key);
  const token = new Uint8Array(SEAL_BYTES + bytes.length);
  token.set(sealOf(turn, list, key));
  token.set(bytes, SEAL_BYTES);
  return base64Encode(token);
}

function openToken(turn: SnsTurn, list: string, token: string): string | undefined {
  const bytes = base64Decode(token);
  if (bytes === undefined || bytes.length <= SEAL_BYTES) return undefined;
  const key = utf8Decode(bytes.subarray(SEAL_BYTES));
  return turn.digest.timingSafeEqual(bytes.subarray(0, SEAL_BYTES), sealOf(turn, list, key)) ? key : undefined;
}

function sealOf(turn: SnsTurn, list: string, key: string): Uint8Array {
  const { account, region } = turn.scope;
  const text = `sns-page\n${account}\n${region}\n${list}\n${key}`;
  return turn.digest.hmacSha256(turn.secret, text).subarray(0, SEAL_BYTES);
}
