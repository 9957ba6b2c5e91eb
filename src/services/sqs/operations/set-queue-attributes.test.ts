import { describe, expect, it } from 'vitest';
import { arnOf, SqsTest } from '../testing.ts';

async function queue(name = 'orders') {
  const test = await SqsTest.open();
  const url = await test.queue(name);
  const set = (Attributes: Record<string, string>) => test.call('SetQueueAttributes', { QueueUrl: url, Attributes });
  const refused = (Attributes: Record<string, string>) =>
    test.refusal('SetQueueAttributes', { QueueUrl: url, Attributes });
  const get = async (...AttributeNames: string[]) =>
    (await test.call('GetQueueAttributes', { QueueUrl: url, AttributeNames })).Attributes;
  return { test, url, set, refused, get };
}

describe('queue attributes', () => {
  it('SQS-ATR-01 changes take effect at once and are dated', async () => {
    const { test, url, set, get } = await queue();
    await test.cell.advance(5_000);
    await set({ VisibilityTimeout: '5', MaximumMessageSize: '2048' });
    expect(await get('VisibilityTimeout', 'MaximumMessageSize', 'LastModifiedTimestamp', 'CreatedTimestamp')).toEqual({
      VisibilityTimeout: '5',
      MaximumMessageSize: '2048',
      LastModifiedTimestamp: '1768478405',
      CreatedTimestamp: '1768478400',
    });
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'm' });
    await test.receive(url);
    await test.cell.advance(5_000);
    expect(await test.bodies(url)).toEqual(['m']);
  });

  it.each([
    ['VisibilityTimeout', '43201'],
    ['VisibilityTimeout', '-1'],
    ['VisibilityTimeout', 'soon'],
    ['DelaySeconds', '901'],
    ['ReceiveMessageWaitTimeSeconds', '21'],
    ['MessageRetentionPeriod', '59'],
    ['MessageRetentionPeriod', '1209601'],
    ['MaximumMessageSize', '1023'],
    ['MaximumMessageSize', '1048577'],
  ])('SQS-ATR-02 refuses %s of %s', async (name, value) => {
    const { refused } = await queue();
    expect(await refused({ [name]: value })).toBe(`InvalidAttributeValue: Invalid value for the parameter ${name}.`);
  });

  it('SQS-ATR-03 refuses attributes that do not exist, are not for setting, or are for the other type of queue', async () => {
    const { refused, test, url } = await queue();
    for (const name of ['Colour', 'QueueArn', 'ApproximateNumberOfMessages', 'FifoQueue']) {
      expect(await refused({ [name]: '1' })).toBe(`InvalidAttributeName: Unknown Attribute ${name}.`);
    }
    expect(await refused({ DeduplicationScope: 'queue' })).toBe(
      'InvalidAttributeName: You can specify the DeduplicationScope only when FifoQueue is set to true.',
    );
    expect(await test.refusal('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['Colour'] })).toBe(
      'InvalidAttributeName: Unknown Attribute Colour.',
    );
    const fifo = await queue('orders.fifo');
    expect(await fifo.refused({ FifoQueue: 'false' })).toBe(
      'InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    );
  });

  it('SQS-ATR-04 shows only what was asked for, and nothing when nothing was', async () => {
    const { get } = await queue();
    expect(await get()).toBeUndefined();
    expect(await get('Policy')).toBeUndefined();
    expect(await get('QueueArn')).toEqual({ QueueArn: arnOf('orders') });
  });

  it('SQS-ATR-05 high throughput needs both of its settings', async () => {
    const { refused, set, get } = await queue('orders.fifo');
    expect(await refused({ FifoThroughputLimit: 'perMessageGroupId' })).toContain(
      'Reason: To set FifoThroughputLimit to perMessageGroupId, the DeduplicationScope must be messageGroup.',
    );
    await set({ FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' });
    expect(await get('FifoThroughputLimit')).toEqual({ FifoThroughputLimit: 'perMessageGroupId' });
    expect(await refused({ DeduplicationScope: 'queue' })).toContain('FifoThroughputLimit');
  });

  it('SQS-SSE-01 encryption is refused, not stored; what changes nothing is taken', async () => {
    const { refused, set, get } = await queue();
    expect(await refused({ KmsMasterKeyId: 'alias/aws/sqs' })).toBe(
      'InvalidAttributeValue: Invalid value for the parameter KmsMasterKeyId. Reason: Server-side encryption with KMS keys is not available on this server.',
    );
    expect(await refused({ SqsManagedSseEnabled: 'true' })).toBe(
      'InvalidAttributeValue: Invalid value for the parameter SqsManagedSseEnabled. Reason: Server-side encryption is not available on this server.',
    );
    await set({ KmsMasterKeyId: '', KmsDataKeyReusePeriodSeconds: '300', SqsManagedSseEnabled: 'false' });
    expect(await get('KmsMasterKeyId', 'SqsManagedSseEnabled')).toEqual({ SqsManagedSseEnabled: 'false' });
  });

  it('SQS-POL-01 keeps a policy as it was given, refuses one that is none, and takes the empty text as removal', async () => {
    const { refused, set, get } = await queue();
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arnOf('orders'),
        },
      ],
    });
    await set({ Policy });
    expect(await get('Policy')).toEqual({ Policy });
    expect(await refused({ Policy: '{"Statement": 3}' })).toMatch(
      /^InvalidAttributeValue: Invalid value for the parameter Policy\./,
    );
    expect(await get('Policy')).toEqual({ Policy });
    await set({ Policy: '' });
    expect(await get('Policy')).toBeUndefined();
  });

  it('SQS-POL-02 adds and removes permissions as statements of the policy', async () => {
    const { test, url, get } = await queue();
    const add = { QueueUrl: url, Label: 'other', AWSAccountIds: ['111111111111'], Actions: ['ReceiveMessage'] };
    await test.call('AddPermission', add);
    const { Policy } = (await get('Policy')) as { Policy: string };
    expect(JSON.parse(Policy)).toEqual({
      Version: '2008-10-17',
      Id: `${arnOf('orders')}/SQSDefaultPolicy`,
      Statement: [
        {
          Sid: 'other',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          Action: 'SQS:ReceiveMessage',
          Resource: arnOf('orders'),
        },
      ],
    });
    expect(await test.refusal('AddPermission', add)).toBe(
      'InvalidParameterValue: Value other for parameter Label is invalid. Reason: Already exists.',
    );
    expect(await test.refusal('AddPermission', { ...add, Label: 'x', Actions: ['DeleteQueue'] })).toBe(
      'InvalidParameterValue: Value SQS:DeleteQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.',
    );
    await test.call('RemovePermission', { QueueUrl: url, Label: 'other' });
    expect(await get('Policy')).toBeUndefined();
    expect(await test.refusal('RemovePermission', { QueueUrl: url, Label: 'other' })).toBe(
      "InvalidParameterValue: Value other for parameter Label is invalid. Reason: can't find label.",
    );
  });

  it.each(['PurgeQueue', 'ListDeadLetterSourceQueues'])(
    'SQS-POL-02 lets %s be shared, which AWS does not keep for the owner',
    async (action) => {
      const { test, url, get } = await queue();
      const add = { QueueUrl: url, Label: 'other', AWSAccountIds: ['111111111111'], Actions: [action] };
      await test.call('AddPermission', add);
      const { Policy } = (await get('Policy')) as { Policy: string };
      expect(JSON.parse(Policy)).toMatchObject({ Statement: [{ Action: `SQS:${action}` }] });
    },
  );
});
