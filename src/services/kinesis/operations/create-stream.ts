// CreateStream. The stream is ACTIVE at once.

import { operation, type Reply } from '#cell/service-definition.ts';
import { formatArn } from '#model/arn.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { CreateStreamInput } from '#wire/generated/kinesis.ts';
import { type StreamDoc, type StreamMode, streamKey } from '../documents.ts';
import { invalidArgument, limitExceeded, notAvailable, streamExists, validationRefusal } from '../errors.ts';
import { uniformRanges } from '../hash-range.ts';
import {
  ON_DEMAND_SHARDS,
  ON_DEMAND_STREAM_QUOTA,
  RECORD_KIB,
  RETENTION_HOURS,
  SHARD_QUOTA,
  SHARDS_PER_STREAM_MAX,
} from '../limits.ts';
import { openShardCount } from '../quotas.ts';
import { openShards } from '../reshard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { checkTags, tagsProblem } from '../tags.ts';
import { checks, ID_LENGTH, STREAM_NAME } from '../validation.ts';

const MODES = ['PROVISIONED', 'ON_DEMAND'];

export const createStream = operation<KinesisState, CreateStreamInput, object>({
  authorize: (turn, { StreamName }) => ({
    action: 'kinesis:CreateStream',
    resource: formatArn('kinesis', turn.scope, `stream/${StreamName ?? ''}`),
    resourceAccount: turn.scope.account,
  }),
  decide(turn, input): Reply<object> {
    const invalid = validationRefusal(checked(input));
    if (invalid !== undefined) return invalid;
    const name = input.StreamName as string;
    const mode = (input.StreamModeDetails?.StreamMode ?? 'PROVISIONED') as StreamMode;
    const problem = settingsProblem(input, mode) ?? tagsProblem(input.Tags, name, turn.scope.account);
    if (problem !== undefined) return refuse(problem);
    if (turn.state.streams.has(streamKey(turn.scope, name))) return refuse(streamExists(name, turn.scope.account));
    const count = mode === 'ON_DEMAND' ? ON_DEMAND_SHARDS : (input.ShardCount as number);
    const exceeded = quotaProblem(turn, mode, count);
    if (exceeded !== undefined) return refuse(exceeded);
    openShards(
      turn,
      newStream(turn, input, mode),
      uniformRanges(count).map((range) => ({ range, parents: [] })),
    );
    return { output: {} };
  },
});

function checked(input: CreateStreamInput) {
  const { StreamName, ShardCount, StreamModeDetails, MaxRecordSizeInKiB, RecordDistributionStrategy, Tags } = input;
  const validation = checks()
    .required('streamName', StreamName)
    .pattern('streamName', StreamName, STREAM_NAME)
    .length('streamName', StreamName, ID_LENGTH)
    .range('shardCount', ShardCount, { min: 1, max: Number.POSITIVE_INFINITY })
    .range('maxRecordSizeInKiB', MaxRecordSizeInKiB, RECORD_KIB)
    .oneOf('recordDistributionStrategy', RecordDistributionStrategy, ['AUTO', 'USER_PARTITION_KEY']);
  if (StreamModeDetails !== undefined) {
    validation
      .required('streamModeDetails.streamMode', StreamModeDetails.StreamMode)
      .oneOf('streamModeDetails.streamMode', StreamModeDetails.StreamMode, MODES);
  }
  return checkTags(validation, Tags);
}

function settingsProblem(input: CreateStreamInput, mode: StreamMode): AwsError | undefined {
  if (input.WarmThroughputMiBps !== undefined) return notAvailable('WarmThroughputMiBps');
  if (input.RecordDistributionStrategy === 'AUTO') return notAvailable('RecordDistributionStrategy AUTO');
  if (mode === 'ON_DEMAND') {
    return input.ShardCount === undefined
      ? undefined
      : invalidArgument('ShardCount must not be specified for a stream with capacity mode ON_DEMAND.');
  }
  if (input.ShardCount === undefined) {
    return invalidArgument('ShardCount must be specified for a stream with capacity mode PROVISIONED.');
  }
  return input.ShardCount > SHARDS_PER_STREAM_MAX
    ? limitExceeded(`A stream can have at most ${SHARDS_PER_STREAM_MAX} shards here.`)
    : undefined;
}

function quotaProblem(turn: KinesisTurn, mode: StreamMode, added: number): AwsError | undefined {
  if (turn.limits.mode !== 'aws') return undefined;
  const { account, region } = turn.scope;
  const streams = turn.state.streams.list(scopePrefix(turn.scope));
  if (mode === 'ON_DEMAND') {
    const count = streams.filter((stream) => stream.mode === 'ON_DEMAND').length;
    return count < ON_DEMAND_STREAM_QUOTA
      ? undefined
      : limitExceeded(`Account ${account} has reached its limit of ${ON_DEMAND_STREAM_QUOTA} on-demand streams.`);
  }
  const current = openShardCount(turn);
  if (current + added <= SHARD_QUOTA) return undefined;
  return limitExceeded(
    `This request would exceed the shard limit for the account ${account} in ${region}. Current shard count for the account: ${current}. ` +
      `Limit: ${SHARD_QUOTA}. Number of additional shards that would have resulted from this request: ${added}. ` +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  );
}

function newStream(turn: KinesisTurn, input: CreateStreamInput, mode: StreamMode): StreamDoc {
  const name = input.StreamName as string;
  return {
    number: turn.state.nextStream,
    name,
    arn: formatArn('kinesis', turn.scope, `stream/${name}`),
    account: turn.scope.account,
    region: turn.scope.region,
    createdAtMs: turn.nowMs,
    mode,
    retentionHours: RETENTION_HOURS.default,
    maxRecordKib: input.MaxRecordSizeInKiB ?? RECORD_KIB.default,
    tags: { ...input.Tags },
    shardLevelMetrics: [],
    nextShard: 0,
  };
}
