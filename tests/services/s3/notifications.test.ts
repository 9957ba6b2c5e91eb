// Events of objects to queues, topics, functions and the default bus, with the rooms that own them, in one cell.

import { beforeEach, describe, expect, test } from 'vitest';
import { defineService } from '#cell/service-definition.ts';
import type { HandOver, TargetProblem } from '#cell/target.ts';
import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { events } from '#services/events/service.ts';
import { iam } from '#services/iam/service.ts';
import { s3 } from '#services/s3/service.ts';
import { bodyOf } from '#services/s3/testing.ts';
import { sns } from '#services/sns/service.ts';
import { sqs } from '#services/sqs/service.ts';
import { sts } from '#services/sts/service.ts';

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:events';
const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:events';
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:missing';
let cell: TestCell;
let queueUrl: string;

type Message = { Body: string };

const policy = (action: string, resource: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: action,
        Resource: resource,
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::orders' } },
      },
    ],
  });

beforeEach(async () => {
  cell = await testCell([deliveries, s3, sqs, sns, events, iam, sts], { iamMode: 'enforce' });
  await cell.call('s3', 'CreateBucket', { Bucket: 'orders' });
  const Attributes = { Policy: policy('sqs:SendMessage', QUEUE_ARN) };
  ({ QueueUrl: queueUrl } = await cell.call<{ QueueUrl: string }>('sqs', 'CreateQueue', {
    QueueName: 'events',
    Attributes,
  }));
});

const call = <O = Record<string, unknown>>(operation: string, input: object) =>
  cell.call<O>('s3', operation, { Bucket: 'orders', ...input });

const configure = (NotificationConfiguration: object, rest: object = {}) =>
  call('PutBucketNotificationConfiguration', { NotificationConfiguration, ...rest });

async function refusal(NotificationConfiguration: object): Promise<unknown> {
  const input = { Bucket: 'orders', NotificationConfiguration };
  const reply = await cell.reply('s3', 'PutBucketNotificationConfiguration', input);
  return 'refused' in reply ? { message: reply.refused.message, ...reply.refused.members } : 'not refused';
}

async function received(): Promise<Record<string, unknown>[]> {
  const input = { QueueUrl: queueUrl, MaxNumberOfMessages: 10 };
  const { Messages = [] } = await cell.call<{ Messages?: Message[] }>('sqs', 'ReceiveMessage', input);
  return Messages.map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
}

const records = async (): Promise<object[]> => (await received()).flatMap(({ Records = [] }) => Records as object[]);

const queue = (Events: string[], Filter?: object) => ({
  QueueConfigurations: [{ Id: 'rule', QueueArn: QUEUE_ARN, Events, ...(Filter === undefined ? {} : { Filter }) }],
});

describe('a queue', () => {
  test('tells what a page posted from what was put', async () => {
    await configure(queue(['s3:ObjectCreated:Post']));
    await received();
    await call('PutObject', { Key: 'put', Body: bodyOf('x') });
    await call('PutObject', { Key: 'posted', Body: bodyOf('x'), isPostedForm: true });
    expect(await records()).toMatchObject([{ eventName: 'ObjectCreated:Post', s3: { object: { key: 'posted' } } }]);
  });

  test('gets a test event, then an event for each object that the filter lets through', async () => {
    const FilterRules = [
      { Name: 'prefix', Value: 'in/' },
      { Name: 'SUFFIX', Value: '.txt' },
    ];
    await configure(queue(['s3:ObjectCreated:*'], { Key: { FilterRules } }));
    expect(await received()).toMatchObject([{ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'orders' }]);
    await call('PutObject', { Key: 'in/a b@ü.txt', Body: bodyOf('hello') });
    await call('PutObject', { Key: 'out/a.txt', Body: bodyOf('x') });
    await call('PutObject', { Key: 'in/a.csv', Body: bodyOf('x') });
    expect(await records()).toEqual([
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: expect.stringMatching(/^\d{4}-.*Z$/),
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: expect.any(String) },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'rule',
          bucket: { name: 'orders', ownerIdentity: { principalId: expect.any(String) }, arn: 'arn:aws:s3:::orders' },
          object: {
            key: 'in/a+b%40%C3%BC.txt',
            size: 5,
            eTag: '5d41402abc4b2a76b9719d911017c592',
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
        },
      },
    ]);
  });

  test('gets copies, deletes, markers and tags under their names, in the order of their sequencers', async () => {
    await configure(queue(['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:ObjectTagging:*']));
    await received();
    await call('PutObject', { Key: 'k', Body: bodyOf('x') });
    await call('CopyObject', { Key: 'copy', CopySource: 'orders/k' });
    await call('PutObjectTagging', { Key: 'k', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } });
    await call('DeleteObjectTagging', { Key: 'k' });
    await call('DeleteObject', { Key: 'k' });
    await call('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } });
    await call('DeleteObject', { Key: 'copy' });
    const got = (await records()) as { eventName: string; s3: { object: { sequencer?: string } } }[];
    expect(got.map(({ eventName }) => eventName)).toEqual([
      'ObjectCreated:Put',
      'ObjectCreated:Copy',
      'ObjectTagging:Put',
      'ObjectTagging:Delete',
      'ObjectRemoved:Delete',
      'ObjectRemoved:DeleteMarkerCreated',
    ]);
    const sequencers = got.flatMap(({ s3: { object } }) => object.sequencer ?? []);
    expect(sequencers).toEqual([...sequencers].sort());
    expect(new Set(sequencers).size).toBe(4);
  });

  test('that is gone by then leaves a fact that says so, and the object is written', async () => {
    await configure(queue(['s3:ObjectCreated:Put']));
    await cell.call('sqs', 'DeleteQueue', { QueueUrl: queueUrl });
    cell.takeFacts();
    await call('PutObject', { Key: 'k', Body: bodyOf('x') });
    expect(cell.takeFacts()).toContainEqual({
      name: 'EventNotified',
      fact: expect.objectContaining({ targetArn: QUEUE_ARN, failure: expect.stringContaining('NonExistentQueue') }),
    });
  });
});

describe('a configuration is refused', () => {
  test('when the destination is missing or its policy does not let S3 in', async () => {
    await cell.call('sqs', 'SetQueueAttributes', { QueueUrl: queueUrl, Attributes: { Policy: '' } });
    expect(await refusal(queue(['s3:ObjectCreated:*']))).toEqual({
      message: 'Unable to validate the following destination configurations',
      ArgumentName1: QUEUE_ARN,
      ArgumentValue1: 'Permissions on the destination queue do not allow S3 to publish notifications from this bucket',
    });
    const TopicConfigurations = [{ TopicArn: TOPIC_ARN, Events: ['s3:ObjectCreated:*'] }];
    expect(await refusal({ TopicConfigurations })).toMatchObject({
      ArgumentValue1: 'The destination topic does not exist',
    });
    expect(await call('GetBucketNotificationConfiguration', {})).toEqual({});
    const LambdaFunctionConfigurations = [{ LambdaFunctionArn: FUNCTION_ARN, Events: ['s3:ObjectCreated:*'] }];
    await configure({ TopicConfigurations, LambdaFunctionConfigurations: [] }, { SkipDestinationValidation: true });
    expect(await refusal({ LambdaFunctionConfigurations })).toMatchObject({ message: expect.any(String) });
  });

  test('when an ARN, an event or a filter is none', async () => {
    const wrong = (rule: object) => refusal({ QueueConfigurations: [{ Events: ['s3:ObjectCreated:*'], ...rule }] });
    expect(await wrong({ QueueArn: 'nonsense' })).toMatchObject({ message: 'The ARN could not be parsed' });
    expect(await wrong({ QueueArn: TOPIC_ARN })).toMatchObject({ message: 'The ARN could not be parsed' });
    expect(await wrong({ QueueArn: QUEUE_ARN, Events: ['s3:Nothing'] })).toMatchObject({
      message: 'The event is not supported for notifications',
    });
    expect(await wrong({ QueueArn: QUEUE_ARN, Events: ['ObjectCreated:*'] })).toMatchObject({ ArgumentName: 'Event' });
    const Filter = { Key: { FilterRules: [{ Name: 'middle', Value: 'x' }] } };
    expect(await wrong({ QueueArn: QUEUE_ARN, Filter })).toMatchObject({
      message: 'filter rule name must be either prefix or suffix',
    });
    expect(await wrong({ QueueArn: QUEUE_ARN, Events: [] })).toMatchObject({ message: expect.stringContaining('XML') });
  });

  test('when two rules take the same event of the same key', async () => {
    const rule = (Id: string, event: string, prefix?: string) => ({
      Id,
      QueueArn: QUEUE_ARN,
      Events: [event],
      ...(prefix === undefined ? {} : { Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: prefix }] } } }),
    });
    const both = (...QueueConfigurations: object[]) => refusal({ QueueConfigurations });
    const all = rule('a', 's3:ObjectCreated:*');
    expect(await both(all, rule('b', 's3:ObjectCreated:Put'))).toMatchObject({
      message: expect.stringContaining('Configurations overlap'),
    });
    expect(await both(rule('a', 's3:ObjectCreated:*', 'in/'), rule('b', 's3:ObjectCreated:Put', 'in/x'))).toMatchObject(
      {
        message: expect.stringContaining('ambiguously defined'),
      },
    );
    expect(await both(rule('a', 's3:ObjectCreated:*', 'in/'), rule('b', 's3:ObjectCreated:*', 'out/'))).toBe(
      'not refused',
    );
    expect(await both(all, rule('b', 's3:ObjectRemoved:*'))).toBe('not refused');
  });
});

test('a topic publishes the event under the subject that AWS gives it', async () => {
  await cell.call('sns', 'CreateTopic', { Name: 'events' });
  const AttributeValue = policy('sns:Publish', TOPIC_ARN);
  await cell.call('sns', 'SetTopicAttributes', { TopicArn: TOPIC_ARN, AttributeName: 'Policy', AttributeValue });
  const Policy = policy('sqs:SendMessage', QUEUE_ARN).replaceAll('s3.amazonaws.com', 'sns.amazonaws.com');
  const open = Policy.replace('arn:aws:s3:::orders', TOPIC_ARN);
  await cell.call('sqs', 'SetQueueAttributes', { QueueUrl: queueUrl, Attributes: { Policy: open } });
  await cell.call('sns', 'Subscribe', { TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint: QUEUE_ARN });
  await configure({ TopicConfigurations: [{ TopicArn: TOPIC_ARN, Events: ['s3:ObjectCreated:Put'] }] });
  await call('PutObject', { Key: 'k', Body: bodyOf('x') });
  const got = (await received()) as { Subject: string; Message: string }[];
  expect(got.map(({ Subject }) => Subject)).toEqual(['Amazon S3 Notification', 'Amazon S3 Notification']);
  expect(JSON.parse(got[1]?.Message ?? '')).toMatchObject({ Records: [{ eventName: 'ObjectCreated:Put' }] });
});

test('the default bus of the bucket gets events of every kind, with keys as they are', async () => {
  const pattern = JSON.stringify({ source: ['aws.s3'], detail: { bucket: { name: ['orders'] } } });
  await cell.call('events', 'PutRule', { Name: 'all', EventPattern: pattern });
  const Targets = [{ Id: 'q', Arn: QUEUE_ARN }];
  const open = policy('sqs:SendMessage', QUEUE_ARN).replace('s3.amazonaws.com', 'events.amazonaws.com');
  const Policy = open.replace('arn:aws:s3:::orders', 'arn:aws:events:us-east-1:000000000000:rule/all');
  await cell.call('sqs', 'SetQueueAttributes', { QueueUrl: queueUrl, Attributes: { Policy } });
  await cell.call('events', 'PutTargets', { Rule: 'all', Targets });
  await call('PutObject', { Key: 'silent', Body: bodyOf('x') });
  await configure({ EventBridgeConfiguration: {} });
  await call('PutObject', { Key: 'a b', Body: bodyOf('hello') });
  await call('DeleteObject', { Key: 'a b' });
  const got = await received();
  expect(got).toMatchObject([
    {
      'detail-type': 'Object Created',
      source: 'aws.s3',
      resources: ['arn:aws:s3:::orders'],
      account: '000000000000',
      detail: {
        version: '0',
        bucket: { name: 'orders' },
        object: { key: 'a b', size: 5, etag: '5d41402abc4b2a76b9719d911017c592', sequencer: expect.any(String) },
        requester: '000000000000',
        'source-ip-address': '127.0.0.1',
        reason: 'PutObject',
      },
    },
    { 'detail-type': 'Object Deleted', detail: { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' } },
  ]);
});

test('a function gets the event as its own, once it lets S3 in', async () => {
  const taken: HandOver[] = [];
  let problem: TargetProblem | undefined = { reason: 'denied', detail: 'no statement allows it' };
  const functions = defineService<object>({
    name: 'lambda',
    createState: () => ({}),
    tables: () => [],
    facts: [],
    operations: {},
    doors: () => ({
      target: {
        accept(_turn, handOver) {
          taken.push(handOver);
          return { accepted: true };
        },
        problem: () => problem,
      },
    }),
  });
  cell = await testCell([deliveries, s3, functions], {});
  await call('CreateBucket', {});
  const LambdaFunctionConfigurations = [{ LambdaFunctionArn: FUNCTION_ARN, Events: ['s3:ObjectCreated:*'] }];
  expect(await refusal({ LambdaFunctionConfigurations })).toMatchObject({
    ArgumentValue1: `Not authorized to invoke function [${FUNCTION_ARN}]`,
  });
  problem = undefined;
  await configure({ LambdaFunctionConfigurations });
  expect(taken).toEqual([]);
  await call('PutObject', { Key: 'k', Body: bodyOf('x') });
  expect(taken).toMatchObject([
    {
      targetArn: FUNCTION_ARN,
      sourceArn: 'arn:aws:s3:::orders',
      principal: { kind: 'service', service: 's3.amazonaws.com', account: '000000000000' },
      content: { kind: 'event', text: expect.stringContaining('"eventName":"ObjectCreated:Put"') },
    },
  ]);
});

test('lifecycle rules remove at midnight, and tell so', async () => {
  await configure(queue(['s3:LifecycleExpiration:*']));
  await received();
  const Rules = [{ ID: 'tmp', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } }];
  await call('PutBucketLifecycleConfiguration', { LifecycleConfiguration: { Rules } });
  const put = await call('PutObject', { Key: 'tmp/a', Body: bodyOf('x') });
  expect(put).toMatchObject({ Expiration: expect.stringMatching(/^expiry-date=".* 00:00:00 GMT", rule-id="tmp"$/) });
  await call('PutObject', { Key: 'kept', Body: bodyOf('x') });
  await cell.advance(24 * 3_600_000 - 1);
  expect(await records()).toEqual([]);
  await cell.advance(24 * 3_600_000);
  expect(await records()).toMatchObject([
    {
      eventVersion: '2.3',
      eventName: 'LifecycleExpiration:Delete',
      userIdentity: { principalId: 's3.amazonaws.com' },
      s3: { object: { key: 'tmp/a' } },
    },
  ]);
  const { Contents } = await call<{ Contents: { Key: string }[] }>('ListObjectsV2', {});
  expect(Contents.map(({ Key }) => Key)).toEqual(['kept']);
});
