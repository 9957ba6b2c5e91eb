// What `eddy explain` tells of records that were given to delivery streams.

import {
  CreateDeliveryStreamCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { CreateStreamCommand, PutRecordCommand as PutToStreamCommand } from '@aws-sdk/client-kinesis';
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROLE, Shop, streamArn } from './shop.ts';

const TRANSFORM = `export const handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
  const text = Buffer.from(data, 'base64').toString();
  const result = text.includes('broken') ? 'ProcessingFailed' : text.includes('test') ? 'Dropped' : 'Ok';
  return { recordId, result, data: Buffer.from(text.toUpperCase()).toString('base64') };
}) });`;
const BUCKET = { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::lake' };
const DELIVERY = 'arn:aws:firehose:us-east-1:000000000000:deliverystream';

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
  await shop.bucket('lake');
});

afterAll(() => shop.close());

async function deliveryStream(name: string, more: object = {}, rest: object = {}): Promise<void> {
  const ExtendedS3DestinationConfiguration = { ...BUCKET, Prefix: `${name}/`, ErrorOutputPrefix: 'errors/', ...more };
  const input = { DeliveryStreamName: name, ExtendedS3DestinationConfiguration, ...rest };
  await shop.firehose.send(new CreateDeliveryStreamCommand(input));
}

async function put(DeliveryStreamName: string, text: string): Promise<string> {
  const Record = { Data: Buffer.from(text) };
  return (await shop.firehose.send(new PutRecordCommand({ DeliveryStreamName, Record }))).RecordId ?? '';
}

const about = (lines: readonly string[], text: string) => lines.filter((line) => line.includes(text));

test('a record is told while it waits, what for, and in which object it ended', async () => {
  await deliveryStream('plain');
  const id = await put('plain', 'hello');
  expect(await shop.explain(id)).toEqual([
    'Journey of <id>',
    `<time>  firehose   1 record of 5 bytes put to ${DELIVERY}/plain, waiting for the destination  (by arn:aws:iam::000000000000:root)`,
    `It waits in ${DELIVERY}/plain for the destination, since <time>: the buffer holds 5 of 5242880 bytes, and it goes at <time> at the latest (interval 300 s).`,
  ]);
  await shop.advance(300);
  const lines = await shop.explain(id);
  const object = /s3:\/\/lake\/plain\/\S+-<id>/.exec(lines.join())?.[0] ?? '';
  expect(lines).toContain(`  ${object} has its bytes, at 0`);
  expect(lines).toContain(`${object} is there: 5 bytes, written <time>.`);
  expect(about(lines, `a batch of ${DELIVERY}/plain was delivered: ${object}`)).toHaveLength(1);
});

test('what a function made of a record, and what it did not, is told of each', async () => {
  const ParameterValue = await shop.function('transform', TRANSFORM);
  const Parameters = [{ ParameterName: 'LambdaArn' as const, ParameterValue }];
  const ProcessingConfiguration = { Enabled: true, Processors: [{ Type: 'Lambda', Parameters }] };
  await deliveryStream('made', { ProcessingConfiguration });
  const Records = ['one', 'broken', 'test'].map((text) => ({ Data: Buffer.from(text) }));
  const answer = await shop.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'made', Records }));
  await shop.advance(600);
  const ids = (answer.RequestResponses ?? []).map(({ RecordId = '' }) => RecordId);
  const [made = [], broken = [], dropped = []] = await Promise.all(ids.map((id) => shop.explain(id)));
  const kept = 'the function dropped 1 of 3 records; 1 of 3 records failed (Lambda.ProcessingFailedStatus: ';
  expect(about(made, kept)).toHaveLength(1);
  expect(about(made, `${DELIVERY}/made was delivered: s3://lake/made/`)).toHaveLength(1);
  expect(about(made, 'they were changed or converted on their way')).toHaveLength(1);
  expect(about(broken, 'has it as a failed record: Lambda.ProcessingFailedStatus')).toEqual([
    expect.stringContaining('s3://lake/errors/'),
  ]);
  expect(dropped).toContain('  in no object: the function dropped it');
  const alone = await put('made', 'test');
  await shop.advance(600);
  expect(await shop.explain(alone)).toContain('  in no object: the function dropped it');
});

test('a record that cannot be delivered is told with its attempts and the next one', async () => {
  await deliveryStream('stuck', { BucketARN: 'arn:aws:s3:::not-there' });
  const id = await put('stuck', 'hello');
  await shop.advance(400);
  const lines = await shop.explain(id);
  expect(about(lines, 'S3.NoSuchBucket').length).toBeGreaterThan(1);
  expect(lines.at(-1)).toMatch(
    /since <time>: attempt \d+ failed \(S3\.NoSuchBucket: .*\), the next one comes at <time>\.$/,
  );
  const changed = { CurrentDeliveryStreamVersionId: '1', DestinationId: 'destinationId-000000000001' };
  const ExtendedS3DestinationUpdate = { BucketARN: 'arn:aws:s3:::lake' };
  const update = { DeliveryStreamName: 'stuck', ...changed, ExtendedS3DestinationUpdate };
  await shop.firehose.send(new UpdateDestinationCommand(update));
  await shop.advance(4000);
  expect(about(await shop.explain(id), 'has its bytes, at 0')).toHaveLength(1);
});

test('a message of a topic is followed through its delivery stream into the object', async () => {
  await deliveryStream('news');
  const { TopicArn } = await shop.sns.send(new CreateTopicCommand({ Name: 'news' }));
  const Attributes = { SubscriptionRoleArn: ROLE, RawMessageDelivery: 'true' };
  const Endpoint = `${DELIVERY}/news`;
  await shop.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'firehose', Endpoint, Attributes }));
  const { MessageId = '' } = await shop.sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
  await shop.advance(300);
  const lines = await shop.explain(MessageId);
  expect(about(lines, `became the record <id> of ${DELIVERY}/news`)).toHaveLength(1);
  expect(about(lines, 'has its bytes, at 0')).toHaveLength(1);
});

test('a record of a stream is followed through the delivery stream that reads it', async () => {
  await shop.kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }));
  const KinesisStreamSourceConfiguration = { KinesisStreamARN: streamArn('clicks'), RoleARN: ROLE };
  const early = { StreamName: 'clicks', PartitionKey: 'k', Data: Buffer.from('early') };
  const before = await shop.kinesis.send(new PutToStreamCommand(early));
  await shop.advance(10);
  await deliveryStream('clicks', {}, { DeliveryStreamType: 'KinesisStreamAsSource', KinesisStreamSourceConfiguration });
  const click = { StreamName: 'clicks', PartitionKey: 'k', Data: Buffer.from('a click') };
  const { SequenceNumber = '' } = await shop.kinesis.send(new PutToStreamCommand(click));
  await shop.advance(300);
  const lines = await shop.explain(SequenceNumber);
  expect(about(lines, `read by ${DELIVERY}/clicks`)).toHaveLength(1);
  expect(about(lines, 'has its bytes, at 0')).toHaveLength(1);
  expect(about(lines, 'delivery stream clicks: has passed it')).toHaveLength(1);
  const told = await shop.explain(before.SequenceNumber ?? '');
  expect(about(told, 'delivery stream clicks: does not read it: it came before <time>')).toHaveLength(1);
  expect(about(told, 'was delivered')).toEqual([]);
});
