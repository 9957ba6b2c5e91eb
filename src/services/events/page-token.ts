// Tokens that continue a list of one account and region with the same filters: they hold the last key, sealed with those.

import * as sealed from '#cell/sealed-token.ts';
import type { EventsTurn } from './state.ts';

/** `list` names what is listed, with its filters. */
export function sealToken(turn: EventsTurn, list: string, key: string): string {
  return sealed.sealToken(turn, boundTo(turn, list), key);
}

/** The key after which to go on; undefined for a token that was not given for this list. */
export function openToken(turn: EventsTurn, list: string, token: string): string | undefined {
  return sealed.openToken(turn, boundTo(turn, list), token);
}

function boundTo({ scope }: EventsTurn, list: string): readonly unknown[] {
  return ['events', scope.account, scope.region, list];
}
