// Streams as targets of rules, schedules and pipes, with the real stream, in one cell.

import { beforeEach, expect, test } from 'vitest';
import { deliveries } from '#deliveries/service.ts';
import { events } from '#services/events/service.ts';
import { KinesisTest, streamArnOf } from '#services/kinesis/testing.ts';
import { pipes } from '#services/pipes/service.ts';
import { schedulerService } from '#services/scheduler/service.ts';
import { sqs } from '#services/sqs/service.ts';
import { service as kinesisWire } from '#wire/generated/kinesis.ts';
import { service as sqsWire } from '#wire/generated/sqs.ts';
import { WireServices } from '#wire/services.ts';

const STREAM = streamArnOf('orders');
const ROLE = 'arn:aws:iam::000000000000:role/sender';

let tested: KinesisTest;
beforeEach(async () => {
  const scheduler = schedulerService({ wire: new WireServices([sqsWire, kinesisWire]) });
  tested = await KinesisTest.open([events, pipes, scheduler, sqs, deliveries]);
  await tested.create();
});

const ask = <O = Record<string, unknown>>(service: string, operation: string, input: object) =>
  tested.cell.call<O>(service, operation, input);
const records = async () => (await tested.readAll(await tested.iterator())).records;

async function rule(more: object): Promise<void> {
  await ask('events', 'PutRule', { Name: 'sold', EventPattern: '{"source":["shop"]}' });
  const put = await ask<{ FailedEntryCount: number }>('events', 'PutTargets', {
    Rule: 'sold',
    Targets: [{ Id: '1', Arn: STREAM, RoleArn: ROLE, ...more }],
  });
  expect(put.FailedEntryCount).toBe(0);
}

async function putEvent(): Promise<string> {
  const Entries = [{ Source: 'shop', DetailType: 'sold', Detail: '{"item":{"id":17}}' }];
  const put = await ask<{ Entries: { EventId: string }[] }>('events', 'PutEvents', { Entries });
  return put.Entries[0]?.EventId ?? '';
}

test("a rule puts the event into a stream, with the event's id as the partition key", async () => {
  await rule({ InputPath: '$.detail' });
  const id = await putEvent();
  expect(await records()).toMatchObject([{ key: id, text: '{"item":{"id":17}}' }]);
});

test('a rule takes the partition key from the event, and its id where the path leads to nothing', async () => {
  await rule({ InputPath: '$.detail', KinesisParameters: { PartitionKeyPath: '$.detail.item.id' } });
  await putEvent();
  await rule({ KinesisParameters: { PartitionKeyPath: '$.detail.nothing' } });
  const id = await putEvent();
  expect((await records()).map(({ key }) => key)).toEqual(['17', id]);
});

test('an event for a stream that is not there ends in the dead-letter queue', async () => {
  await ask('sqs', 'CreateQueue', { QueueName: 'dead' });
  const Arn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  await rule({ DeadLetterConfig: { Arn }, Arn: streamArnOf('gone') });
  await putEvent();
  const QueueUrl = 'http://127.0.0.1:4566/000000000000/dead';
  const { Messages } = await ask<{ Messages: object[] }>('sqs', 'ReceiveMessage', {
    QueueUrl,
    MessageAttributeNames: ['All'],
  });
  expect(Messages).toMatchObject([{ MessageAttributes: { ERROR_CODE: { StringValue: 'NO_RESOURCE' } } }]);
});

test('a schedule puts its input into a stream, under its partition key', async () => {
  await ask('scheduler', 'CreateSchedule', {
    Name: 'every-minute',
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: STREAM, RoleArn: ROLE, Input: 'tick', KinesisParameters: { PartitionKey: 'clock' } },
  });
  await tested.cell.advance(60_000);
  expect((await records()).length).toBeGreaterThan(0);
  for (const record of await records()) expect(record).toMatchObject({ key: 'clock', text: 'tick' });
});

test('a schedule calls PutRecord itself, as a universal target', async () => {
  await ask('scheduler', 'CreateSchedule', {
    Name: 'every-minute',
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: 'arn:aws:scheduler:::aws-sdk:kinesis:putRecord',
      RoleArn: ROLE,
      Input: JSON.stringify({ StreamName: 'orders', PartitionKey: 'k', Data: 'tick' }),
    },
  });
  await tested.cell.advance(60_000);
  const [record] = await records();
  expect(record).toMatchObject({ key: 'k', text: 'tick' });
});

test('a pipe puts messages of a queue into a stream, with a key from the message', async () => {
  const made = await ask<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'source' });
  await ask('pipes', 'CreatePipe', {
    Name: 'p',
    Source: 'arn:aws:sqs:us-east-1:000000000000:source',
    Target: STREAM,
    RoleArn: ROLE,
    TargetParameters: {
      InputTemplate: '{"user":<$.body.user>}',
      KinesisStreamParameters: { PartitionKey: '$.body.user' },
    },
  });
  await ask('sqs', 'SendMessage', { QueueUrl: made.QueueUrl, MessageBody: '{"user":"ann"}' });
  expect(await records()).toMatchObject([{ key: 'ann', text: '{"user":"ann"}' }]);
});

test('a pipe from a stream to a stream keeps the order, and goes on after a restart', async () => {
  await tested.create('copies');
  await ask('pipes', 'CreatePipe', {
    Name: 'p',
    Source: STREAM,
    SourceParameters: { KinesisStreamParameters: { StartingPosition: 'TRIM_HORIZON' } },
    Target: streamArnOf('copies'),
    RoleArn: ROLE,
    TargetParameters: {
      InputTemplate: '{"at":<$.approximateArrivalTimestamp>,"key":<$.partitionKey>}',
      KinesisStreamParameters: { PartitionKey: '$.partitionKey' },
    },
  });
  await tested.put(['a=1', 'b=2']);
  await tested.cell.settle();
  await tested.restart();
  await tested.put(['c=3']);
  await tested.cell.settle();
  const copied = (await tested.readAll(await tested.iterator({ StreamName: 'copies' }))).records;
  expect(copied.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
});
