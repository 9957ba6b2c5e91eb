// Pages of a list. A token continues one list of one account and region with the same filters: it holds the last key, sealed with those.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import type { Table } from '#structures/table.ts';
import type { EventsTurn } from '../state.ts';
import { invalidToken } from './errors.ts';
import { PAGE_MAX } from './limits.ts';

const SEAL_LENGTH = 24;

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

function sealToken(turn: EventsTurn, list: string, key: string): string {
  return base64Encode(utf8Encode(`${sealOf(turn, list, key)}${key}`));
}

function openToken(turn: EventsTurn, list: string, token: string): string | undefined {
  const bytes = base64Decode(token);
  if (bytes === undefined) return undefined;
  const text = utf8Decode(bytes);
  const key = text.slice(SEAL_LENGTH);
  return turn.digest.timingSafeEqual(text.slice(0, SEAL_LENGTH), sealOf(turn, list, key)) ? key : undefined;
}

function sealOf({ digest, secret, scope }: EventsTurn, list: string, key: string): string {
  const text = `events-page\n${scope.account}\n${scope.region}\n${list}\n${key}`;
  return digest.hmacSha256Hex(secret, text).slice(0, SEAL_LENGTH);
}
