// What `eddy explain` tells of records that pipes and channels read or made, and what `eddy peek` shows of a stream.

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateChannelCommand, CreateStreamCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { CreatePipeCommand, PipesClient } from '@aws-sdk/client-pipes';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { peek } from '../../../src/cli/commands/watch.ts';
import { ServerClient } from '../../../src/cli/server-client.ts';
import { ROLE, SHARD, Shop, streamArn } from './shop.ts';

const PEEK = { region: 'us-east-1', account: '000000000000', limit: '100' };

let shop: Shop;
let pipes: PipesClient;

beforeAll(async () => {
  shop = await Shop.open();
  pipes = new PipesClient(shop.config);
});

afterAll(async () => {
  pipes.destroy();
  await shop.close();
});

const about = (lines: readonly string[], text: string) => lines.filter((line) => line.includes(text));

async function put(StreamName: string, text: string | Uint8Array): Promise<string> {
  const Data = typeof text === 'string' ? Buffer.from(text) : text;
  const answer = await shop.kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data }));
  return answer.SequenceNumber ?? '';
}

async function stream(StreamName: string): Promise<void> {
  await shop.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
}

async function pipe(Name: string, input: { Source: string; Target: string } & object): Promise<void> {
  await pipes.send(new CreatePipeCommand({ Name, RoleArn: ROLE, ...input }));
  await shop.advance(1);
}

test('a message that a pipe put into a stream is followed to its record', async () => {
  await stream('taken');
  const Source = await shop.queue('taken');
  const KinesisStreamParameters = { PartitionKey: 'k' };
  await pipe('taken', { Source, Target: streamArn('taken'), TargetParameters: { KinesisStreamParameters } } as never);
  const QueueUrl = `${shop.server.url}/000000000000/taken`;
  const { MessageId = '' } = await shop.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
  await shop.advance(5);
  const lines = await shop.explain(MessageId);
  expect(about(lines, `became record 0 of ${SHARD} of ${streamArn('taken')}`)).toHaveLength(1);
  expect(about(lines, 'It is record 0')).toHaveLength(1);
});

test('a record that a pipe handed on is followed into the queue, and one that its filter does not want is told why', async () => {
  await stream('piped');
  const Target = await shop.queue('piped');
  const FilterCriteria = { Filters: [{ Pattern: '{"data":{"kind":["paid"]}}' }] };
  const KinesisStreamParameters = { StartingPosition: 'TRIM_HORIZON' };
  const SourceParameters = { FilterCriteria, KinesisStreamParameters };
  await pipe('piped', { Source: streamArn('piped'), Target, SourceParameters } as never);
  const [wanted, other] = [await put('piped', '{"kind":"paid"}'), await put('piped', '{"kind":"placed"}')];
  await shop.advance(5);
  const lines = await shop.explain(wanted);
  expect(about(lines, `pipe piped, ${SHARD}: record <number> was handed on`)).toHaveLength(1);
  expect(about(lines, 'pipe piped: has passed it: it stands at record 2')).toHaveLength(1);
  expect(lines).toContain('It waits in piped.');
  const missed = await shop.explain(other);
  expect(about(missed, 'data.kind: expected "paid", found "placed"')).toHaveLength(1);
  expect(about(missed, 'was handed on')).toEqual([]);
});

test('a record that a channel wrote is followed into its object', async () => {
  await shop.bucket('lake');
  const StreamModeDetails = { StreamMode: 'ON_DEMAND' as const };
  await shop.kinesis.send(new CreateStreamCommand({ StreamName: 'channelled', StreamModeDetails }));
  const early = await put('channelled', '"early"');
  await shop.advance(1);
  const storage = { BucketARN: 'arn:aws:s3:::lake', ExpectedBucketOwner: '000000000000', CompressionType: 'NONE' };
  const record = { StreamARN: streamArn('channelled'), RecordConfiguration: { RecordFormatType: 'JSON' } };
  const input = {
    ChannelName: 'lake',
    ServiceExecutionRoleARN: ROLE,
    StreamConfigurationList: [record],
    S3DestinationConfiguration: { StorageConfiguration: storage },
  };
  await shop.kinesis.send(new CreateChannelCommand(input as never));
  const number = await put('channelled', '"one"');
  expect(about(await shop.explain(number), 'channel lake: stands before it')).toHaveLength(1);
  await shop.advance(400);
  const lines = await shop.explain(number);
  expect(about(lines, 'channel lake: has passed it')).toHaveLength(1);
  expect(about(lines, 'object s3://lake/')).toHaveLength(1);
  const told = await shop.explain(early);
  expect(about(told, 'channel lake: does not deliver it: it came before the channel was made')).toHaveLength(1);
  expect(about(told, 'object s3://lake/')).toEqual([]);
});

test('a record that a schedule put is told with its run', async () => {
  await stream('ticks');
  const scheduler = new SchedulerClient(shop.config);
  const Target = { Arn: streamArn('ticks'), RoleArn: ROLE, Input: '{}', KinesisParameters: { PartitionKey: 'k' } };
  const FlexibleTimeWindow = { Mode: 'OFF' as const };
  const schedule = { Name: 'tick', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow, Target };
  await scheduler.send(new CreateScheduleCommand(schedule));
  scheduler.destroy();
  await shop.advance(3_601);
  const peeked = await peek(new ServerClient(shop.server.url), streamArn('ticks'), PEEK, true);
  const { sequenceNumber } = JSON.parse(peeked.split('\n')[0] ?? '') as { sequenceNumber: string };
  const lines = await shop.explain(sequenceNumber);
  expect(about(lines, 'schedule/default/tick ran as planned')).toHaveLength(1);
  expect(about(lines, `became record 0 of ${SHARD}`)).toHaveLength(1);
});

test('what a log group handed to a stream is found by the request that put the log events', async () => {
  await stream('logged');
  const logs = new CloudWatchLogsClient(shop.config);
  const [logGroupName, logStreamName] = ['/shop', 'one'];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const destination = { destinationArn: streamArn('logged'), roleArn: ROLE };
  const filter = { logGroupName, filterName: 'all', filterPattern: '', ...destination };
  await logs.send(new PutSubscriptionFilterCommand(filter));
  const logEvents = [{ timestamp: Date.now(), message: 'hello' }];
  const { $metadata } = await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  logs.destroy();
  await shop.advance(5);
  const lines = await shop.explain($metadata.requestId ?? '');
  expect(about(lines, `of ${SHARD} of ${streamArn('logged')}`).length).toBeGreaterThan(1);
  expect(about(lines, 'It is record')).toHaveLength(1);
});

test('peek shows the newest records of a stream, oldest first', async () => {
  await stream('peeked');
  const numbers = [await put('peeked', 'one'), await put('peeked', 'two'), await put('peeked', Buffer.from([255, 0]))];
  const client = new ServerClient(shop.server.url);
  const options = { ...PEEK, limit: '2' };
  const text = await peek(client, streamArn('peeked'), options, false);
  expect(text.split('\n')).toEqual([
    expect.stringMatching(new RegExp(`^${numbers[1]}  came .*Z, partition key "k"$`)),
    '  two',
    '',
    expect.stringMatching(new RegExp(`^${numbers[2]}  came .*Z, partition key "k"$`)),
    '  base64: /wA=',
  ]);
  const all = await peek(client, streamArn('peeked'), { ...options, limit: '100' }, true);
  expect(all.split('\n').map((line) => (JSON.parse(line) as { sequenceNumber: string }).sequenceNumber)).toEqual(
    numbers,
  );
  await expect(peek(client, streamArn('nowhere'), options, false)).rejects.toThrow('There is no stream');
});
