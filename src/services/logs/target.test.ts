import { beforeEach, expect, test } from 'vitest';
import { TEST_NOW_MS, type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { events } from '#services/events/service.ts';
import { iam } from '#services/iam/service.ts';
import { sqs } from '#services/sqs/service.ts';
import type { DescribeLogStreamsOutput, FilterLogEventsOutput } from '#wire/generated/logs.ts';
import { logs } from './service.ts';

const GROUP = '/aws/events/sold';
const GROUP_ARN = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
const DEAD_LETTER_ARN = 'arn:aws:sqs:us-east-1:000000000000:dead';
const SERVICES = [events, deliveries, logs, sqs, iam];

const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/*:*',
    },
  ],
};

let cell: TestCell;

async function setUp(options: Partial<Parameters<typeof testCell>[1]> = {}): Promise<void> {
  cell = await testCell(SERVICES, options);
  await cell.call('logs', 'CreateLogGroup', { logGroupName: GROUP });
  await cell.call('sqs', 'CreateQueue', { QueueName: 'dead' });
  await cell.call('events', 'PutRule', { Name: 'sold', EventPattern: '{"source":["shop"]}' });
}

const target = (more: object = {}) =>
  cell.call('events', 'PutTargets', {
    Rule: 'sold',
    Targets: [{ Id: 'log', Arn: GROUP_ARN, DeadLetterConfig: { Arn: DEAD_LETTER_ARN }, ...more }],
  });
const put = (more: object = {}) =>
  cell.call<{ Entries: { EventId: string }[] }>('events', 'PutEvents', {
    Entries: [{ Source: 'shop', DetailType: 'sold', Detail: '{"item":1}', ...more }],
  });
const lines = async () => {
  const found = await cell.call<FilterLogEventsOutput>('logs', 'FilterLogEvents', { logGroupName: GROUP });
  return found.events ?? [];
};
const deadLetters = async () => {
  const QueueUrl = 'http://127.0.0.1:4566/000000000000/dead';
  const input = { QueueUrl, MessageAttributeNames: ['All'] };
  const received = await cell.call<{ Messages?: { MessageAttributes: Record<string, { StringValue: string }> }[] }>(
    'sqs',
    'ReceiveMessage',
    input,
  );
  return (received.Messages ?? []).map(({ MessageAttributes }) => MessageAttributes['ERROR_CODE']?.StringValue);
};

beforeEach(() => setUp());

test('an event is a line with its time, in a stream of its rule', async () => {
  await target();
  const { Entries } = await put({ Time: TEST_NOW_MS - 5_000 });
  await put();
  const found = await lines();
  expect(found.map(({ timestamp }) => timestamp)).toEqual([TEST_NOW_MS - 5_000, TEST_NOW_MS]);
  expect(JSON.parse(found[0]?.message ?? '')).toMatchObject({ id: Entries[0]?.EventId, detail: { item: 1 } });
  const { logStreams } = await cell.call<DescribeLogStreamsOutput>('logs', 'DescribeLogStreams', {
    logGroupName: GROUP,
  });
  expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual([
    expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  ]);
});

test('a template says when and what', async () => {
  await target({
    InputTransformer: {
      InputPathsMap: { item: '$.detail.item', at: '$.detail.at' },
      InputTemplate: '{"timestamp": <at>, "message": "item <item> sold"}',
    },
  });
  await put({ Detail: '{"item":"a \\"b\\"","at":"2026-01-15T11:59:00.123Z"}' });
  await put({ Detail: '{"item":7,"at":"2026-01-15T11:59:00.123Z"}' });
  expect((await lines()).map(({ message, timestamp }) => [message, timestamp])).toEqual([
    ['item 7 sold', Date.UTC(2026, 0, 15, 11, 59, 0, 123)],
  ]);
  expect(await deadLetters()).toEqual(['INVALID_JSON']);
});

test('a group that is gone is not tried again', async () => {
  await target();
  await cell.call('logs', 'DeleteLogGroup', { logGroupName: GROUP });
  await put();
  expect(await deadLetters()).toEqual(['NO_RESOURCE']);
});

test('a time that log groups do not take goes to the dead letters', async () => {
  await target();
  await put({ Time: TEST_NOW_MS - 15 * 86_400_000 });
  expect(await lines()).toEqual([]);
  expect(await deadLetters()).toEqual(['INVALID_PARAMETER']);
});

test('lines stay over a restart and a clean restart', async () => {
  await target();
  await put();
  cell = await cell.restart();
  await put();
  cell = await cell.restart({ clean: true });
  await put();
  expect((await lines()).length).toBe(3);
});

test('where permissions are enforced, a policy must let the service in', async () => {
  await setUp({ iamMode: 'enforce' });
  await target();
  await put();
  expect(await lines()).toEqual([]);
  await cell.call('logs', 'PutResourcePolicy', { policyName: 'events', policyDocument: JSON.stringify(POLICY) });
  await put();
  await cell.call('logs', 'PutResourcePolicy', { policyName: 'more', policyDocument: JSON.stringify(POLICY) });
  await put();
  await cell.call('logs', 'DeleteResourcePolicy', { policyName: 'events' });
  await cell.call('logs', 'DeleteResourcePolicy', { policyName: 'more' });
  await put();
  expect((await lines()).length).toBe(2);
});
