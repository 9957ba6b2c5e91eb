import { beforeEach, describe, expect, test } from 'vitest';
import { FIFO_TOPIC_ARN, queueArn, type SnsCell, snsCell } from './testing.ts';

let sns: SnsCell;
const create = (Attributes: Record<string, string> = {}) =>
  sns.call('CreateTopic', { Name: 'orders.fifo', Attributes: { FifoTopic: 'true', ...Attributes } });
const subscribe = (Endpoint: string, rest: object = {}) =>
  sns.call('Subscribe', { TopicArn: FIFO_TOPIC_ARN, Protocol: 'sqs', Endpoint, ...rest });
const message = (rest: object = {}) => ({
  TopicArn: FIFO_TOPIC_ARN,
  Message: 'hello',
  MessageGroupId: 'g',
  MessageDeduplicationId: 'd',
  ...rest,
});
const publish = (rest: object = {}) =>
  sns.call<{ MessageId: string; SequenceNumber: string }>('Publish', message(rest));

beforeEach(async () => {
  sns = await snsCell();
});

test('a FIFO topic shows that it is one', async () => {
  await create({ ContentBasedDeduplication: 'true', FifoThroughputScope: 'MessageGroup' });
  expect(await sns.call('GetTopicAttributes', { TopicArn: FIFO_TOPIC_ARN })).toMatchObject({
    Attributes: { FifoTopic: 'true', ContentBasedDeduplication: 'true', FifoThroughputScope: 'MessageGroup' },
  });
});

describe('publishing', () => {
  beforeEach(() => create());

  test('answers sequence numbers that grow, also over restarts', async () => {
    const first = await publish({ MessageDeduplicationId: 'a' });
    const second = await publish({ MessageDeduplicationId: 'b' });
    expect(first.SequenceNumber).toMatch(/^\d{20}$/);
    expect(second.SequenceNumber > first.SequenceNumber).toBe(true);
    for (const clean of [false, true]) {
      const cell = await sns.cell.restart({ clean });
      const next = await cell.call<{ SequenceNumber: string }>(
        'sns',
        'Publish',
        message({ MessageDeduplicationId: `c${clean}` }),
      );
      expect(next.SequenceNumber > second.SequenceNumber).toBe(true);
    }
  });

  test('hands group and deduplication id to FIFO queues, and the group to others', async () => {
    await subscribe(queueArn('q.fifo'));
    await subscribe(queueArn('plain'));
    await publish();
    expect(sns.queues.received[0]).toMatchObject({ messageGroupId: 'g', messageDeduplicationId: 'd' });
    expect(sns.queues.received[1]).toMatchObject({ messageGroupId: 'g' });
    expect(sns.queues.received[1]?.messageDeduplicationId).toBeUndefined();
  });

  test('the envelope has the sequence number, and no signature', async () => {
    await subscribe(queueArn('q.fifo'));
    const { SequenceNumber } = await publish();
    const envelope = JSON.parse(sns.queues.bodies('q.fifo')[0] ?? '') as object;
    expect(Object.keys(envelope)).toEqual([
      'Type',
      'MessageId',
      'SequenceNumber',
      'TopicArn',
      'Message',
      'Timestamp',
      'UnsubscribeURL',
    ]);
    expect(envelope).toMatchObject({ SequenceNumber });
  });

  test.each([
    [{ MessageGroupId: undefined }, 'The MessageGroupId parameter is required for FIFO topics'],
    [
      { MessageDeduplicationId: undefined },
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
    [{ MessageGroupId: 'x'.repeat(129) }, 'MessageGroupId'],
    [{ MessageDeduplicationId: 'a b' }, 'MessageDeduplicationId'],
  ])('%j is refused', async (rest, text) => {
    expect(await sns.refusal('Publish', message(rest))).toBe(`InvalidParameter: Invalid parameter: ${text}`);
  });

  test('a function cannot be subscribed', async () => {
    const Endpoint = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    expect(await sns.refusal('Subscribe', { TopicArn: FIFO_TOPIC_ARN, Protocol: 'lambda', Endpoint })).toContain(
      'Please use SQS queue as an endpoint for FIFO topics',
    );
  });

  test('a FIFO queue needs a FIFO dead-letter queue', async () => {
    const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead') }) };
    const input = { TopicArn: FIFO_TOPIC_ARN, Protocol: 'sqs', Endpoint: queueArn('q.fifo'), Attributes };
    expect(await sns.refusal('Subscribe', input)).toContain(
      'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
    );
  });
});

describe('deduplication', () => {
  const FIVE_MINUTES = 5 * 60_000;
  const setUp = async (Attributes: Record<string, string> = {}) => {
    await create(Attributes);
    await subscribe(queueArn('q.fifo'));
  };

  test('a repetition within five minutes answers the first message and reaches nobody', async () => {
    await setUp();
    const first = await publish();
    await sns.cell.advance(FIVE_MINUTES - 1);
    sns.cell.takeFacts();
    expect(await publish({ Message: 'other text' })).toEqual(first);
    expect(sns.queues.received).toHaveLength(1);
    expect(sns.cell.takeFacts().map(({ name }) => name)).toEqual(['RepeatedPublishIgnored']);
  });

  test('after five minutes it is a message of its own', async () => {
    await setUp();
    const first = await publish();
    await sns.cell.advance(FIVE_MINUTES);
    expect((await publish()).MessageId).not.toBe(first.MessageId);
    expect(sns.queues.received).toHaveLength(2);
  });

  test.each([{ clean: false }, { clean: true }])(
    'is remembered over a restart ($clean: with a snapshot)',
    async (how) => {
      await setUp();
      const first = await publish();
      const cell = await sns.cell.restart(how);
      expect(await cell.call('sns', 'Publish', message())).toEqual(first);
    },
  );

  test('by content, when the topic says so: the SHA-256 of the message is the id', async () => {
    await setUp({ ContentBasedDeduplication: 'true' });
    await publish({ MessageDeduplicationId: undefined, Message: 'Test' });
    await publish({ MessageDeduplicationId: undefined, Message: 'Test' });
    await publish({ MessageDeduplicationId: undefined, Message: 'Test 2' });
    expect(sns.queues.received).toHaveLength(2);
    expect(sns.queues.received[0]).toMatchObject({
      messageDeduplicationId: '532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25',
    });
  });

  test('is of the whole topic, or of the message group with FifoThroughputScope MessageGroup', async () => {
    await setUp();
    await publish({ MessageGroupId: 'a' });
    await publish({ MessageGroupId: 'b' });
    expect(sns.queues.received).toHaveLength(1);
    const AttributeName = 'FifoThroughputScope';
    await sns.call('SetTopicAttributes', { TopicArn: FIFO_TOPIC_ARN, AttributeName, AttributeValue: 'MessageGroup' });
    await publish({ MessageGroupId: 'a', MessageDeduplicationId: 'e' });
    await publish({ MessageGroupId: 'b', MessageDeduplicationId: 'e' });
    expect(sns.queues.received).toHaveLength(3);
  });

  test('ends with the topic', async () => {
    await setUp();
    const first = await publish();
    await sns.call('DeleteTopic', { TopicArn: FIFO_TOPIC_ARN });
    await setUp();
    expect((await publish()).MessageId).not.toBe(first.MessageId);
  });

  test('two entries of one batch with one id are one message', async () => {
    await setUp();
    const entry = (Id: string) => ({ Id, Message: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    const { Successful } = await sns.call<{ Successful: { MessageId: string }[] }>('PublishBatch', {
      TopicArn: FIFO_TOPIC_ARN,
      PublishBatchRequestEntries: [entry('1'), entry('2')],
    });
    expect(new Set(Successful.map(({ MessageId }) => MessageId)).size).toBe(1);
    expect(sns.queues.received).toHaveLength(1);
  });
});
