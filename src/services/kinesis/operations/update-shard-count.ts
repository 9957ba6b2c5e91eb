// UpdateShardCount: by splits and merges, as AWS describes it, with the short-lived shards between.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { UpdateShardCountInput, UpdateShardCountOutput } from '#wire/generated/kinesis.ts';
import type { StreamDoc } from '../documents.ts';
import { limitExceeded } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { SHARDS_PER_STREAM_MAX } from '../limits.ts';
import { shardQuotaProblem } from '../quotas.ts';
import { modeProblem } from '../resharding-input.ts';
import { scale } from '../scaling.ts';
import type { Stream } from '../shard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';

const DAY_MS = 86_400_000;
const SCALINGS_PER_DAY_MAX = 10;

export const updateShardCount = operation<KinesisState, UpdateShardCountInput, UpdateShardCountOutput>({
  authorize: onStream('UpdateShardCount'),
  decide(turn, input): Reply<UpdateShardCountOutput> {
    const { TargetShardCount, ScalingType } = input;
    const stream = findStream(turn, input, (validation) =>
      validation
        .required('targetShardCount', TargetShardCount)
        .range('targetShardCount', TargetShardCount, { min: 1, max: Number.POSITIVE_INFINITY })
        .required('scalingType', ScalingType)
        .oneOf('scalingType', ScalingType, ['UNIFORM_SCALING']),
    );
    if (isRefused(stream)) return stream;
    const target = TargetShardCount as number;
    const current = stream.router.open.length;
    const problem = modeProblem(stream) ?? countProblem(turn, stream, target);
    if (problem !== undefined) return refuse(problem);
    const recently = recentScalings(turn, stream.doc);
    scale(turn, stream, target, { scaledAtMs: [...recently, turn.nowMs].slice(-SCALINGS_PER_DAY_MAX) });
    const { name, arn } = stream.doc;
    return {
      output: { StreamName: name, StreamARN: arn, CurrentShardCount: current, TargetShardCount: target },
    };
  },
});

function recentScalings({ nowMs }: KinesisTurn, { scaledAtMs = [] }: StreamDoc): readonly number[] {
  return scaledAtMs.filter((ms) => ms > nowMs - DAY_MS);
}

/** Texts: answers of AWS as kinesalite's test suite records them; that of the tenth scaling is not AWS's. */
function countProblem(turn: KinesisTurn, stream: Stream, target: number): AwsError | undefined {
  const current = stream.router.open.length;
  const counts = `Current open shard count: ${current}, Target shard count: ${target}`;
  if (target > SHARDS_PER_STREAM_MAX) {
    return limitExceeded(
      `Target shard count or number of open shards cannot be greater than ${SHARDS_PER_STREAM_MAX}. ${counts}`,
    );
  }
  if (turn.limits.mode !== 'aws') return undefined;
  if (target > current * 2) {
    return limitExceeded(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  }
  if (target < current / 2) {
    return limitExceeded(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  }
  if (recentScalings(turn, stream.doc).length >= SCALINGS_PER_DAY_MAX) {
    return limitExceeded(`Stream ${stream.doc.name} was scaled ${SCALINGS_PER_DAY_MAX} times within 24 hours.`);
  }
  return shardQuotaProblem(turn, Math.max(0, target - current));
}
