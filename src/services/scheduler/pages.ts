// Tokens of lists: the last key shown, sealed with what was listed, so that a token continues no other list.

import * as sealed from '#cell/sealed-token.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { invalidNextToken } from './errors.ts';
import type { SchedulerTurn } from './state.ts';

/** `question` is everything that must stay the same from page to page. */
export function sealToken(turn: SchedulerTurn, question: unknown, lastKey: string): string {
  return sealed.sealToken(turn, boundTo(turn, question), lastKey);
}

/** The key to continue after; undefined at the beginning. */
export function openToken(
  turn: SchedulerTurn,
  question: unknown,
  token: string | undefined,
): { readonly afterKey: string | undefined } | Refused {
  if (token === undefined) return { afterKey: undefined };
  const afterKey = sealed.openToken(turn, boundTo(turn, question), token);
  return afterKey === undefined || afterKey === '' ? refuse(invalidNextToken()) : { afterKey };
}

function boundTo({ scope }: SchedulerTurn, question: unknown): readonly unknown[] {
  return ['scheduler', scope.account, scope.region, question];
}
