// Buses, rules and events: a whole server, AWS's client, frozen time.

import {
  ConcurrentModificationException,
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  InvalidEventPatternException,
  LimitExceededException,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  TagResourceCommand,
  type Target,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';

const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/shop';
const RULE_ARN = 'arn:aws:events:us-east-1:000000000000:rule/shop/sold';
const EventBusName = 'shop';
const PATTERN = '{"source":["shop"]}';

let server: TestServer;
let events: EventBridgeClient;
let sqs: SQSClient;

const settings = () => ({
  endpoint: server.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

beforeEach(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  events = new EventBridgeClient(settings());
  sqs = server.sqs();
  await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await events.send(new CreateEventBusCommand({ Name: 'shop' }));
  await events.send(new PutRuleCommand({ EventBusName, Name: 'sold', EventPattern: PATTERN }));
});

afterEach(async () => {
  events.destroy();
  await server.close();
  expect(server.problems).toEqual([]);
});

async function target(...targets: Omit<Target, 'Id'>[]): Promise<void> {
  const Targets = targets.map((each, i) => ({ Id: `t${i}`, ...each }) as Target);
  const put = await events.send(new PutTargetsCommand({ EventBusName, Rule: 'sold', Targets }));
  expect(put).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
}

async function put(change: Partial<PutEventsRequestEntry> = {}) {
  const entry = { EventBusName, Source: 'shop', DetailType: 'sold', Detail: '{"item":1}', ...change };
  return events.send(new PutEventsCommand({ Entries: [entry] }));
}

async function received(queue: string): Promise<readonly Message[]> {
  const QueueUrl = `${server.url}/000000000000/${queue}`;
  const all = { MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 };
  return (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...all }))).Messages ?? [];
}

async function advance(ms: number): Promise<void> {
  const body = JSON.stringify({ action: 'advance', ms });
  expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
}

test('buses, rules, targets and tags as the client shows them', async () => {
  const Tags = [{ Key: 'team', Value: 'a' }];
  await events.send(new TagResourceCommand({ ResourceARN: RULE_ARN, Tags }));
  expect(await events.send(new ListTagsForResourceCommand({ ResourceARN: RULE_ARN }))).toMatchObject({ Tags });
  const bus = await events.send(new DescribeEventBusCommand({ Name: 'shop' }));
  expect(bus).toMatchObject({ Name: 'shop', Arn: BUS_ARN, CreationTime: expect.any(Date) });
  const buses = await events.send(new ListEventBusesCommand({}));
  expect(buses.EventBuses?.map(({ Name }) => Name)).toEqual(['default', 'shop']);
  await target({ Arn: arnOf('orders'), RetryPolicy: { MaximumRetryAttempts: 3 } });
  expect(await events.send(new ListTargetsByRuleCommand({ EventBusName, Rule: 'sold' }))).toMatchObject({
    Targets: [{ Id: 't0', Arn: arnOf('orders'), RetryPolicy: { MaximumRetryAttempts: 3 } }],
  });
  const rule = { Name: 'sold', Arn: RULE_ARN, EventPattern: PATTERN, State: 'ENABLED', EventBusName };
  expect(await events.send(new ListRulesCommand({ EventBusName }))).toMatchObject({ Rules: [rule] });
  await events.send(new RemoveTargetsCommand({ EventBusName, Rule: 'sold', Ids: ['t0'] }));
  await events.send(new DeleteRuleCommand({ EventBusName, Name: 'sold' }));
  await events.send(new DeleteEventBusCommand({ Name: 'shop' }));
  await expect(events.send(new DescribeEventBusCommand({ Name: 'shop' }))).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
});

test('refusals are the errors that the client knows', async () => {
  await expect(events.send(new CreateEventBusCommand({ Name: 'shop' }))).rejects.toBeInstanceOf(
    ResourceAlreadyExistsException,
  );
  const wrong = new PutRuleCommand({ Name: 'r', EventPattern: '{"source":"shop"}' });
  await expect(events.send(wrong)).rejects.toBeInstanceOf(InvalidEventPatternException);
  await expect(events.send(new DescribeRuleCommand({ Name: 'gone' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Rule gone does not exist on EventBus default.',
    $metadata: { httpStatusCode: 400 },
  });
  const Targets = Array.from({ length: 6 }, (_, i) => ({ Id: String(i), Arn: arnOf('orders') }));
  const tooMany = events.send(new PutTargetsCommand({ EventBusName, Rule: 'sold', Targets }));
  await expect(tooMany).rejects.toBeInstanceOf(LimitExceededException);
  await expect(tooMany).rejects.not.toBeInstanceOf(ConcurrentModificationException);
  await expect(events.send(new DeleteEventBusCommand({ Name: 'shop' }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: "EventBus can't be deleted since it has rules.",
  });
});

test('an event goes to queues and topics, each in its form', async () => {
  const sns = new SNSClient(settings());
  await sqs.send(new CreateQueueCommand({ QueueName: 'notified' }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'sold' }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arnOf('notified') }));
  sns.destroy();
  await target({ Arn: arnOf('orders') }, { Arn: TopicArn }, { Arn: arnOf('orders'), InputPath: '$.detail' });
  const { Entries } = await put({ Time: new Date('2026-01-02T03:04:05.678Z'), Resources: ['r'] });
  const event = {
    version: '0',
    id: Entries?.[0]?.EventId,
    'detail-type': 'sold',
    source: 'shop',
    account: '000000000000',
    time: '2026-01-02T03:04:05Z',
    region: 'us-east-1',
    resources: ['r'],
    detail: { item: 1 },
  };
  const bodies = (await received('orders')).map(({ Body = '' }) => JSON.parse(Body));
  expect(bodies).toEqual([event, { item: 1 }]);
  const [notification] = await received('notified');
  expect(JSON.parse(JSON.parse(notification?.Body ?? '{}').Message)).toEqual(event);
});

test('what a target does not take is a dead letter', async () => {
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:gone';
  await target({ Arn, DeadLetterConfig: { Arn: arnOf('dead') } });
  await put();
  const [letter] = await received('dead');
  expect(letter?.MessageAttributes).toMatchObject({
    RULE_ARN: { DataType: 'String', StringValue: RULE_ARN },
    TARGET_ARN: { DataType: 'String', StringValue: Arn },
    ERROR_CODE: { DataType: 'String', StringValue: 'NO_RESOURCE' },
    ERROR_MESSAGE: { DataType: 'String', StringValue: expect.stringContaining('gone') },
  });
});

test('entries fail one by one, a request as a whole', async () => {
  expect(await put({ Detail: 'x' })).toMatchObject({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }],
  });
  expect(await put({ EventBusName: 'gone' })).toMatchObject({ FailedEntryCount: 0 });
  await expect(put({ Detail: JSON.stringify({ a: 'x'.repeat(1_100_000) }) })).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Total size of the entries in the request is over the limit.',
  });
});

test('a schedule runs when its time comes', async () => {
  const every = { Name: 'tick', ScheduleExpression: 'rate(1 hour)' };
  const { RuleArn } = await events.send(new PutRuleCommand(every));
  await events.send(new PutTargetsCommand({ Rule: 'tick', Targets: [{ Id: '1', Arn: arnOf('orders') }] }));
  await advance(2.5 * 3_600_000);
  const ticks = (await received('orders')).map(({ Body = '' }) => JSON.parse(Body));
  expect(ticks).toHaveLength(2);
  expect(ticks[0]).toMatchObject({ 'detail-type': 'Scheduled Event', resources: [RuleArn], detail: {} });
});

test('TestEventPattern and permissions work through the client', async () => {
  const Event = JSON.stringify({ id: '1', account: '1', source: 'shop', time: 't', region: 'r', 'detail-type': 'd' });
  expect(await events.send(new TestEventPatternCommand({ EventPattern: PATTERN, Event }))).toMatchObject({
    Result: true,
  });
  const grant = { EventBusName, Action: 'events:PutEvents', Principal: '111122223333', StatementId: 's' };
  await events.send(new PutPermissionCommand(grant));
  const { Policy } = await events.send(new DescribeEventBusCommand({ Name: 'shop' }));
  expect(JSON.parse(Policy ?? '')).toMatchObject({ Statement: [{ Sid: 's', Resource: BUS_ARN }] });
});
