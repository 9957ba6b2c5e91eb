// CreateStream. The stream is ACTIVE at once.

import { operation, type Reply } from '#cell/service-definition.ts';
import { formatArn } from '#model/arn.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import type { CreateStreamInput } from '#wire/generated/kinesis.ts';
import { distributionProblem } from '../distribution.ts';
import { type StreamDoc, type StreamMode, streamKey } from '../documents.ts';
import { invalidArgument, limitExceeded, streamExists, validationRefusal } from '../errors.ts';
import { uniformRanges } from '../hash-range.ts';
import { ON_DEMAND_SHARDS, RECORD_KIB, RETENTION_HOURS, SHARDS_PER_STREAM_MAX } from '../limits.ts';
import { quotaProblem } from '../quotas.ts';
import { Reshaping } from '../reshard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { withRequestTags } from '../tag-context.ts';
import { checkTags, tagsProblem } from '../tags.ts';
import { checks, ID_LENGTH, STREAM_NAME } from '../validation.ts';
import { checkWarmThroughput, warmProblem } from '../warm-throughput.ts';

const MODES = ['PROVISIONED', 'ON_DEMAND'];

export const createStream = operation<KinesisState, CreateStreamInput, object>({
  authorize(turn, { StreamName, Tags: tags }) {
    const resource = formatArn('kinesis', turn.scope, `stream/${StreamName ?? ''}`);
    const asked = { action: 'kinesis:CreateStream', resource, resourceAccount: turn.scope.account };
    if (Object.keys(tags ?? {}).length === 0) return asked;
    // AWS: API reference, CreateStream: kinesis:TagResource does not do.
    return [asked, { ...asked, action: 'kinesis:AddTagsToStream' }].map((one) => withRequestTags(one, { tags }));
  },
  decide(turn, input): Reply<object> {
    const invalid = validationRefusal(checked(input));
    if (invalid !== undefined) return invalid;
    const name = input.StreamName as string;
    const mode = (input.StreamModeDetails?.StreamMode ?? 'PROVISIONED') as StreamMode;
    const problem =
      settingsProblem(input, mode) ??
      warmProblem(turn, mode, input.WarmThroughputMiBps) ??
      tagsProblem(input.Tags, name, turn.scope.account);
    if (problem !== undefined) return refuse(problem);
    if (turn.state.streams.has(streamKey(turn.scope, name))) return refuse(streamExists(name, turn.scope.account));
    const count =
      mode === 'ON_DEMAND' ? Math.max(ON_DEMAND_SHARDS, input.WarmThroughputMiBps ?? 0) : (input.ShardCount as number);
    const exceeded = quotaProblem(turn, mode, count);
    if (exceeded !== undefined) return refuse(exceeded);
    const shards = new Reshaping(turn, newStream(turn, input, mode));
    for (const range of uniformRanges(count)) shards.open(range, []);
    shards.commit();
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
  return checkTags(checkWarmThroughput(validation, input.WarmThroughputMiBps), Tags);
}

function settingsProblem(input: CreateStreamInput, mode: StreamMode): AwsError | undefined {
  const unsuited = distributionProblem(mode, input.RecordDistributionStrategy);
  if (unsuited !== undefined) return unsuited;
  // Texts: answers of AWS as badmintoncryer/cdk-preflight (rules/kinesis) has them.
  if (input.WarmThroughputMiBps !== undefined && input.ShardCount !== undefined) {
    return invalidArgument("Either 'warmThroughputMiBps' or 'shardCount' can be set but not both");
  }
  if (input.WarmThroughputMiBps !== undefined && mode === 'PROVISIONED') {
    return invalidArgument('WarmThroughputMiBps cannot be set while creating stream in Provisioned StreamMode');
  }
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
    warmMebibytes: input.WarmThroughputMiBps,
    shardLevelMetrics: [],
    nextShard: 0,
  };
}
