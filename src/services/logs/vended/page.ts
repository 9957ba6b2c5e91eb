// A page of sources, destinations or deliveries, by name.

import { type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { Table } from '#structures/table.ts';
import type { LogsTurn } from '../find-group.ts';
import { DESCRIBE_MAX } from '../limits.ts';
import { decodeToken, encodeToken } from '../page-token.ts';
import { validation } from './errors.ts';
import { scopedKey } from './find.ts';

export function vendedPage<Doc>(
  turn: LogsTurn,
  table: Table<Doc>,
  { limit = DESCRIBE_MAX, nextToken }: { readonly limit?: number | undefined; readonly nextToken?: string | undefined },
): { readonly docs: readonly Doc[]; readonly nextToken: string | undefined } | Refused {
  const problem = new Validation().range('limit', limit, { min: 1, max: DESCRIBE_MAX }).text;
  if (problem !== undefined) return refuse(validation(problem));
  const question = [table.name];
  const afterKey = nextToken === undefined ? undefined : decodeToken<string>(turn, question, nextToken);
  if (nextToken !== undefined && afterKey === undefined) {
    return refuse(validation('The specified nextToken is invalid.'));
  }
  const prefix = scopedKey(turn.scope, '');
  const { items, lastKey } = table.page({ prefix, limit, ...(afterKey === undefined ? {} : { afterKey }) });
  return {
    docs: items.map(({ doc }) => doc),
    nextToken: lastKey === undefined ? undefined : encodeToken(turn, question, lastKey),
  };
}
