// Shards and streams of an account, counted.

import type { AwsError } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { StreamMode } from './documents.ts';
import { limitExceeded } from './errors.ts';
import { ON_DEMAND_STREAM_QUOTA, SHARD_QUOTA } from './limits.ts';
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

export function channelCount({ state, scope }: KinesisTurn): number {
  return state.channels.docs.list(scopePrefix(scope)).length;
}

/** AWS: the text as its answers have it. Only with AWS's limits. */
export function shardQuotaProblem(turn: KinesisTurn, added: number): AwsError | undefined {
  if (turn.limits.mode !== 'aws') return undefined;
  const { account, region } = turn.scope;
  const current = openShardCount(turn);
  if (current + added <= SHARD_QUOTA) return undefined;
  return limitExceeded(
    `This request would exceed the shard limit for the account ${account} in ${region}. Current shard count for the account: ${current}. ` +
      `Limit: ${SHARD_QUOTA}. Number of additional shards that would have resulted from this request: ${added}. ` +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  );
}

/** Of a stream that comes into the mode, with so many shards. Only with AWS's limits; the text about on-demand streams is not AWS's. */
export function quotaProblem(turn: KinesisTurn, mode: StreamMode, shards: number): AwsError | undefined {
  if (mode === 'PROVISIONED') return shardQuotaProblem(turn, shards);
  if (turn.limits.mode !== 'aws' || onDemandStreamCount(turn) < ON_DEMAND_STREAM_QUOTA) return undefined;
  return limitExceeded(
    `Account ${turn.scope.account} has reached its limit of ${ON_DEMAND_STREAM_QUOTA} on-demand streams.`,
  );
}
