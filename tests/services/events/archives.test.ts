// Archives and replays: a whole server, AWS's client, frozen time.

import {
  CancelReplayCommand,
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListArchivesCommand,
  ListReplaysCommand,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  StartReplayCommand,
  UpdateArchiveCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';
const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/shop';
const DAY_MS = 86_400_000;

let server: TestServer;
let events: EventBridgeClient;
let sqs: SQSClient;

beforeEach(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  events = new EventBridgeClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  sqs = server.sqs();
  await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await events.send(new CreateEventBusCommand({ Name: 'shop' }));
  await events.send(new PutRuleCommand({ EventBusName: 'shop', Name: 'all', EventPattern: '{"source":["shop"]}' }));
  const Targets = [{ Id: 'q', Arn: QUEUE_ARN }];
  await events.send(new PutTargetsCommand({ EventBusName: 'shop', Rule: 'all', Targets }));
});

afterEach(async () => {
  events.destroy();
  await server.close();
  expect(server.problems).toEqual([]);
});

async function put(...items: number[]): Promise<void> {
  const Entries = items.map((item) => ({
    EventBusName: 'shop',
    Source: 'shop',
    DetailType: 'sold',
    Detail: JSON.stringify({ item }),
    Time: new Date(Date.UTC(2030, 0, 1, 0, item)),
  }));
  expect((await events.send(new PutEventsCommand({ Entries }))).FailedEntryCount).toBe(0);
}

async function received(): Promise<{ item: number; replay: string | undefined; time: string }[]> {
  const receive = new ReceiveMessageCommand({
    QueueUrl: `${server.url}/000000000000/orders`,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 40_000,
  });
  const found = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(receive);
    if (Messages.length === 0) return found;
    for (const { Body = '{}' } of Messages) {
      const event = JSON.parse(Body);
      found.push({ item: event.detail.item, replay: event['replay-name'], time: event.time });
    }
  }
}

/** Moves time, and waits until nothing is under way any more. */
async function advance(ms: number): Promise<void> {
  const body = JSON.stringify({ action: 'advance', ms });
  expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
}

function replay(name: string, fromMinute: number, toMinute: number) {
  return events.send(
    new StartReplayCommand({
      ReplayName: name,
      EventSourceArn: 'arn:aws:events:us-east-1:000000000000:archive/sales',
      EventStartTime: new Date(Date.UTC(2030, 0, 1, 0, fromMinute)),
      EventEndTime: new Date(Date.UTC(2030, 0, 1, 0, toMinute)),
      Destination: { Arn: BUS_ARN },
    }),
  );
}

test('events are archived, replayed over a range of time, and expire', async () => {
  await events.send(new CreateArchiveCommand({ ArchiveName: 'sales', EventSourceArn: BUS_ARN, RetentionDays: 7 }));
  await put(5, 1, 3, 2, 4);
  expect(await received()).toHaveLength(5);
  const { State, ReplayStartTime } = await replay('r', 2, 5);
  expect(State).toBe('STARTING');
  await advance(0);
  const time = (minute: number): string => `2030-01-01T00:0${minute}:00Z`;
  expect(await received()).toEqual([2, 3, 4].map((item) => ({ item, replay: 'r', time: time(item) })));
  const described = await events.send(new DescribeReplayCommand({ ReplayName: 'r' }));
  expect(described).toMatchObject({ State: 'COMPLETED', ReplayStartTime, EventLastReplayedTime: new Date(time(4)) });
  expect((await events.send(new ListReplaysCommand({ State: 'COMPLETED' }))).Replays).toMatchObject([
    { ReplayName: 'r', State: 'COMPLETED' },
  ]);
  const archive = await events.send(new DescribeArchiveCommand({ ArchiveName: 'sales' }));
  expect(archive).toMatchObject({ EventCount: 5, State: 'ENABLED', RetentionDays: 7 });
  await advance(8 * DAY_MS);
  const expired = await events.send(new DescribeArchiveCommand({ ArchiveName: 'sales' }));
  expect(expired).toMatchObject({ EventCount: 0, SizeBytes: 0 });
});

test('an archive is changed, listed and deleted; its bus only after it', async () => {
  await events.send(new CreateArchiveCommand({ ArchiveName: 'sales', EventSourceArn: BUS_ARN }));
  await events.send(new UpdateArchiveCommand({ ArchiveName: 'sales', EventPattern: '{"source":["none"]}' }));
  await put(1);
  const { Archives } = await events.send(new ListArchivesCommand({ EventSourceArn: BUS_ARN }));
  expect(Archives).toMatchObject([{ ArchiveName: 'sales', EventCount: 0, RetentionDays: 0 }]);
  const { Rules } = await events.send(new ListRulesCommand({ EventBusName: 'shop', NamePrefix: 'Events-' }));
  expect(Rules).toMatchObject([{ Name: 'Events-Archive-sales', ManagedBy: 'prod.vhs.events.aws.internal' }]);
  const managed = { EventBusName: 'shop', Name: 'Events-Archive-sales' };
  await expect(events.send(new DeleteRuleCommand(managed))).rejects.toMatchObject({ name: 'ManagedRuleException' });
  await expect(events.send(new DisableRuleCommand(managed))).rejects.toMatchObject({ name: 'ManagedRuleException' });
  await events.send(new RemoveTargetsCommand({ EventBusName: 'shop', Rule: 'all', Ids: ['q'] }));
  await events.send(new DeleteRuleCommand({ EventBusName: 'shop', Name: 'all' }));
  await expect(events.send(new DeleteEventBusCommand({ Name: 'shop' }))).rejects.toMatchObject({
    message: "EventBus can't be deleted since it has rules.",
  });
  await events.send(new DeleteArchiveCommand({ ArchiveName: 'sales' }));
  expect((await events.send(new ListArchivesCommand({}))).Archives).toEqual([]);
  await events.send(new DeleteEventBusCommand({ Name: 'shop' }));
});

test('refusals have the types that the client knows', async () => {
  const absent = events.send(new DescribeArchiveCommand({ ArchiveName: 'none' }));
  await expect(absent).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Archive none does not exist.',
  });
  await events.send(new CreateArchiveCommand({ ArchiveName: 'sales', EventSourceArn: BUS_ARN }));
  await replay('r', 0, 1);
  await advance(0);
  await expect(events.send(new CancelReplayCommand({ ReplayName: 'r' }))).rejects.toMatchObject({
    name: 'IllegalStatusException',
  });
  const pattern = new CreateArchiveCommand({ ArchiveName: 'b', EventSourceArn: BUS_ARN, EventPattern: '[]' });
  await expect(events.send(pattern)).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
});
