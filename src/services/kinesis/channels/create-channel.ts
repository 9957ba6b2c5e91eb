// CreateChannel. Only what comes after it is delivered. AWS: developer guide, "No backfill".

import { operation, type Reply } from '#cell/service-definition.ts';
import { passRole } from '#cell/service-role.ts';
import { formatArn } from '#model/arn.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { CreateChannelInput, CreateChannelOutput } from '#wire/generated/kinesis.ts';
import { invalidArgument, limitExceeded, resourceInUse } from '../errors.ts';
import type { Stream } from '../shard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { type ChannelDoc, channelKey, type RecordFormat } from './documents.ts';
import { ChannelAdvanced } from './facts.ts';
import { checkedStream, FRESHNESS_SECONDS } from './input.ts';
import { KINESIS_SERVICE, mayAssumeRole } from './role.ts';
import { channelView } from './views.ts';

/** AWS says only that there is one. */
const ERROR_PREFIX = 'kinesis-channel-errors/';

export const createChannel = operation<KinesisState, CreateChannelInput, CreateChannelOutput>({
  authorize: (turn, { ServiceExecutionRoleARN: role = '', ChannelName = '' }) => {
    const { account } = turn.scope;
    const resource = formatArn('kinesis', turn.scope, `channel/${ChannelName}`);
    return [
      { action: 'kinesis:CreateChannel', resource, resourceAccount: account },
      passRole(turn, role, { service: KINESIS_SERVICE }),
    ];
  },
  decide(turn, input): Reply<CreateChannelOutput> {
    const stream = checkedStream(turn, input);
    if (isRefused(stream)) return stream;
    const { channels } = turn.state;
    const channel = newChannel(turn, input, stream);
    const { name, account } = channel;
    // Texts are not AWS's.
    if (channels.docs.has(channelKey(channel))) {
      return refuse(resourceInUse(`Channel ${name} under account ${account} already exists.`));
    }
    const isFull = turn.limits.mode === 'aws' && channels.docs.by('byStream', String(channel.stream)).length > 0;
    if (isFull) return refuse(limitExceeded(`Stream ${stream.doc.name} has a channel to S3 already.`));
    if (!mayAssumeRole(turn, channel)) {
      return refuse(invalidArgument(`Kinesis is not allowed to assume the role ${channel.roleArn}.`));
    }
    turn.put(channels.docs, channelKey(channel), channel);
    for (const { doc, log } of stream.shards.values()) {
      if (log.endPlace === 0) continue;
      turn.record(ChannelAdvanced, { channel: channel.number, shard: doc.index, next: log.endPlace, records: 0 });
    }
    return { output: { ChannelDescription: channelView(channel) } };
  },
});

function newChannel(turn: KinesisTurn, input: CreateChannelInput, { doc }: Stream): ChannelDoc {
  const { account, region } = turn.scope;
  const name = input.ChannelName as string;
  const id = turn.uuid();
  const {
    StorageConfiguration: storage,
    DeadLetterQueueS3Configuration: errors,
    DataFreshnessInSeconds,
  } = input.S3DestinationConfiguration ?? {};
  const logs = input.LoggingConfiguration?.CloudWatchLogs;
  const bucketArn = storage?.BucketARN as string;
  const bucketOwner = storage?.ExpectedBucketOwner as string;
  return {
    number: turn.state.channels.nextChannel,
    ...{ name, id, account, region },
    arn: formatArn('kinesis', turn.scope, `channel/${name}/${id}`),
    createdAtMs: turn.nowMs,
    roleArn: input.ServiceExecutionRoleARN as string,
    stream: doc.number,
    streamArn: doc.arn,
    streamCreatedAtMs: doc.createdAtMs,
    format: input.StreamConfigurationList?.[0]?.RecordConfiguration?.RecordFormatType as RecordFormat,
    freshnessSeconds: DataFreshnessInSeconds ?? FRESHNESS_SECONDS.default,
    ...{ bucketArn, bucketOwner },
    keyTemplate: storage?.OutputKeyTemplate,
    compression: storage?.CompressionType as 'NONE' | 'GZIP',
    errors: {
      bucketArn: errors?.BucketARN ?? bucketArn,
      bucketOwner: errors?.ExpectedBucketOwner ?? bucketOwner,
      prefix: errors?.ErrorOutputPrefix ?? ERROR_PREFIX,
    },
    isLogging: logs?.Enabled === true,
    logGroup: logs?.LogGroupName ?? `/aws/kinesis/${name}/${id}`,
    logStream: logs?.LogStreamName ?? 'DestinationDelivery',
  };
}
