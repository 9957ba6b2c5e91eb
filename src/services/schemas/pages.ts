// Pages of lists. A token is the key of the page's last item, sealed with what was asked, so that it serves no other list and no other account.
// AWS: "The token will expire in 24 hours, and cannot be shared with other accounts."

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import { badRequest, invalidToken } from './errors.ts';
import { PAGE_MAX } from './limits.ts';
import type { SchemasTurn } from './state.ts';

const SEAL_LENGTH = 24;
const EXPIRES_AFTER_MS = 24 * 60 * 60 * 1_000;

export interface PageInput {
  readonly Limit?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly NextToken?: string | undefined;
}

/** `items` are in order and `keyOf` tells them apart; `list` names what is listed, its arguments included. */
export function pageOf<T>(
  turn: SchemasTurn,
  input: PageInput,
  { list, items, keyOf }: { readonly list: string; readonly items: readonly T[]; readonly keyOf: (item: T) => string },
): ListPage<T> | Refused {
  const problem = new Validation().range('limit', input.Limit, { min: 1, max: PAGE_MAX }).text;
  if (problem !== undefined) return refuse(badRequest(problem));
  const limit = input.Limit ?? PAGE_MAX;
  let start = 0;
  if (input.NextToken !== undefined && input.NextToken !== '') {
    const afterKey = openToken(turn, list, input.NextToken);
    if (afterKey === undefined) return refuse(invalidToken());
    const last = items.findIndex((item) => keyOf(item) === afterKey);
    // The item itself may be gone by now: lists that only go forward are continued behind its place.
    start = last >= 0 ? last + 1 : items.findIndex((item) => keyOf(item) > afterKey);
    if (start < 0) return { items: [] };
  }
  const page = items.slice(start, start + limit);
  const last = page[page.length - 1];
  if (last === undefined || start + limit >= items.length) return { items: page };
  return { items: page, NextToken: sealToken(turn, list, keyOf(last)) };
}

function sealToken(turn: SchemasTurn, list: string, key: string): string {
  const place = `${turn.nowMs + EXPIRES_AFTER_MS} ${key}`;
  return base64Encode(utf8Encode(sealOf(turn, list, place) + place));
}

function openToken(turn: SchemasTurn, list: string, token: string): string | undefined {
  const bytes = base64Decode(token);
  if (bytes === undefined) return undefined;
  const text = utf8Decode(bytes);
  const place = text.slice(SEAL_LENGTH);
  if (!turn.digest.timingSafeEqual(text.slice(0, SEAL_LENGTH), sealOf(turn, list, place))) return undefined;
  const space = place.indexOf(' ');
  return Number(place.slice(0, space)) < turn.nowMs ? undefined : place.slice(space + 1);
}

function sealOf({ digest, secret, scope }: SchemasTurn, list: string, place: string): string {
  const text = JSON.stringify(['schemas-page', scope.account, scope.region, list, place]);
  return digest.hmacSha256Hex(secret, text).slice(0, SEAL_LENGTH);
}
