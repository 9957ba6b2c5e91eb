// Tokens of ListPipes: the last key shown, sealed with what was listed, so that a token continues no other list.

import * as sealed from '#cell/sealed-token.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { invalidToken } from './errors.ts';
import type { PipesTurn } from './state.ts';

/** `question` is everything that must stay the same from page to page. */
export function sealToken(turn: PipesTurn, question: unknown, lastKey: string): string {
  return sealed.sealToken(turn, boundTo(turn, question), lastKey);
}

/** The key to continue after; undefined at the beginning. */
export function openToken(
  turn: PipesTurn,
  question: unknown,
  token: string | undefined,
): { readonly afterKey: string | undefined } | Refused {
  if (token === undefined) return { afterKey: undefined };
  const afterKey = sealed.openToken(turn, boundTo(turn, question), token);
  return afterKey === undefined || afterKey === '' ? refuse(invalidToken()) : { afterKey };
}

function boundTo({ scope }: PipesTurn, question: unknown): readonly unknown[] {
  return ['pipes', scope.account, scope.region, question];
}
