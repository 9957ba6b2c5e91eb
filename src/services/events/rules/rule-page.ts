// A page of the rules of a bus, in the order of their names.

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { findBus } from '../buses/find-bus.ts';
import { invalidToken } from '../connections/errors.ts';
import { PAGE_MAX } from '../limits.ts';
import { openToken, sealToken } from '../page-token.ts';
import type { EventsTurn } from '../state.ts';
import type { RuleDoc } from './documents.ts';
import { ruleKey } from './find-rule.ts';

interface PageInput {
  readonly EventBusName?: string | undefined;
  readonly NamePrefix?: string | undefined;
  readonly NextToken?: string | undefined;
  readonly Limit?: number | undefined;
}

export function rulePage(
  turn: EventsTurn,
  { EventBusName, NamePrefix = '', NextToken: token, Limit: limit = PAGE_MAX }: PageInput,
  { list, where }: { readonly list: string; readonly where: (rule: RuleDoc) => boolean },
): { readonly rules: readonly RuleDoc[]; readonly nextToken: string | undefined } | Refused {
  const bus = findBus(turn, EventBusName);
  if (isRefused(bus)) return bus;
  const sealed = `${list}\n${bus.arn}`;
  const afterKey = token === undefined ? undefined : openToken(turn, sealed, token);
  if (token !== undefined && afterKey === undefined) return refuse(invalidToken());
  const prefix = ruleKey(bus, NamePrefix);
  const page = turn.state.rules.rules.page({ prefix, limit, where, ...(afterKey === undefined ? {} : { afterKey }) });
  const nextToken = page.lastKey === undefined ? undefined : sealToken(turn, sealed, page.lastKey);
  return { rules: page.items.map(({ doc }) => doc), nextToken };
}
