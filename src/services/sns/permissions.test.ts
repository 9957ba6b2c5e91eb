import { beforeEach, describe, expect, test } from 'vitest';
import { type TestCell, TestIam, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { scopeOf } from '#model/scope.ts';
import { sns } from './service.ts';
import { queueArn, TestQueues, TOPIC_ARN } from './testing.ts';

// What SNS asks IAM.
let iam: TestIam;
let cell: TestCell;
let queues: TestQueues;

beforeEach(async () => {
  queues = new TestQueues();
  iam = new TestIam();
  cell = await testCell([sns, deliveries, queues.definition, iam.definition], { iamMode: 'enforce' });
  await cell.call('sns', 'CreateTopic', { Name: 'orders' });
  const Endpoint = queueArn('q');
  await cell.call('sns', 'Subscribe', { TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint });
});

const other = { scope: scopeOf('111122223333', 'us-east-1') };

describe('IAM is asked', () => {
  test('about creating with the ARN that the topic gets, about subscribing with protocol and endpoint', () => {
    expect(iam.asked).toMatchObject([
      { action: 'SNS:CreateTopic', resource: TOPIC_ARN, resourceAccount: '000000000000' },
      {
        action: 'SNS:Subscribe',
        resource: TOPIC_ARN,
        context: { 'sns:Protocol': 'sqs', 'sns:Endpoint': queueArn('q'), 'aws:SourceOwner': '000000000000' },
      },
    ]);
  });

  test('about passing the role of a subscription to SNS', async () => {
    const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`;
    const passing = (resource: string) => ({
      action: 'iam:PassRole',
      resource,
      context: { 'iam:PassedToService': 'sns.amazonaws.com' },
    });
    const Endpoint = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/archive';
    const Attributes = { SubscriptionRoleArn: role('one') };
    const input = { TopicArn: TOPIC_ARN, Protocol: 'firehose', Endpoint, Attributes };
    const made = await cell.call<{ SubscriptionArn: string }>('sns', 'Subscribe', input);
    expect(iam.asked.slice(-2)).toMatchObject([{ action: 'SNS:Subscribe' }, passing(role('one'))]);
    const change = { AttributeName: 'SubscriptionRoleArn', AttributeValue: role('two') };
    await cell.call('sns', 'SetSubscriptionAttributes', { ...made, ...change });
    expect(iam.asked.slice(-2)).toMatchObject([{ action: 'SNS:SetSubscriptionAttributes' }, passing(role('two'))]);
  });

  test('about publishing with the policy of the topic and the account that asks', async () => {
    await cell.call('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: 'x' }, other);
    expect(iam.asked.at(-1)).toMatchObject({
      action: 'SNS:Publish',
      resource: TOPIC_ARN,
      resourceAccount: '000000000000',
      resourcePolicy: expect.stringContaining('__default_policy_ID'),
      context: { 'aws:SourceOwner': '111122223333' },
    });
  });

  test('about nobody without a source owner: the default policy lets nobody in', async () => {
    const principal = { kind: 'anonymous' } as const;
    await cell.call('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: 'x' }, { principal });
    expect(iam.asked.at(-1)?.context).toEqual({});
  });

  test('about one subscription with no resource: AWS has none for it', async () => {
    await cell.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn: await subscriptionArn() });
    expect(iam.asked.at(-1)).toMatchObject({ action: 'SNS:GetSubscriptionAttributes', resource: '*' });
  });
});

const subscriptionArn = async () => {
  const list = await cell.call<{ Subscriptions: { SubscriptionArn: string }[] }>('sns', 'ListSubscriptions', {});
  return list.Subscriptions[0]?.SubscriptionArn;
};

test.each(['GetSubscriptionAttributes', 'SetSubscriptionAttributes', 'Unsubscribe'])(
  '%s is for the owner of the subscription',
  async (operation) => {
    const input = {
      SubscriptionArn: await subscriptionArn(),
      AttributeName: 'RawMessageDelivery',
      AttributeValue: 'true',
    };
    expect(await cell.reply('sns', operation, input, other)).toMatchObject({
      refused: { code: 'AuthorizationError', message: 'Not authorized to access this subscription', status: 403 },
    });
    expect(await cell.reply('sns', operation, input)).toHaveProperty('output');
  },
);

test('what is denied is not done', async () => {
  iam.isForbidden = (action) => action === 'SNS:Publish';
  const reply = await cell.reply('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: 'x' });
  expect(reply).toMatchObject({ refused: { code: 'AuthorizationError', message: 'not allowed', status: 403 } });
  expect(queues.received).toEqual([]);
});
