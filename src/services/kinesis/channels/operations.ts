// DescribeChannel, UpdateChannel, DeleteChannel, ListChannels. Texts of refusals are not AWS's.

import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { parseArn } from '#model/arn.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type {
  DeleteChannelInput,
  DescribeChannelInput,
  DescribeChannelOutput,
  ListChannelsInput,
  ListChannelsOutput,
  StreamFilter,
  UpdateChannelInput,
  UpdateChannelOutput,
} from '#wire/generated/kinesis.ts';
import { invalidArgument, notAvailable, notFound, validationRefusal } from '../errors.ts';
import { openBytes, sealBytes } from '../sealed-text.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { checks, PAGE } from '../validation.ts';
import { type ChannelDoc, channelKey } from './documents.ts';
import { FRESHNESS_SECONDS } from './input.ts';
import { channelSummary, channelView } from './views.ts';

const PURPOSE = 'kinesis-channels';
const CHANNELS_MAX = 100;

function findChannel({ state, scope }: KinesisTurn, arn: string | undefined): ChannelDoc | Refused {
  const invalid = validationRefusal(checks().required('channelARN', arn));
  if (invalid !== undefined) return invalid;
  const name = parseArn(arn ?? '')?.resource.split('/')[1] ?? '';
  const channel = state.channels.docs.get(channelKey({ ...scope, name }));
  return channel !== undefined && channel.arn === arn ? channel : refuse(notFound(`Channel ${arn} not found.`));
}

const onChannel =
  (action: string) =>
  (turn: KinesisTurn, { ChannelARN: resource = '' }: DescribeChannelInput): AuthorizationRequest => ({
    action: `kinesis:${action}`,
    resource,
    resourceAccount: parseArn(resource)?.account ?? turn.scope.account,
  });

export const describeChannel = operation<KinesisState, DescribeChannelInput, DescribeChannelOutput>({
  authorize: onChannel('DescribeChannel'),
  decide(turn, input): Reply<DescribeChannelOutput> {
    const channel = findChannel(turn, input.ChannelARN);
    return isRefused(channel) ? channel : { output: { ChannelDescription: channelView(channel) } };
  },
});

/** What has been planned is delivered when it was; the next run comes after the new time. */
export const updateChannel = operation<KinesisState, UpdateChannelInput, UpdateChannelOutput>({
  authorize: onChannel('UpdateChannel'),
  decide(turn, input): Reply<UpdateChannelOutput> {
    const { S3DestinationConfiguration: s3, S3TablesDestinationConfiguration: tables, LoggingConfiguration } = input;
    if (tables !== undefined) return refuse(notAvailable('S3TablesDestinationConfiguration'));
    const freshness = s3?.DataFreshnessInSeconds;
    const invalid = validationRefusal(
      checks().range('s3DestinationConfiguration.dataFreshnessInSeconds', freshness, FRESHNESS_SECONDS),
    );
    if (invalid !== undefined) return invalid;
    const channel = findChannel(turn, input.ChannelARN);
    if (isRefused(channel)) return channel;
    const logs = LoggingConfiguration?.CloudWatchLogs;
    const updated: ChannelDoc = {
      ...channel,
      freshnessSeconds: freshness ?? channel.freshnessSeconds,
      isLogging: logs?.Enabled ?? channel.isLogging,
      logGroup: logs?.LogGroupName ?? channel.logGroup,
      logStream: logs?.LogStreamName ?? channel.logStream,
    };
    turn.put(turn.state.channels.docs, channelKey(channel), updated);
    return { output: { ChannelDescription: channelView(updated) } };
  },
});

export const deleteChannel = operation<KinesisState, DeleteChannelInput, object>({
  authorize: onChannel('DeleteChannel'),
  decide(turn, input): Reply<object> {
    const channel = findChannel(turn, input.ChannelARN);
    if (isRefused(channel)) return channel;
    turn.drop(turn.state.channels.docs, channelKey(channel));
    return { output: {} };
  },
});

export const listChannels = operation<KinesisState, ListChannelsInput, ListChannelsOutput>({
  authorize: (turn) => ({
    action: 'kinesis:ListChannels',
    resource: '*',
    resourceAccount: turn.scope.account,
  }),
  decide(turn, { MaxResults, NextToken, StreamFilter: filters }): Reply<ListChannelsOutput> {
    const invalid = validationRefusal(checks().range('maxResults', MaxResults, PAGE));
    if (invalid !== undefined) return invalid;
    const prefix = scopePrefix(turn.scope);
    const content = NextToken === undefined ? undefined : openBytes(turn, PURPOSE, NextToken);
    const afterKey = content === undefined ? undefined : utf8Decode(content);
    if (NextToken !== undefined && afterKey?.startsWith(prefix) !== true) {
      return refuse(invalidArgument('Invalid NextToken.'));
    }
    const { items, lastKey } = turn.state.channels.docs.page({
      prefix,
      limit: Math.min(MaxResults ?? CHANNELS_MAX, CHANNELS_MAX),
      where: (channel) => filters === undefined || filters.some((filter) => isOf(channel, filter)),
      ...(afterKey === undefined ? {} : { afterKey }),
    });
    return {
      output: {
        ChannelSummaries: items.map(({ doc }) => channelSummary(doc)),
        ...(lastKey === undefined ? {} : { NextToken: sealBytes(turn, PURPOSE, utf8Encode(lastKey)) }),
      },
    };
  },
});

function isOf(channel: ChannelDoc, { StreamARN, StreamCreationTimestamp: createdAtMs }: StreamFilter): boolean {
  if (channel.streamArn !== StreamARN) return false;
  if (createdAtMs === undefined) return true;
  return Math.floor(createdAtMs / 1000) === Math.floor(channel.streamCreatedAtMs / 1000);
}
