import { describe, expect, it } from 'vitest';
import { SqsTest } from './testing.ts';

async function fifo(attributes: Record<string, string> = { ContentBasedDeduplication: 'true' }) {
  const test = await SqsTest.open();
  const url = await test.queue('orders.fifo', attributes);
  const send = (group: string, body: string, MessageDeduplicationId?: string) =>
    test.call('SendMessage', {
      QueueUrl: url,
      MessageBody: body,
      MessageGroupId: group,
      ...(MessageDeduplicationId === undefined ? {} : { MessageDeduplicationId }),
    });
  return { test, url, send };
}

describe('FIFO order', () => {
  it('SQS-FIFO-01 a group is received in the order it was sent, as much of one group as possible', async () => {
    const { test, url, send } = await fifo();
    for (const body of ['a1', 'a2', 'a3']) await send('a', body);
    await send('b', 'b1');
    await send('a', 'a4');
    expect(await test.bodies(url, { MaxNumberOfMessages: 5 })).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  it('SQS-FIFO-02 nothing of a group is given while one of its messages is in flight', async () => {
    const { test, url, send } = await fifo();
    for (const body of ['a1', 'a2']) await send('a', body);
    await send('b', 'b1');
    const [first] = await test.receive(url, { MaxNumberOfMessages: 1 });
    expect(first?.Body).toBe('a1');
    expect(await test.bodies(url)).toEqual(['b1']);
    expect(await test.bodies(url)).toEqual([]);
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
    expect(await test.bodies(url)).toEqual(['a2']);
  });

  it('SQS-FIFO-03 a message whose timeout ends comes before the younger ones of its group', async () => {
    const { test, url, send } = await fifo();
    for (const body of ['a1', 'a2', 'a3']) await send('a', body);
    await test.receive(url, { MaxNumberOfMessages: 2 });
    await test.cell.advance(30_000);
    expect(await test.bodies(url)).toEqual(['a1', 'a2', 'a3']);
  });

  it('SQS-FIFO-04 deleting opens the group for a long poll that waits', async () => {
    const { test, url, send } = await fifo();
    await send('a', 'a1');
    await send('a', 'a2');
    const [first] = await test.receive(url, { MaxNumberOfMessages: 1 });
    const poll = test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 });
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
    await test.cell.settle();
    expect(poll.reply).toMatchObject({ output: { Messages: [{ Body: 'a2' }] } });
  });

  it('SQS-FIFO-05 sequence numbers have twenty digits and grow', async () => {
    const { test, url, send } = await fifo();
    const numbers = [await send('a', '1'), await send('b', '2'), await send('a', '3')].map(
      (sent) => sent.SequenceNumber,
    );
    expect(numbers.every((number) => /^\d{20}$/.test(number as string))).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);
    const [message] = await test.receive(url, {
      AttributeNames: ['SequenceNumber', 'MessageGroupId', 'MessageDeduplicationId'],
    });
    expect(message?.Attributes).toEqual({
      SequenceNumber: numbers[0],
      MessageGroupId: 'a',
      MessageDeduplicationId: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
    });
  });

  it('SQS-FIFO-06 asks for a group, and for one of the two ways to deduplicate', async () => {
    const { test, url } = await fifo({});
    const input = { QueueUrl: url, MessageBody: 'm' };
    expect(await test.refusal('SendMessage', { ...input, MessageDeduplicationId: 'd' })).toBe(
      'MissingParameter: The request must contain the parameter MessageGroupId.',
    );
    expect(await test.refusal('SendMessage', { ...input, MessageGroupId: 'g' })).toBe(
      'InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
    const group = '1'.repeat(129);
    expect(await test.refusal('SendMessage', { ...input, MessageGroupId: group, MessageDeduplicationId: 'd' })).toBe(
      `InvalidParameterValue: Value ${group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    expect(await test.refusal('SendMessage', { ...input, ...ids, DelaySeconds: 2 })).toBe(
      'InvalidParameterValue: Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    );
    await test.call('SendMessage', { ...input, ...ids, DelaySeconds: 0 });
  });

  it('SQS-FIFO-07 the delay of the queue holds for messages that wait already when it is changed', async () => {
    const { test, url, send } = await fifo({ ContentBasedDeduplication: 'true', DelaySeconds: '900' });
    await send('a', 'a1');
    await test.call('SetQueueAttributes', { QueueUrl: url, Attributes: { DelaySeconds: '5' } });
    await test.cell.advance(4_999);
    expect(await test.bodies(url)).toEqual([]);
    await test.cell.advance(1);
    expect(await test.bodies(url)).toEqual(['a1']);
  });

  it('SQS-FIFO-08 blocked groups stay blocked over a crash', async () => {
    const { test, url, send } = await fifo();
    await send('a', 'a1');
    await send('a', 'a2');
    await test.receive(url, { MaxNumberOfMessages: 1 });
    for (const clean of [false, true]) {
      const again = await test.restart({ clean });
      expect(await again.bodies(url)).toEqual([]);
    }
  });
});

describe('deduplication', () => {
  it('SQS-DED-01 the same id within five minutes is accepted and not enqueued, even after the first was deleted', async () => {
    const { test, url, send } = await fifo({});
    const first = await send('a', 'one', 'id');
    const [message] = await test.receive(url);
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle });
    test.facts();
    const second = await send('a', 'two', 'id');
    expect(second).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect(test.facts()).toEqual(['RepeatedSendIgnored']);
    await test.cell.advance(299_999);
    await send('a', 'three', 'id');
    expect(await test.bodies(url)).toEqual([]);
    await test.cell.advance(1);
    await send('a', 'four', 'id');
    expect(await test.bodies(url)).toEqual(['four']);
  });

  it('SQS-DED-02 content-based deduplication compares bodies only; an explicit id wins over it', async () => {
    const { test, url, send } = await fifo();
    await send('a', 'same');
    await send('b', 'same');
    await send('c', 'same', 'other');
    expect((await test.bodies(url)).length).toBe(2);
  });

  it('SQS-DED-03 with scope messageGroup each group deduplicates for itself', async () => {
    const { test, url, send } = await fifo({
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    await send('a', '1', 'id');
    await send('b', '2', 'id');
    await send('a', '3', 'id');
    expect((await test.bodies(url)).sort()).toEqual(['1', '2']);
  });

  it('SQS-DED-04 a batch deduplicates within itself', async () => {
    const { test, url } = await fifo();
    const Entries = ['1', '2'].map((Id) => ({ Id, MessageBody: 'same', MessageGroupId: 'a' }));
    const { Successful = [] } = await test.call('SendMessageBatch', { QueueUrl: url, Entries });
    expect(Successful[1]?.MessageId).toBe(Successful[0]?.MessageId);
    expect(await test.bodies(url)).toEqual(['same']);
  });

  it('SQS-DED-05 the window outlives a restart', async () => {
    const { test, url, send } = await fifo();
    await send('a', 'same');
    for (const clean of [false, true]) {
      const again = await test.restart({ clean });
      await again.call('SendMessage', { QueueUrl: url, MessageBody: 'same', MessageGroupId: 'a' });
      expect(await again.counts(url)).toBe('1 0 0');
    }
  });
});

describe('ReceiveRequestAttemptId', () => {
  const attempt = { ReceiveRequestAttemptId: 'try-1' };

  it('SQS-RCV-05 a repeated receive gives the same messages with the same handles, hidden anew', async () => {
    const { test, url, send } = await fifo();
    await send('a', 'a1');
    await send('a', 'a2');
    const first = await test.receive(url, attempt);
    await test.cell.advance(20_000);
    expect(await test.receive(url, attempt)).toEqual(first);
    const again = await test.restart({ clean: true });
    await again.cell.advance(20_000);
    expect(await again.receive(url, attempt)).toEqual(first);
    await again.cell.advance(29_999);
    expect(await again.bodies(url)).toEqual([]);
    await again.cell.advance(1);
    expect(await again.bodies(url)).toEqual(['a1', 'a2']);
  });

  it('SQS-RCV-06 once a message was touched, the same id is a receive like any other', async () => {
    const { test, url, send } = await fifo();
    await send('a', 'a1');
    await send('b', 'b1');
    const [first] = await test.receive(url, { ...attempt, MaxNumberOfMessages: 1 });
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
    expect(await test.bodies(url, attempt)).toEqual(['b1']);
  });

  it('SQS-RCV-07 is not for standard queues', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    expect(await test.refusal('ReceiveMessage', { QueueUrl: url, ...attempt })).toContain(
      'Value try-1 for parameter ReceiveRequestAttemptId is invalid.',
    );
  });
});
