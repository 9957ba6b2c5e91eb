// Pages of a table, with tokens that continue them.

import { type Refused, refuse } from '#model/aws-error.ts';
import type { Table } from '#structures/table.ts';
import { openToken, sealToken } from '../page-token.ts';
import type { EventsTurn } from '../state.ts';
import { invalidToken } from './errors.ts';
import { PAGE_MAX } from './limits.ts';

export interface ListQuestion<Doc> {
  readonly table: Table<Doc>;
  /** Names what is listed, with its filters. */
  readonly list: readonly (string | undefined)[];
  readonly namePrefix: string | undefined;
  readonly where: (doc: Doc) => boolean;
  readonly limit: number | undefined;
  readonly token: string | undefined;
}

export function listPage<Doc>(
  turn: EventsTurn,
  question: ListQuestion<Doc>,
): { readonly docs: readonly Doc[]; readonly nextToken?: string } | Refused {
  const { table, where, token, limit = PAGE_MAX } = question;
  const list = JSON.stringify(question.list);
  const afterKey = token === undefined ? undefined : openToken(turn, list, token);
  if (token !== undefined && afterKey === undefined) return refuse(invalidToken());
  const { account, region } = turn.scope;
  const page = table.page({
    prefix: `${account}/${region}/${question.namePrefix ?? ''}`,
    limit,
    where,
    ...(afterKey === undefined ? {} : { afterKey }),
  });
  const docs = page.items.map(({ doc }) => doc);
  return page.lastKey === undefined ? { docs } : { docs, nextToken: sealToken(turn, list, page.lastKey) };
}
