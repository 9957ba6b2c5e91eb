import { beforeEach, describe, expect, test } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { queueArn, type SnsCell, snsCell, TOPIC_ARN } from './testing.ts';

const OTHER = '111122223333';
const otherScope = { scope: scopeOf(OTHER, 'us-east-1') };
const anonymous = { principal: { kind: 'anonymous' } } as const;

let sns: SnsCell;
beforeEach(async () => {
  sns = await snsCell();
  await sns.call('CreateTopic', { Name: 'orders' });
});

const subscription = (rest: object = {}) => ({
  TopicArn: TOPIC_ARN,
  Protocol: 'sqs',
  Endpoint: queueArn('q'),
  ...rest,
});
const subscribe = async (rest: object = {}, options = {}) =>
  (await sns.call<{ SubscriptionArn: string }>('Subscribe', subscription(rest), options)).SubscriptionArn;
const attributesOf = async (SubscriptionArn: string, options = {}) =>
  (await sns.call<{ Attributes: Record<string, string> }>('GetSubscriptionAttributes', { SubscriptionArn }, options))
    .Attributes;
const set = (SubscriptionArn: string, AttributeName: string, AttributeValue: string) => ({
  SubscriptionArn,
  AttributeName,
  AttributeValue,
});

describe('Subscribe', () => {
  test('answers the ARN: the topic, and a UUID', async () => {
    expect(await subscribe()).toMatch(new RegExp(`^${TOPIC_ARN}:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17}$`));
  });

  test('a queue of the own account is confirmed at once, and has the attributes that AWS shows', async () => {
    const arn = await subscribe();
    expect(await attributesOf(arn)).toEqual({
      SubscriptionArn: arn,
      TopicArn: TOPIC_ARN,
      Protocol: 'sqs',
      Endpoint: queueArn('q'),
      Owner: '000000000000',
      SubscriptionPrincipal: 'arn:aws:iam::000000000000:root',
      PendingConfirmation: 'false',
      ConfirmationWasAuthenticated: 'true',
      RawMessageDelivery: 'false',
    });
  });

  test('twice answers the same ARN', async () => {
    const Attributes = { RawMessageDelivery: 'true' };
    const first = await subscribe({ Attributes });
    expect(await subscribe({ Attributes })).toBe(first);
    expect(await subscribe()).toBe(first);
  });

  test('twice with other attributes is refused', async () => {
    await subscribe();
    expect(await sns.refusal('Subscribe', subscription({ Attributes: { RawMessageDelivery: 'true' } }))).toBe(
      'InvalidParameter: Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
  });

  test('keeps attributes, and shows the scope of a filter policy beside it', async () => {
    const FilterPolicy = '{"store":["a"]}';
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead') });
    const arn = await subscribe({ Attributes: { FilterPolicy, RedrivePolicy, RawMessageDelivery: 'TRUE' } });
    expect(await attributesOf(arn)).toMatchObject({
      FilterPolicy,
      FilterPolicyScope: 'MessageAttributes',
      RedrivePolicy,
      RawMessageDelivery: 'true',
    });
  });

  test('a function is subscribed like a queue', async () => {
    const Endpoint = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    const arn = await subscribe({ Protocol: 'lambda', Endpoint });
    expect(await attributesOf(arn)).toMatchObject({ Protocol: 'lambda', Endpoint, PendingConfirmation: 'false' });
  });

  test.each(['email', 'email-json', 'sms', 'application'])('protocol %s is refused by name', async (Protocol) => {
    expect(await sns.refusal('Subscribe', subscription({ Protocol, Endpoint: 'x' }))).toBe(
      `InvalidParameter: Invalid parameter: Protocol Reason: delivery by protocol ${Protocol} is not available on this server`,
    );
  });

  test.each([
    [{ Protocol: 'pigeon' }, 'Invalid parameter: Amazon SNS does not support this protocol string: pigeon'],
    [{ Endpoint: 'http://127.0.0.1:4566/000000000000/q' }, 'Invalid parameter: SQS endpoint ARN'],
    [{ Endpoint: 'arn:aws:sqs:us-east-1:1:q' }, 'Invalid parameter: SQS endpoint ARN'],
    [{ Protocol: 'lambda' }, 'Invalid parameter: Lambda endpoint ARN'],
    [
      { Endpoint: queueArn('q.fifo') },
      'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    ],
    [
      { Attributes: { RawMessageDelivery: 'wrongvalue' } },
      'Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [wrongvalue]. Must be true or false.',
    ],
    [{ Attributes: { Colour: 'red' } }, 'Invalid parameter: Attributes Reason: AttributeName'],
    [
      { Attributes: { RedrivePolicy: '{"deadLetterTargetArn":"x"}' } },
      'Invalid parameter: Attributes Reason: RedrivePolicy: deadLetterTargetArn is an invalid arn',
    ],
    [
      { Attributes: { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sns:us-east-1:000000000000:t"}' } },
      'Invalid parameter: Attributes Reason: RedrivePolicy: deadLetterTargetArn must be a SQS queue',
    ],
    [
      { Attributes: { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:q"}' } },
      'Invalid parameter: Attributes Reason: RedrivePolicy: deadLetterTargetArn must be in the same region as the subscription',
    ],
    [
      { Attributes: { RedrivePolicy: `{"deadLetterTargetArn":"${queueArn('dead.fifo')}"}` } },
      'Invalid parameter: Attributes Reason: RedrivePolicy: must use a standard queue as DLQ for a Subscription to a standard Topic.',
    ],
    [
      { Attributes: { SubscriptionRoleArn: 'arn:aws:iam::000000000000:role/r' } },
      'Invalid parameter: Attributes Reason: Delivery protocol [sqs] does not support SubscriptionRoleArn.',
    ],
  ])('%j is refused', async (rest, text) => {
    expect(await sns.refusal('Subscribe', subscription(rest))).toBe(`InvalidParameter: ${text}`);
  });

  test('a filter policy that is none is refused', async () => {
    const refusal = await sns.refusal('Subscribe', subscription({ Attributes: { FilterPolicy: '{invalid}' } }));
    expect(refusal).toMatch(
      /^InvalidParameter: Invalid parameter: Attributes Reason: FilterPolicy: failed to parse JSON/,
    );
  });
});

describe('SetSubscriptionAttributes', () => {
  test.each([
    ['fake-attribute', 'x', 'AttributeName'],
    ['RawMessageDelivery', 'test-ValUe', 'RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false.'],
    ['RawMessageDelivery', '', 'RawMessageDelivery: Invalid value []. Must be true or false.'],
    ['RedrivePolicy', '{"deadLetterTargetArn": "fake-arn"}', 'RedrivePolicy: deadLetterTargetArn is an invalid arn'],
    [
      'FilterPolicyScope',
      'Body',
      'FilterPolicyScope: Invalid value [Body]. Please use either MessageBody or MessageAttributes',
    ],
  ])('%s = %j is refused', async (name, value, text) => {
    const arn = await subscribe();
    const refusal = await sns.refusal('SetSubscriptionAttributes', set(arn, name, value));
    expect(refusal).toBe(`InvalidParameter: Invalid parameter: ${text}`);
  });

  test('takes a filter policy away with {}', async () => {
    const arn = await subscribe({ Attributes: { FilterPolicy: '{"store":["a"]}' } });
    await sns.call('SetSubscriptionAttributes', set(arn, 'FilterPolicy', '{}'));
    expect(await attributesOf(arn)).not.toHaveProperty('FilterPolicy');
    await sns.call('Publish', { TopicArn: TOPIC_ARN, Message: 'x' });
    expect(sns.queues.bodies('q')).toHaveLength(1);
  });

  test('a policy must be one of the scope: nested policies are about bodies', async () => {
    const nested = '{"order":{"state":["new"]}}';
    const arn = await subscribe();
    expect(await sns.refusal('SetSubscriptionAttributes', set(arn, 'FilterPolicy', nested))).toContain('nested');
    await sns.call('SetSubscriptionAttributes', set(arn, 'FilterPolicyScope', 'MessageBody'));
    await sns.call('SetSubscriptionAttributes', set(arn, 'FilterPolicy', nested));
    expect(
      await sns.refusal('SetSubscriptionAttributes', set(arn, 'FilterPolicyScope', 'MessageAttributes')),
    ).toContain('nested');
  });

  test('of a subscription that does not exist', async () => {
    const arn = `${TOPIC_ARN}:00000000-0000-4000-8000-000000000000`;
    expect(await sns.refusal('SetSubscriptionAttributes', set(arn, 'RawMessageDelivery', 'true'))).toBe(
      'NotFound: Subscription does not exist',
    );
  });
});

describe('Unsubscribe', () => {
  test('ends the subscription, and is no error when there is none', async () => {
    const SubscriptionArn = await subscribe();
    await sns.call('Unsubscribe', { SubscriptionArn });
    await sns.call('Unsubscribe', { SubscriptionArn });
    expect(await sns.refusal('GetSubscriptionAttributes', { SubscriptionArn })).toBe(
      'NotFound: Subscription does not exist',
    );
    expect(await sns.call('GetTopicAttributes', { TopicArn: TOPIC_ARN })).toMatchObject({
      Attributes: { SubscriptionsConfirmed: '0', SubscriptionsDeleted: '1' },
    });
    await sns.call('Publish', { TopicArn: TOPIC_ARN, Message: 'x' });
    expect(sns.queues.received).toEqual([]);
  });

  test('works without a signature, as the UnsubscribeURL of an envelope', async () => {
    const SubscriptionArn = await subscribe();
    await sns.call('Unsubscribe', { SubscriptionArn }, anonymous);
    expect(await sns.call('ListSubscriptions', {})).toEqual({ Subscriptions: [] });
  });

  test.each([
    ['x', 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 1'],
    [TOPIC_ARN, 'SubscriptionId'],
  ])('refuses %s', async (SubscriptionArn, text) => {
    expect(await sns.refusal('Unsubscribe', { SubscriptionArn })).toBe(`InvalidParameter: Invalid parameter: ${text}`);
  });
});

describe('a queue of another account', () => {
  const Endpoint = queueArn('theirs', OTHER);

  test('stays pending, and gets no messages', async () => {
    expect(await subscribe({ Endpoint })).toBe('pending confirmation');
    const arn = await subscribe({ Endpoint, ReturnSubscriptionArn: true });
    expect(await attributesOf(arn)).toMatchObject({
      PendingConfirmation: 'true',
      ConfirmationWasAuthenticated: 'false',
    });
    expect(await sns.call('ListSubscriptionsByTopic', { TopicArn: TOPIC_ARN })).toMatchObject({
      Subscriptions: [{ SubscriptionArn: 'PendingConfirmation', Endpoint }],
    });
    await sns.call('Publish', { TopicArn: TOPIC_ARN, Message: 'x' });
    expect(sns.queues.bodies('theirs', OTHER)).toHaveLength(1);
  });

  test('is confirmed with the token that the queue got', async () => {
    const SubscriptionArn = await subscribe({ Endpoint, ReturnSubscriptionArn: true });
    const confirmation = JSON.parse(sns.queues.bodies('theirs', OTHER)[0] ?? '') as Record<string, string>;
    expect(Object.keys(confirmation)).toEqual([
      'Type',
      'MessageId',
      'Token',
      'TopicArn',
      'Message',
      'SubscribeURL',
      'Timestamp',
      'SignatureVersion',
      'Signature',
      'SigningCertURL',
    ]);
    const { Token = '', SubscribeURL } = confirmation;
    expect(SubscribeURL).toBe(`http://127.0.0.1:4566/?Action=ConfirmSubscription&TopicArn=${TOPIC_ARN}&Token=${Token}`);
    const confirm = { TopicArn: TOPIC_ARN, Token };
    expect(await sns.call('ConfirmSubscription', confirm, otherScope)).toEqual({ SubscriptionArn });
    expect(await sns.call('ConfirmSubscription', confirm, otherScope)).toEqual({ SubscriptionArn });
    expect(await attributesOf(SubscriptionArn, otherScope)).toMatchObject({
      PendingConfirmation: 'false',
      Owner: OTHER,
    });
    await sns.call('Publish', { TopicArn: TOPIC_ARN, Message: 'x' });
    expect(sns.queues.bodies('theirs', OTHER)).toHaveLength(2);
  });

  test('is confirmed at once when its own account subscribes it', async () => {
    expect(await subscribe({ Endpoint }, otherScope)).toMatch(/^arn:/);
    expect(await sns.call('ListSubscriptions', {}, otherScope)).toMatchObject({ Subscriptions: [{ Owner: OTHER }] });
    expect(await sns.call('ListSubscriptions', {})).toEqual({ Subscriptions: [] });
  });

  test('when its confirmation asked for authentication, only a signed request ends it', async () => {
    const SubscriptionArn = await subscribe({ Endpoint, ReturnSubscriptionArn: true });
    const { Token } = JSON.parse(sns.queues.bodies('theirs', OTHER)[0] ?? '') as { Token: string };
    await sns.call(
      'ConfirmSubscription',
      { TopicArn: TOPIC_ARN, Token, AuthenticateOnUnsubscribe: 'true' },
      otherScope,
    );
    expect(await sns.refusal('Unsubscribe', { SubscriptionArn }, anonymous)).toMatch(/^AuthorizationError/);
    await sns.call('Unsubscribe', { SubscriptionArn }, otherScope);
  });

  test.each([
    ['not-hex', 'Invalid token'],
    ['abcdef', 'Invalid parameter: Token'],
  ])('token %s is refused', async (Token, text) => {
    expect(await sns.refusal('ConfirmSubscription', { TopicArn: TOPIC_ARN, Token })).toBe(`InvalidParameter: ${text}`);
  });

  test('goes when nobody confirms it within two days, also over a restart', async () => {
    await subscribe({ Endpoint });
    const cell = await sns.cell.restart({ clean: true });
    await cell.advance(2 * 24 * 3_600_000 - 1);
    const list = () => cell.call<{ Subscriptions: unknown[] }>('sns', 'ListSubscriptions', {});
    expect((await list()).Subscriptions).toHaveLength(1);
    await cell.advance(1);
    expect((await list()).Subscriptions).toHaveLength(0);
  });
});
