import { describe, expect, it } from 'vitest';
import { arnOf, SqsTest } from './testing.ts';

const redrive = (name: string, maxReceiveCount: number | string = 1): Record<string, string> => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount }),
});

async function withDeadLetters(fifo = '') {
  const test = await SqsTest.open();
  const dead = await test.queue(`dead${fifo}`);
  const content: Record<string, string> = fifo === '' ? {} : { ContentBasedDeduplication: 'true' };
  const url = await test.queue(`orders${fifo}`, { VisibilityTimeout: '10', ...content, ...redrive(`dead${fifo}`) });
  return { test, url, dead };
}

describe('dead letters', () => {
  it('SQS-DLQ-01 a message that was received maxReceiveCount times is moved when it would be received again', async () => {
    const { test, url, dead } = await withDeadLetters();
    const { MessageId } = await test.call('SendMessage', { QueueUrl: url, MessageBody: 'poison' });
    expect(await test.bodies(url)).toEqual(['poison']);
    await test.cell.advance(10_000);
    expect(await test.counts(url)).toBe('1 0 0');
    test.facts();
    expect(await test.bodies(url)).toEqual([]);
    expect(test.facts()).toEqual(['TextNumbered', 'MessageDeadLettered']);
    expect(await test.counts(url)).toBe('0 0 0');
    const [letter] = await test.receive(dead, { AttributeNames: ['All'] });
    expect(letter).toMatchObject({
      MessageId,
      Body: 'poison',
      Attributes: {
        DeadLetterQueueSourceArn: arnOf('orders'),
        // Receives count across all queues, and a standard queue's dead letter keeps its age.
        ApproximateReceiveCount: '2',
        SentTimestamp: '1768478400000',
        ApproximateFirstReceiveTimestamp: '1768478400000',
      },
    });
  });

  it('SQS-DLQ-02 the healthy messages behind a dead one are given in the same receive', async () => {
    const { test, url } = await withDeadLetters();
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'poison' });
    await test.receive(url);
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'healthy', DelaySeconds: 11 });
    await test.cell.advance(11_000);
    expect(await test.bodies(url, { WaitTimeSeconds: 20 })).toEqual(['healthy']);
  });

  it('SQS-DLQ-03 wakes who waits at the dead-letter queue', async () => {
    const { test, url, dead } = await withDeadLetters();
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'poison' });
    await test.receive(url);
    const poll = test.start('ReceiveMessage', { QueueUrl: dead, WaitTimeSeconds: 20 });
    await test.cell.advance(10_000);
    expect(poll.reply).toBeUndefined();
    await test.receive(url);
    expect(poll.reply).toMatchObject({ output: { Messages: [{ Body: 'poison' }] } });
  });

  it('SQS-DLQ-04 of a FIFO queue the age starts anew, and the group goes on', async () => {
    const { test, url, dead } = await withDeadLetters('.fifo');
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'poison', MessageGroupId: 'g' });
    await test.receive(url);
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'next', MessageGroupId: 'g' });
    await test.cell.advance(10_000);
    expect(await test.bodies(url)).toEqual(['next']);
    const [letter] = await test.receive(dead, {
      AttributeNames: ['SentTimestamp', 'MessageGroupId', 'MessageDeduplicationId'],
    });
    expect(letter).toMatchObject({
      Body: 'poison',
      Attributes: { SentTimestamp: '1768478410000', MessageGroupId: 'g', MessageDeduplicationId: letter?.MessageId },
    });
  });

  it('SQS-DLQ-01 in a chain each queue gives the message as often as its own policy says, whatever it was received before', async () => {
    const test = await SqsTest.open();
    const last = await test.queue('last');
    const again = await test.queue('again', { VisibilityTimeout: '0', ...redrive('last', '1') });
    const first = await test.queue('first', { VisibilityTimeout: '0', ...redrive('again', '3') });
    await test.call('SendMessage', { QueueUrl: first, MessageBody: 'm' });
    const counts: string[][] = [];
    for (const url of [first, first, first, first, again, again, last]) {
      const messages = await test.receive(url, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
      counts.push(messages.map(({ Attributes }) => Attributes?.ApproximateReceiveCount as string));
    }
    expect(counts).toEqual([['1'], ['2'], ['3'], [], ['4'], [], ['5']]);
  });

  it('SQS-DLQ-05 without its dead-letter queue a message is given again rather than lost', async () => {
    const { test, url, dead } = await withDeadLetters();
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'poison' });
    await test.receive(url);
    await test.call('DeleteQueue', { QueueUrl: dead });
    await test.cell.advance(10_000);
    expect(await test.bodies(url)).toEqual(['poison']);
  });

  const reason = (policy: string, text: string) =>
    `InvalidParameterValue: Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${text}`;

  it.each([
    ['no map', '[]', 'Redrive policy is not a valid JSON map.'],
    ['not JSON', '{', 'Redrive policy is not a valid JSON map.'],
    ['no target', '{"maxReceiveCount":1}', 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.'],
    [
      'no count',
      `{"deadLetterTargetArn":"${arnOf('dead')}"}`,
      'Redrive policy does not contain mandatory attribute: maxReceiveCount.',
    ],
    [
      'a count of 0',
      `{"deadLetterTargetArn":"${arnOf('dead')}","maxReceiveCount":0}`,
      'Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.',
    ],
    // AWS's text: LocalStack, test_invalid_dead_letter_arn_rejected_before_lookup.
    ['no ARN', '{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}', 'Invalid value for deadLetterTargetArn.'],
    [
      'an ARN of another service',
      '{"deadLetterTargetArn": "arn:aws:sns:us-east-1:000000000000:dead", "maxReceiveCount": 42}',
      'Only SQS queues are valid resources for deadLetterTargetArn',
    ],
    [
      'a queue of another region',
      '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:000000000000:dead", "maxReceiveCount": 42}',
      'Dead-letter target must be in same region as the source.',
    ],
    [
      "another account's queue",
      '{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:111111111111:dead", "maxReceiveCount": 42}',
      'Dead-letter target owner should be same as the source.',
    ],
    [
      'something more',
      `{"deadLetterTargetArn":"${arnOf('dead')}","maxReceiveCount":1,"x":1}`,
      'Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].',
    ],
    [
      'a missing queue',
      `{"deadLetterTargetArn":"${arnOf('none')}","maxReceiveCount":1}`,
      'Dead letter target does not exist.',
    ],
    [
      'a queue of the other type',
      `{"deadLetterTargetArn":"${arnOf('dead.fifo')}","maxReceiveCount":1}`,
      'Dead-letter queue must be same type of queue as the source.',
    ],
    [
      'the queue itself',
      `{"deadLetterTargetArn":"${arnOf('orders')}","maxReceiveCount":1}`,
      'Dead-letter queue must be a different queue than the source.',
    ],
  ])('SQS-DLQ-06 refuses a redrive policy with %s', async (_what, policy, text) => {
    const test = await SqsTest.open();
    await test.queue('dead');
    await test.queue('dead.fifo');
    const url = await test.queue('orders');
    const input = { QueueUrl: url, Attributes: { RedrivePolicy: policy } };
    expect(await test.refusal('SetQueueAttributes', input)).toBe(reason(policy, text));
  });

  it('SQS-DLQ-07 a redrive-allow policy decides whose dead letters a queue takes', async () => {
    const test = await SqsTest.open();
    const allow = (policy: object) => ({ RedriveAllowPolicy: JSON.stringify(policy) });
    await test.queue('denies', allow({ redrivePermission: 'denyAll' }));
    await test.queue('chooses', allow({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf('orders')] }));
    await test.queue('orders', redrive('chooses'));
    expect(await test.refusal('CreateQueue', { QueueName: 'b', Attributes: redrive('chooses') })).toContain(
      'Dead letter target does not allow this queue as a source',
    );
    expect(await test.refusal('CreateQueue', { QueueName: 'b', Attributes: redrive('denies') })).toContain(
      'Dead letter target does not allow this queue as a source',
    );
  });

  const unsupported =
    "InvalidAttributeValue: Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.";
  const because = (text: string) => (policy: string) =>
    `InvalidParameterValue: Value ${policy} for parameter RedriveAllowPolicy is invalid. Reason: ${text}`;

  it.each<[string, string, string | ((policy: string) => string)]>([
    ['no map', '[]', unsupported],
    ['not JSON', '{', unsupported],
    ['no permission', '{}', unsupported],
    ['another permission', '{"redrivePermission":"allowSome"}', unsupported],
    ['something more', '{"redrivePermission":"allowAll","x":1}', unsupported],
    ['sources that are no texts', '{"redrivePermission":"byQueue","sourceQueueArns":[1]}', unsupported],
    [
      'no sources',
      '{"redrivePermission":"byQueue"}',
      because(
        "Amazon SQS can't create the redrive allow policy. When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.",
      ),
    ],
    [
      'eleven sources',
      JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: Array.from({ length: 11 }, () => arnOf('a')) }),
      because(
        "Amazon SQS can't create the redrive allow policy. The maximum number of source queue ARNs you can specify is 10.",
      ),
    ],
    [
      'sources that do not matter',
      JSON.stringify({ redrivePermission: 'denyAll', sourceQueueArns: [arnOf('a')] }),
      because(
        "Amazon SQS can't create the redrive allow policy. To specify one or more source queue ARNs, you must set redrivePermission to byQueue.",
      ),
    ],
    [
      'sources of another region',
      '{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:eu-west-1:000000000000:a"]}',
      because('All source queue ARNs must be in the same region as the current SQS queue.'),
    ],
  ])('SQS-DLQ-07 refuses a redrive-allow policy with %s', async (_what, policy, expected) => {
    const test = await SqsTest.open();
    const input = { QueueName: 'b', Attributes: { RedriveAllowPolicy: policy } };
    expect(await test.refusal('CreateQueue', input)).toBe(typeof expected === 'string' ? expected : expected(policy));
  });

  it('SQS-DLQ-08 lists the sources of a dead-letter queue, a page at a time', async () => {
    const test = await SqsTest.open();
    const dead = await test.queue('dead');
    for (const name of ['c', 'a', 'b']) await test.queue(name, redrive('dead', '3'));
    await test.queue('d');
    const url = (name: string) => `http://127.0.0.1:4566/000000000000/${name}`;
    expect(await test.call('ListDeadLetterSourceQueues', { QueueUrl: dead })).toEqual({
      queueUrls: [url('a'), url('b'), url('c')],
    });
    const first = await test.call('ListDeadLetterSourceQueues', { QueueUrl: dead, MaxResults: 2 });
    expect(first.queueUrls).toEqual([url('a'), url('b')]);
    const { NextToken } = first;
    expect(await test.call('ListDeadLetterSourceQueues', { QueueUrl: dead, MaxResults: 2, NextToken })).toEqual({
      queueUrls: [url('c')],
    });
    const other = await test.queue('other');
    expect(await test.refusal('ListDeadLetterSourceQueues', { QueueUrl: other, MaxResults: 2, NextToken })).toContain(
      'for parameter NextToken is invalid.',
    );
  });
});
