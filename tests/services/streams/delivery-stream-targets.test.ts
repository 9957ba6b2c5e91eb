// Delivery streams as targets of rules, schedules, pipes, topics and log groups: what their batches are made of.

import { gunzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { TestCell, TestEngine } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { events } from '#services/events/service.ts';
import * as performing from '#services/firehose/performing.ts';
import { decodePack } from '#services/firehose/record-pack.ts';
import { firehose } from '#services/firehose/service.ts';
import { TestBuckets, TestPerformers } from '#services/firehose/surroundings/testing.ts';
import { logs } from '#services/logs/service.ts';
import { pipes } from '#services/pipes/service.ts';
import { schedulerService } from '#services/scheduler/service.ts';
import { snsService } from '#services/sns/service.ts';
import { sqs } from '#services/sqs/service.ts';
import { service as sqsWire } from '#wire/generated/sqs.ts';
import { WireServices } from '#wire/services.ts';

const STREAM = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/archive';
const ROLE = 'arn:aws:iam::000000000000:role/sender';

let cell: TestCell;
let batches: Uint8Array[][];

beforeEach(async () => {
  batches = [];
  const engine = new TestEngine();
  const made = new TestPerformers().performersOf({ engine });
  const shape = made[performing.SHAPE_RECORDS];
  const scheduler = schedulerService({ wire: new WireServices([sqsWire]) });
  cell = await new TestCell(
    {
      services: [firehose, new TestBuckets().definition, events, snsService(), logs, pipes, scheduler, sqs, deliveries],
      performers: {
        ...made,
        [performing.SHAPE_RECORDS]: (request) => {
          const { packs = [] } = request.input as performing.Records;
          batches.push(
            [...request.payloads, ...packs].flatMap((pack) => decodePack(pack)).map(({ data }) => data.slice()),
          );
          return shape?.(request) ?? Promise.resolve();
        },
      },
    },
    engine,
  ).open();
  await cell.call('firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: 'archive',
    ExtendedS3DestinationConfiguration: {
      RoleARN: ROLE,
      BucketARN: 'arn:aws:s3:::lake',
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
    },
  });
});

/** Records of the delivery stream, once its buffer was delivered. */
async function records(): Promise<readonly Uint8Array[]> {
  await cell.advance(120_000);
  return batches.flat();
}
const texts = async () => (await records()).map((bytes) => Buffer.from(bytes).toString());

test('a rule puts its event', async () => {
  await cell.call('events', 'PutRule', { Name: 'sold', EventPattern: '{"source":["shop"]}' });
  const Targets = [{ Id: '1', Arn: STREAM, RoleArn: ROLE, InputPath: '$.detail' }];
  await cell.call('events', 'PutTargets', { Rule: 'sold', Targets });
  await cell.call('events', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'sold', Detail: '{"n":1}' }] });
  expect(await texts()).toEqual(['{"n":1}']);
});

test('a schedule puts its input', async () => {
  await cell.call('scheduler', 'CreateSchedule', {
    Name: 'once',
    ScheduleExpression: `at(${new Date(cell.clock.nowMs() + 60_000).toISOString().slice(0, 19)})`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: STREAM, RoleArn: ROLE, Input: 'tick' },
  });
  await cell.advance(60_000);
  expect(await texts()).toEqual(['tick']);
});

test('a pipe puts its events', async () => {
  const { QueueUrl } = await cell.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'source' });
  await cell.call('pipes', 'CreatePipe', {
    Name: 'p',
    Source: 'arn:aws:sqs:us-east-1:000000000000:source',
    Target: STREAM,
    RoleArn: ROLE,
    TargetParameters: { InputTemplate: '{"n":<$.body.n>}' },
  });
  for (const n of [1, 2]) await cell.call('sqs', 'SendMessage', { QueueUrl, MessageBody: `{"n":${n}}` });
  expect(await texts()).toEqual(['{"n":1}', '{"n":2}']);
});

test('a topic puts the notification, or with raw delivery the message alone', async () => {
  const { TopicArn } = await cell.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'news' });
  const subscribe = (Attributes: object) =>
    cell.call<{ SubscriptionArn: string }>('sns', 'Subscribe', {
      ...{ TopicArn, Protocol: 'firehose', Endpoint: STREAM },
      Attributes: { SubscriptionRoleArn: ROLE, ...Attributes },
    });
  const { SubscriptionArn } = await subscribe({});
  await cell.call('sns', 'Publish', { TopicArn, Message: 'hello' });
  const AttributeName = 'RawMessageDelivery';
  await cell.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue: 'true' });
  await cell.call('sns', 'Publish', { TopicArn, Message: 'hello' });
  const [notification = '', raw] = await texts();
  expect(JSON.parse(notification)).toMatchObject({ Type: 'Notification', TopicArn, Message: 'hello' });
  expect(raw).toBe('hello');
});

test('a log group puts a control message and its events, compressed', async () => {
  await cell.call('logs', 'CreateLogGroup', { logGroupName: '/shop' });
  await cell.call('logs', 'CreateLogStream', { logGroupName: '/shop', logStreamName: 'one' });
  await cell.call('logs', 'PutSubscriptionFilter', {
    ...{ logGroupName: '/shop', filterName: 'all', filterPattern: '', destinationArn: STREAM, roleArn: ROLE },
  });
  const logEvents = [{ timestamp: cell.clock.nowMs(), message: 'a line' }];
  await cell.call('logs', 'PutLogEvents', { logGroupName: '/shop', logStreamName: 'one', logEvents });
  const messages = (await records()).map((bytes) => JSON.parse(gunzipSync(bytes).toString()) as object);
  expect(messages).toMatchObject([
    {
      messageType: 'CONTROL_MESSAGE',
      logEvents: [{ message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' }],
    },
    { messageType: 'DATA_MESSAGE', logGroup: '/shop', logEvents: [{ message: 'a line' }] },
  ]);
});
