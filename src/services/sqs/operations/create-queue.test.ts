import { describe, expect, it } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { arnOf, SqsTest } from '../testing.ts';

const attributesOf = async (test: SqsTest, QueueUrl: string) =>
  (await test.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })).Attributes;

describe('queues', () => {
  it('SQS-QUE-01 a new queue has AWS’s defaults', async () => {
    const test = await SqsTest.open();
    const url = await test.queue('orders');
    expect(url).toBe('http://127.0.0.1:4566/000000000000/orders');
    expect(await attributesOf(test, url)).toEqual({
      QueueArn: arnOf('orders'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: '1768478400',
      LastModifiedTimestamp: '1768478400',
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'false',
    });
    const fifo = await test.queue('orders.fifo');
    expect(await attributesOf(test, fifo)).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    });
  });

  it('SQS-QUE-02 the URL starts with the address that the client used', async () => {
    const test = await SqsTest.open();
    const request = { baseUrl: 'http://eddy.internal:9999' };
    const { QueueUrl } = await test.call('CreateQueue', { QueueName: 'orders' }, { request });
    expect(QueueUrl).toBe('http://eddy.internal:9999/000000000000/orders');
  });

  it('SQS-QUE-03 creating again with the same attributes gives the same queue, with different ones is refused', async () => {
    const test = await SqsTest.open();
    const url = await test.queue('orders', { VisibilityTimeout: '45' });
    test.facts();
    expect(await test.queue('orders')).toBe(url);
    expect(await test.queue('orders', { VisibilityTimeout: '45', DelaySeconds: '0' })).toBe(url);
    expect(test.facts()).toEqual([]);
    const Attributes = { VisibilityTimeout: '45', DelaySeconds: '1' };
    expect(await test.refusal('CreateQueue', { QueueName: 'orders', Attributes })).toBe(
      'QueueAlreadyExists: A queue already exists with the same name and a different value for attribute DelaySeconds',
    );
  });

  const badName =
    'InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
  const badFifoName =
    'InvalidParameterValue: The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.';
  it.each([
    [undefined, {}, 'MissingParameter: The request must contain the parameter QueueName.'],
    ['a b', {}, badName],
    ['x'.repeat(81), {}, badName],
    ['orders.fifo', {}, badName],
    ['orders', { FifoQueue: 'true' }, badFifoName],
    [`${'x'.repeat(76)}.fifo`, { FifoQueue: 'true' }, badFifoName],
    ['orders', { FifoQueue: 'false' }, 'InvalidAttributeName: Unknown Attribute FifoQueue.'],
  ])('SQS-QUE-04 refuses the name %s with %j', async (QueueName, Attributes, text) => {
    const test = await SqsTest.open();
    expect(await test.refusal('CreateQueue', { QueueName, Attributes })).toBe(text);
  });

  it('SQS-QUE-05 accounts and regions do not see each other’s queues', async () => {
    const test = await SqsTest.open();
    await test.queue('orders');
    for (const scope of [scopeOf('111111111111', 'us-east-1'), scopeOf('000000000000', 'eu-west-1')]) {
      expect(await test.call('ListQueues', {}, { scope })).toEqual({});
      expect(await test.refusal('GetQueueUrl', { QueueName: 'orders' }, { scope })).toBe(
        'AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.',
      );
    }
    const other = { scope: scopeOf('111111111111', 'us-east-1') };
    const input = { QueueName: 'orders', QueueOwnerAWSAccountId: '000000000000' };
    expect(await test.call('GetQueueUrl', input, other)).toEqual({
      QueueUrl: 'http://127.0.0.1:4566/000000000000/orders',
    });
  });

  it('SQS-QUE-06 lists queues in order, by prefix and a page at a time', async () => {
    const test = await SqsTest.open();
    for (const name of ['b', 'a-1', 'a-2', 'a-3']) await test.queue(name);
    const names = (urls: readonly string[] | undefined) =>
      (urls ?? []).map((url) => url.slice(url.lastIndexOf('/') + 1));
    expect(names((await test.call('ListQueues', {})).QueueUrls)).toEqual(['a-1', 'a-2', 'a-3', 'b']);
    const first = await test.call('ListQueues', { QueueNamePrefix: 'a', MaxResults: 2 });
    expect(names(first.QueueUrls)).toEqual(['a-1', 'a-2']);
    const { NextToken } = first;
    const second = await test.call('ListQueues', { QueueNamePrefix: 'a', MaxResults: 2, NextToken });
    expect(second.NextToken).toBeUndefined();
    expect(names(second.QueueUrls)).toEqual(['a-3']);
    expect(await test.refusal('ListQueues', { QueueNamePrefix: 'b', MaxResults: 2, NextToken })).toContain(
      'for parameter NextToken is invalid.',
    );
    expect(await test.refusal('ListQueues', { MaxResults: 1001 })).toContain('for parameter MaxResults is invalid.');
  });

  it('SQS-QUE-07 a deleted queue is gone with its messages; the name is free again', async () => {
    const test = await SqsTest.open();
    const url = await test.queue('orders');
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'm' });
    await test.call('DeleteQueue', { QueueUrl: url });
    expect(await test.refusal('DeleteQueue', { QueueUrl: url })).toBe(
      'AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.',
    );
    await test.cell.advance(0);
    expect(test.cell.cell.payloads.count).toBe(0);
    expect(await test.counts(await test.queue('orders'))).toBe('0 0 0');
    const again = await test.restart({ clean: true });
    expect(await again.counts(url)).toBe('0 0 0');
  });

  it('SQS-QUE-08 with AWS’s quotas a deleted name is blocked for 60 seconds', async () => {
    const test = await SqsTest.open({ limits: { mode: 'aws' } });
    const url = await test.queue('orders');
    await test.call('DeleteQueue', { QueueUrl: url });
    expect(await test.refusal('CreateQueue', { QueueName: 'orders' })).toBe(
      'AWS.SimpleQueueService.QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
    await test.cell.advance(60_000);
    await test.queue('orders');
  });

  it('SQS-TAG-01 keeps tags, and refuses those that AWS would not take', async () => {
    const test = await SqsTest.open();
    const { QueueUrl } = await test.call('CreateQueue', { QueueName: 'orders', tags: { team: 'a', tier: '' } });
    await test.call('TagQueue', { QueueUrl, Tags: { team: 'b', more: 'c' } });
    await test.call('UntagQueue', { QueueUrl, TagKeys: ['tier', 'none'] });
    expect(await test.call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { team: 'b', more: 'c' } });
    await test.call('UntagQueue', { QueueUrl, TagKeys: ['team', 'more'] });
    expect(await test.call('ListQueueTags', { QueueUrl })).toEqual({});
    expect(await test.refusal('TagQueue', { QueueUrl, Tags: { 'aws:x': 'y' } })).toContain(
      'the prefix aws: is reserved',
    );
    const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, 'v']));
    expect(await test.refusal('TagQueue', { QueueUrl, Tags })).toBe(
      'InvalidParameterValue: Too many tags added for queue orders.',
    );
  });
});
