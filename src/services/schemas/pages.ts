// Pages of lists. A token is the key of the page's last item, sealed with what was asked, so that it serves no other list and no other account.
// AWS: "The token will expire in 24 hours, and cannot be shared with other accounts."

import { openToken, sealToken } from '#cell/sealed-token.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import { badRequest, invalidToken } from './errors.ts';
import { PAGE_MAX } from './limits.ts';
import type { SchemasTurn } from './state.ts';

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
    const afterKey = openKey(turn, list, input.NextToken);
    if (afterKey === undefined) return refuse(invalidToken());
    const last = items.findIndex((item) => keyOf(item) === afterKey);
    // The item itself may be gone by now: lists that only go forward are continued behind its place.
    start = last >= 0 ? last + 1 : items.findIndex((item) => keyOf(item) > afterKey);
    if (start < 0) return { items: [] };
  }
  const page = items.slice(start, start + limit);
  const last = page[page.length - 1];
  if (last === undefined || start + limit >= items.length) return { items: page };
  return { items: page, NextToken: sealKey(turn, list, keyOf(last)) };
}

function sealKey(turn: SchemasTurn, list: string, key: string): string {
  return sealToken(turn, boundTo(turn, list), `${turn.nowMs + EXPIRES_AFTER_MS} ${key}`);
}

function openKey(turn: SchemasTurn, list: string, token: string): string | undefined {
  const place = openToken(turn, boundTo(turn, list), token);
  if (place === undefined) return undefined;
  const space = place.indexOf(' ');
  return Number(place.slice(0, space)) < turn.nowMs ? undefined : place.slice(space + 1);
}

function boundTo({ scope }: SchemasTurn, list: string): readonly unknown[] {
  return ['schemas', scope.account, scope.region, list];
}
