import { beforeEach, describe, expect, test } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { type SnsCell, snsCell, TOPIC_ARN } from './testing.ts';

let sns: SnsCell;
beforeEach(async () => {
  sns = await snsCell();
});

const attributesOf = async (TopicArn = TOPIC_ARN) =>
  (await sns.call<{ Attributes: Record<string, string> }>('GetTopicAttributes', { TopicArn })).Attributes;

describe('CreateTopic', () => {
  test('answers the ARN, again and again', async () => {
    expect(await sns.call('CreateTopic', { Name: 'orders' })).toEqual({ TopicArn: TOPIC_ARN });
    expect(await sns.call('CreateTopic', { Name: 'orders' })).toEqual({ TopicArn: TOPIC_ARN });
    expect(sns.cell.takeFacts()).toHaveLength(1);
  });

  test('gives a topic the attributes that AWS shows for it', async () => {
    await sns.call('CreateTopic', { Name: 'orders' });
    const { Policy = '', EffectiveDeliveryPolicy = '', ...others } = await attributesOf();
    expect(others).toEqual({
      TopicArn: TOPIC_ARN,
      Owner: '000000000000',
      DisplayName: '',
      SubscriptionsConfirmed: '0',
      SubscriptionsPending: '0',
      SubscriptionsDeleted: '0',
    });
    expect(Policy).toBe(
      `{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"${TOPIC_ARN}","Condition":{"StringEquals":{"AWS:SourceOwner":"000000000000"}}}]}`,
    );
    expect(JSON.parse(EffectiveDeliveryPolicy)).toMatchObject({
      http: { defaultHealthyRetryPolicy: { numRetries: 3 }, disableSubscriptionOverrides: false },
    });
  });

  test('keeps what it was given', async () => {
    const Attributes = { DisplayName: 'Orders', SignatureVersion: '2', TracingConfig: 'PassThrough' };
    await sns.call('CreateTopic', { Name: 'orders', Attributes });
    expect(await attributesOf()).toMatchObject(Attributes);
  });

  test.each(['', 'a:b', 'a b', 'ü', 'x'.repeat(257), 'orders.fifo'])('refuses the name %j', async (Name) => {
    expect(await sns.refusal('CreateTopic', { Name })).toBe('InvalidParameter: Invalid parameter: Topic Name');
  });

  test('takes a name of 256 characters', async () => {
    const Name = 'x'.repeat(256);
    expect(await sns.call('CreateTopic', { Name })).toEqual({ TopicArn: `arn:aws:sns:us-east-1:000000000000:${Name}` });
  });

  test('refuses a FIFO topic whose name does not end in .fifo', async () => {
    const refusal = await sns.refusal('CreateTopic', { Name: 'orders', Attributes: { FifoTopic: 'true' } });
    expect(refusal).toMatch(/^InvalidParameter: Fifo Topic names must end with \.fifo and must be made up of/);
  });

  test('refuses other tags or attributes than the topic has', async () => {
    await sns.call('CreateTopic', { Name: 'orders', Tags: [{ Key: 'team', Value: 'a' }] });
    expect(await sns.refusal('CreateTopic', { Name: 'orders', Tags: [{ Key: 'team', Value: 'b' }] })).toBe(
      'InvalidParameter: Invalid parameter: Tags Reason: Topic already exists with different tags',
    );
    expect(await sns.refusal('CreateTopic', { Name: 'orders', Attributes: { DisplayName: 'x' } })).toBe(
      'InvalidParameter: Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    );
  });
});

describe('attributes that are not executed are refused by name', () => {
  test.each([
    ['KmsMasterKeyId', 'alias/aws/sns'],
    ['ArchivePolicy', '{"MessageRetentionPeriod":1}'],
    ['SQSFailureFeedbackRoleArn', 'arn:aws:iam::000000000000:role/r'],
    ['LambdaSuccessFeedbackSampleRate', '10'],
    ['TracingConfig', 'Active'],
  ])('%s', async (AttributeName, AttributeValue) => {
    await sns.call('CreateTopic', { Name: 'orders' });
    const refusal = await sns.refusal('SetTopicAttributes', { TopicArn: TOPIC_ARN, AttributeName, AttributeValue });
    expect(refusal).toMatch(
      new RegExp(`^InvalidParameter: Invalid parameter: ${AttributeName} Reason: .* is not available on this server$`),
    );
    const empty = { TopicArn: TOPIC_ARN, AttributeName, AttributeValue: '' };
    expect(await sns.call('SetTopicAttributes', empty)).toEqual({});
  });

  test('a sample rate of 0, which Terraform sets, logs nothing and is fine', async () => {
    await sns.call('CreateTopic', { Name: 'orders' });
    const AttributeName = 'FirehoseSuccessFeedbackSampleRate';
    await sns.call('SetTopicAttributes', { TopicArn: TOPIC_ARN, AttributeName, AttributeValue: '0' });
    expect(await attributesOf()).not.toHaveProperty(AttributeName);
  });

  test('a data protection policy', async () => {
    await sns.call('CreateTopic', { Name: 'orders' });
    const put = { ResourceArn: TOPIC_ARN, DataProtectionPolicy: '{"Name":"p"}' };
    expect(await sns.refusal('PutDataProtectionPolicy', put)).toContain('DataProtectionPolicy Reason');
    expect(await sns.call('GetDataProtectionPolicy', { ResourceArn: TOPIC_ARN })).toEqual({});
  });
});

describe('SetTopicAttributes', () => {
  const set = (AttributeName: string, AttributeValue: string) => ({
    TopicArn: TOPIC_ARN,
    AttributeName,
    AttributeValue,
  });
  beforeEach(async () => {
    await sns.call('CreateTopic', { Name: 'orders' });
  });

  test('changes one attribute', async () => {
    await sns.call('SetTopicAttributes', set('DisplayName', 'Orders'));
    expect(await attributesOf()).toMatchObject({ DisplayName: 'Orders' });
    await sns.call('SetTopicAttributes', set('DisplayName', ''));
    expect(await attributesOf()).toMatchObject({ DisplayName: '' });
  });

  test('takes a policy that is one, and shows it as it was given', async () => {
    const policy = `{ "Version": "2012-10-17", "Statement": [{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sns:Publish","Resource":"${TOPIC_ARN}"}] }`;
    await sns.call('SetTopicAttributes', set('Policy', policy));
    expect((await attributesOf())['Policy']).toBe(policy);
  });

  test.each([
    ['Policy', 'not json', /^InvalidParameter: Invalid parameter: Policy Error: /],
    [
      'Policy',
      '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}',
      /action out of service scope!$/,
    ],
    ['SignatureVersion', '3', /SignatureVersion: Invalid value \[3\]/],
    ['FifoTopic', 'false', /^InvalidParameter: Invalid parameter: AttributeName$/],
    ['Colour', 'red', /^InvalidParameter: Invalid parameter: AttributeName$/],
    ['toString', 'x', /^InvalidParameter: Invalid parameter: AttributeName$/],
    ['ContentBasedDeduplication', 'true', /can only be set for FIFO topics/],
  ])('refuses %s = %s', async (name, value, text) => {
    expect(await sns.refusal('SetTopicAttributes', set(name, value))).toMatch(text);
  });
});

describe('topics that do not exist', () => {
  test.each(['GetTopicAttributes', 'ListSubscriptionsByTopic', 'Publish'])('%s is refused', async (operation) => {
    const input = { TopicArn: TOPIC_ARN, Message: 'x' };
    expect(await sns.refusal(operation, input)).toBe('NotFound: Topic does not exist');
  });

  test('an ARN that is none is refused with the number of its parts', async () => {
    expect(await sns.refusal('GetTopicAttributes', { TopicArn: 'orders' })).toBe(
      'InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
    );
    expect(await sns.refusal('Publish', { TopicArn: 'a:b', Message: 'x' })).toBe(
      'InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 2',
    );
  });

  test('a topic of another region is an invalid parameter', async () => {
    await sns.call('CreateTopic', { Name: 'orders' });
    const scope = scopeOf('000000000000', 'eu-west-1');
    expect(await sns.refusal('GetTopicAttributes', { TopicArn: TOPIC_ARN }, { scope })).toBe(
      'InvalidParameter: Invalid parameter: TopicArn',
    );
  });
});

test('DeleteTopic takes the subscriptions along, and deletes what does not exist', async () => {
  await sns.call('CreateTopic', { Name: 'orders' });
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:q';
  await sns.call('Subscribe', { TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint });
  await sns.call('DeleteTopic', { TopicArn: TOPIC_ARN });
  await sns.call('DeleteTopic', { TopicArn: TOPIC_ARN });
  expect(await sns.call('ListTopics', {})).toEqual({ Topics: [] });
  expect(await sns.call('ListSubscriptions', {})).toEqual({ Subscriptions: [] });
});

describe('ListTopics', () => {
  test('shows the topics of the account and region only', async () => {
    await sns.call('CreateTopic', { Name: 'orders' });
    await sns.call('CreateTopic', { Name: 'orders' }, { scope: scopeOf('111122223333', 'us-east-1') });
    await sns.call('CreateTopic', { Name: 'other' }, { scope: scopeOf('000000000000', 'eu-west-1') });
    expect(await sns.call('ListTopics', {})).toEqual({ Topics: [{ TopicArn: TOPIC_ARN }] });
  });

  test('gives a hundred at a time, and takes its own tokens only', async () => {
    for (let i = 0; i < 150; i += 1) await sns.call('CreateTopic', { Name: `t${i}` });
    const first = await sns.call<{ Topics: unknown[]; NextToken: string }>('ListTopics', {});
    expect(first.Topics).toHaveLength(100);
    const { NextToken } = first;
    const second = await sns.call<{ Topics: unknown[] }>('ListTopics', { NextToken });
    expect(second.Topics).toHaveLength(50);
    expect(new Set([...first.Topics, ...second.Topics].map((topic) => JSON.stringify(topic))).size).toBe(150);
    expect(second).not.toHaveProperty('NextToken');
    const other = { scope: scopeOf('111122223333', 'us-east-1') };
    expect(await sns.refusal('ListTopics', { NextToken }, other)).toBe(
      'InvalidParameter: Invalid parameter: NextToken',
    );
    expect(await sns.refusal('ListSubscriptions', { NextToken })).toContain('NextToken');
  });
});

describe('tags', () => {
  const tags = (...pairs: [string, string][]) => pairs.map(([Key, Value]) => ({ Key, Value }));
  const list = () => sns.call('ListTagsForResource', { ResourceArn: TOPIC_ARN });

  test('are added, replaced and removed', async () => {
    await sns.call('CreateTopic', { Name: 'orders', Tags: tags(['k1', 'v1'], ['k2', 'v2']) });
    await sns.call('TagResource', { ResourceArn: TOPIC_ARN, Tags: tags(['k2', 'v2b'], ['k3', 'v3']) });
    await sns.call('UntagResource', { ResourceArn: TOPIC_ARN, TagKeys: ['k1'] });
    expect(await list()).toEqual({ Tags: tags(['k2', 'v2b'], ['k3', 'v3']) });
  });

  test('have distinct keys, and there are at most fifty', async () => {
    await sns.call('CreateTopic', { Name: 'orders' });
    expect(await sns.refusal('TagResource', { ResourceArn: TOPIC_ARN, Tags: tags(['k', '1'], ['k', '2']) })).toBe(
      'InvalidParameter: Invalid parameter: Duplicated keys are not allowed.',
    );
    const many = tags(...Array.from({ length: 51 }, (_, i): [string, string] => [`k${i}`, 'v']));
    expect(await sns.refusal('TagResource', { ResourceArn: TOPIC_ARN, Tags: many })).toMatch(/^TagLimitExceeded/);
  });

  test('of a topic that does not exist', async () => {
    expect(await sns.refusal('ListTagsForResource', { ResourceArn: TOPIC_ARN })).toBe(
      'ResourceNotFound: Resource does not exist',
    );
  });
});

describe('AddPermission and RemovePermission', () => {
  const permission = { TopicArn: TOPIC_ARN, Label: 'others', AWSAccountId: ['111122223333'], ActionName: ['Publish'] };
  const statements = async () => JSON.parse((await attributesOf())['Policy'] ?? '').Statement as { Sid: string }[];
  beforeEach(async () => {
    await sns.call('CreateTopic', { Name: 'orders' });
  });

  test('add a statement to the policy and remove it', async () => {
    await sns.call('AddPermission', permission);
    expect((await statements()).at(-1)).toEqual({
      Sid: 'others',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'SNS:Publish',
      Resource: TOPIC_ARN,
    });
    await sns.call('RemovePermission', { TopicArn: TOPIC_ARN, Label: 'others' });
    expect((await statements()).map(({ Sid }) => Sid)).toEqual(['__default_statement_ID']);
  });

  test('a label is used once, and only actions on topics can be given', async () => {
    await sns.call('AddPermission', permission);
    expect(await sns.refusal('AddPermission', permission)).toBe(
      'InvalidParameter: Invalid parameter: Statement already exists',
    );
    expect(await sns.refusal('AddPermission', { ...permission, Label: 'x', ActionName: ['CreateTopic'] })).toBe(
      'InvalidParameter: Invalid parameter: Policy statement action out of service scope!',
    );
  });
});
