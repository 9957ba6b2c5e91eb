// Delivery streams as subscribers.

import { beforeEach, expect, test } from 'vitest';
import { defineService } from '#cell/service-definition.ts';
import type { HandOver, HandOverResult } from '#cell/target.ts';
import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { snsService } from './service.ts';
import { TOPIC_ARN } from './testing.ts';

const STREAM = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/archive';
const ROLE = 'arn:aws:iam::000000000000:role/sns-to-firehose';

let cell: TestCell;
let received: HandOver[];
let answer: HandOverResult;
beforeEach(async () => {
  received = [];
  answer = { accepted: true };
  const firehose = defineService<object>({
    name: 'firehose',
    createState: () => ({}),
    tables: () => [],
    facts: [],
    operations: {},
    doors: () => ({
      target: {
        accept: (_turn, handOver) => {
          received.push(handOver);
          return answer;
        },
      },
    }),
  });
  cell = await testCell([snsService(), firehose, deliveries]);
  await cell.call('sns', 'CreateTopic', { Name: 'orders' });
});

const subscribe = (Attributes: Record<string, string>, Endpoint = STREAM, TopicArn = TOPIC_ARN) =>
  cell.call<{ SubscriptionArn: string }>('sns', 'Subscribe', { TopicArn, Protocol: 'firehose', Endpoint, Attributes });
const publish = () => cell.call('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: 'hello' });

test('a delivery stream is handed the notification by the role of its subscription', async () => {
  const { SubscriptionArn } = await subscribe({ SubscriptionRoleArn: ROLE });
  await publish();
  expect(received).toMatchObject([
    {
      targetArn: STREAM,
      principal: { kind: 'session', roleArn: ROLE },
      content: { kind: 'message', subscriptionArn: SubscriptionArn, message: { message: 'hello' } },
    },
  ]);
  const { Attributes } = await cell.call<{ Attributes: object }>('sns', 'GetSubscriptionAttributes', {
    SubscriptionArn,
  });
  expect(Attributes).toMatchObject({ Protocol: 'firehose', SubscriptionRoleArn: ROLE, PendingConfirmation: 'false' });
});

test('with raw delivery it is handed the message alone', async () => {
  await subscribe({ SubscriptionRoleArn: ROLE, RawMessageDelivery: 'true' });
  await publish();
  expect(received[0]?.content).not.toHaveProperty('subscriptionArn');
});

test('what it cannot take now is tried again, also after a restart', async () => {
  await subscribe({ SubscriptionRoleArn: ROLE });
  answer = { failure: { code: 'ServiceUnavailableException', detail: 'busy', isRetryable: true } };
  await publish();
  cell = await cell.restart();
  answer = { accepted: true };
  received = [];
  await cell.advance(60_000);
  expect(received).toMatchObject([{ targetArn: STREAM, principal: { roleArn: ROLE } }]);
});

test.each([
  [{}, 'SubscriptionRoleArn is required'],
  [{ SubscriptionRoleArn: 'nothing' }, 'invalid role ARN'],
  [{ SubscriptionRoleArn: ROLE, RawMessageDelivery: 'perhaps' }, 'Must be true or false'],
])('a subscription with %j is refused', async (attributes, text) => {
  await expect(subscribe(attributes as Record<string, string>)).rejects.toThrow(text);
});

test('a queue is no delivery stream, and a FIFO topic has queues only', async () => {
  const role = { SubscriptionRoleArn: ROLE };
  await expect(subscribe(role, 'arn:aws:sqs:us-east-1:000000000000:q')).rejects.toThrow('Firehose endpoint ARN');
  await cell.call('sns', 'CreateTopic', { Name: 'f.fifo', Attributes: { FifoTopic: 'true' } });
  const fifo = 'arn:aws:sns:us-east-1:000000000000:f.fifo';
  await expect(subscribe(role, STREAM, fifo)).rejects.toThrow('Please use SQS queue');
});
