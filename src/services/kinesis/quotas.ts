// Shards and streams of an account, counted.

import { scopePrefix } from '#model/scope.ts';
import type { KinesisTurn } from './state.ts';

/** Open shards of provisioned streams: those of on-demand streams do not count. AWS: developer guide, "Quotas and limits". */
export function openShardCount(turn: KinesisTurn): number {
  const { state, scope } = turn;
  let count = 0;
  for (const { number, mode } of state.streams.list(scopePrefix(scope))) {
    if (mode === 'PROVISIONED') count += state.contents.get(number)?.router.open.length ?? 0;
  }
  return count;
}

export function onDemandStreamCount(turn: KinesisTurn): number {
  return turn.state.streams.list(scopePrefix(turn.scope)).filter(({ mode }) => mode === 'ON_DEMAND').length;
}
