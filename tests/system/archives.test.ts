// A replay in the real program survives kill -9: it goes on where it was.

import { join } from 'node:path';
import {
  CreateArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { startEddy, temporaryFolder } from './eddy-process.ts';

const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';
const COUNT = 2_000;

test('a replay goes on after kill -9, and nothing of it is missing or twice', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const start = () => startEddy(['--data-dir', join(folder.path, 'data')]);
  const clients = (endpoint: string) => {
    const settings = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    return { events: new EventBridgeClient(settings), sqs: new SQSClient(settings) };
  };
  let server = await start();
  let { events, sqs } = clients(server.url);
  await events.send(new CreateArchiveCommand({ ArchiveName: 'sales', EventSourceArn: BUS_ARN }));
  for (let i = 0; i < COUNT; i += 10) {
    const entry = (item: number) => ({
      Source: 'shop',
      DetailType: 'sold',
      Detail: JSON.stringify({ item: i + item }),
    });
    await events.send(new PutEventsCommand({ Entries: Array.from({ length: 10 }, (_, item) => entry(item)) }));
  }
  await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await events.send(new PutRuleCommand({ Name: 'all', EventPattern: '{"source":["shop"]}' }));
  await events.send(new PutTargetsCommand({ Rule: 'all', Targets: [{ Id: 'q', Arn: QUEUE_ARN }] }));
  await events.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: 'arn:aws:events:us-east-1:000000000000:archive/sales',
      EventStartTime: new Date(0),
      EventEndTime: new Date(Date.now() + 60_000),
      Destination: { Arn: BUS_ARN },
    }),
  );
  await server.end('SIGKILL');
  server = await start();
  ({ events, sqs } = clients(server.url));
  while ((await events.send(new DescribeReplayCommand({ ReplayName: 'again' }))).State !== 'COMPLETED');
  const QueueUrl = `${server.url}/000000000000/orders`;
  const items: number[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) break;
    items.push(...Messages.map(({ Body = '' }) => JSON.parse(Body).detail.item));
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  expect(items.sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, item) => item));
  await server.end();
  folder.remove();
});
