// Pages of a hundred. A token continues one list of one account only: it holds the last key, sealed with what it is for.

import { openToken, sealToken } from '#cell/sealed-token.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { nextTokenInvalid } from './errors.ts';
import { PAGE_SIZE } from './limits.ts';
import type { SnsTurn } from './state.ts';

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
    const afterKey = openToken(turn, boundTo(turn, list), token);
    if (afterKey === undefined) return refuse(nextTokenInvalid());
    start = keys.findIndex((key) => key > afterKey);
    if (start < 0) return { keys: [], nextToken: undefined };
  }
  const page = keys.slice(start, start + PAGE_SIZE);
  const hasMore = start + PAGE_SIZE < keys.length;
  return {
    keys: page,
    nextToken: hasMore ? sealToken(turn, boundTo(turn, list), page[page.length - 1] as string) : undefined,
  };
}

function boundTo({ scope }: SnsTurn, list: string): readonly unknown[] {
  return ['sns', scope.account, scope.region, list];
}
