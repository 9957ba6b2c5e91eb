import { describe, expect, it } from 'vitest';
import { SqsTest } from '../testing.ts';

async function withMessages(count: number, attributes: Record<string, string> = {}) {
  const test = await SqsTest.open();
  const url = await test.queue('orders', attributes);
  for (let i = 1; i <= count; i += 1) await test.call('SendMessage', { QueueUrl: url, MessageBody: `m${i}` });
  test.facts();
  return { test, url };
}

describe('ReceiveMessage', () => {
  it('SQS-RCV-01 gives one message unless asked for more, ten at most', async () => {
    const { test, url } = await withMessages(12);
    const { Messages = [] } = await test.call('ReceiveMessage', { QueueUrl: url });
    expect(Messages.map((message) => message.Body)).toEqual(['m1']);
    expect(test.facts()).toEqual(['MessagesReceived']);
    expect(await test.bodies(url, { MaxNumberOfMessages: 10 })).toHaveLength(10);
    expect(await test.refusal('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 11 })).toBe(
      'InvalidParameterValue: Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    );
    expect(await test.refusal('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 21 })).toBe(
      'InvalidParameterValue: Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    );
    expect(await test.refusal('ReceiveMessage', { QueueUrl: url, VisibilityTimeout: 43_201 })).toBe(
      'InvalidParameterValue: Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    );
  });

  it('SQS-RCV-02 answers an empty queue at once and records nothing', async () => {
    const { test, url } = await withMessages(0);
    expect(await test.call('ReceiveMessage', { QueueUrl: url })).toEqual({});
    expect(test.facts()).toEqual([]);
  });

  it('SQS-RCV-03 shows attributes only as asked for', async () => {
    const test = await SqsTest.open();
    const url = await test.queue('orders', { VisibilityTimeout: '0' });
    const MessageAttributes = {
      'Help.Me': { DataType: 'String', StringValue: 'Me' },
      Hello: { DataType: 'String', StringValue: 'There' },
      General: { DataType: 'String', StringValue: 'Kenobi' },
    };
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'msg', MessageAttributes });
    const shown = async (names: string[] | undefined) => {
      const [message] = await test.receive(url, { MessageAttributeNames: names });
      return [
        Object.keys(message?.MessageAttributes ?? {})
          .sort()
          .join(),
        message?.MD5OfMessageAttributes,
      ];
    };
    // Digests recorded from AWS: LocalStack, test_receive_message_message_attribute_names_filters.
    expect(await shown(undefined)).toEqual(['', undefined]);
    expect(await shown(['All'])).toEqual(['General,Hello,Help.Me', '4c360f3fdafd970e05fae2f149d997f5']);
    expect(await shown(['.*'])).toEqual(['General,Hello,Help.Me', '4c360f3fdafd970e05fae2f149d997f5']);
    expect(await shown(['Hello', 'General'])).toEqual(['General,Hello', 'fca026605781cb4126a1e9044df24232']);
    expect(await shown(['Hello', 'None'])).toEqual(['Hello', 'a311262e065454b75da111d535b8dacd']);
    expect(await shown(['Hel.*'])).toEqual(['Hello,Help.Me', '83fee93c1bcd8b9a5a923ffacdc636c7']);
    expect(await shown(['.Hello'])).toEqual(['', undefined]);
  });

  it('SQS-RCV-04 shows system attributes only as asked for, by either parameter', async () => {
    const { test, url } = await withMessages(1, { VisibilityTimeout: '0' });
    const shown = async (input: object) => Object.keys((await test.receive(url, input))[0]?.Attributes ?? {}).sort();
    const all = ['ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp'];
    expect(await shown({})).toEqual([]);
    expect(await shown({ AttributeNames: ['All'] })).toEqual(all);
    expect(await shown({ MessageSystemAttributeNames: ['All'] })).toEqual(all);
    expect(await shown({ AttributeNames: ['SenderId', 'SequenceNumber'] })).toEqual(['SenderId']);
    expect(await test.refusal('ReceiveMessage', { QueueUrl: url, AttributeNames: ['Colour'] })).toBe(
      'InvalidAttributeName: Unknown Attribute Colour.',
    );
  });

  it('SQS-RCV-08 with 120,000 in flight a short poll is refused, a long poll waits for room', async () => {
    const { test, url } = await withMessages(1);
    const [message] = await test.receive(url);
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'one more' });
    const { waiting } = test.state.backlog(1);
    const messageId = new Uint8Array(16);
    const at = { sentAtMs: 1e15, dueAtMs: 0, originId: 0, envelopeId: 0, receiveCount: 0, firstReceivedAtMs: 0 };
    for (let sequence = 100; sequence < 120_099; sequence += 1) {
      const slot = waiting.enqueue({ ...at, sequence, messageId, payloadId: 0, group: '' });
      waiting.receive(slot, { atMs: 0, untilMs: 1e15 });
    }
    expect(await test.refusal('ReceiveMessage', { QueueUrl: url })).toBe(
      'OverLimit: The maximum number of in flight messages is reached.',
    );
    const poll = test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle });
    await test.cell.settle();
    expect(poll.reply).toMatchObject({ output: { Messages: [{ Body: 'one more' }] } });
  });

  it('SQS-LNG-01 a long poll ends when a message arrives', async () => {
    const { test, url } = await withMessages(0);
    const poll = test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 });
    await test.cell.advance(5_000);
    expect(poll.reply).toBeUndefined();
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'here' });
    await test.cell.settle();
    expect(poll.reply).toMatchObject({ output: { Messages: [{ Body: 'here' }] } });
  });

  it('SQS-LNG-02 a long poll ends empty when its time is over, however often it was woken for nothing', async () => {
    const { test, url } = await withMessages(0);
    const first = test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 });
    const second = test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 10 });
    await test.cell.advance(4_000);
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'one' });
    await test.cell.settle();
    expect(first.reply).toMatchObject({ output: { Messages: [{ Body: 'one' }] } });
    await test.cell.advance(5_999);
    expect(second.reply).toBeUndefined();
    await test.cell.advance(1);
    expect(second.reply).toEqual({ output: {} });
  });

  it('SQS-LNG-03 long polls are served in the order they came, one message each', async () => {
    const { test, url } = await withMessages(0);
    const polls = [1, 2, 3].map(() => test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 }));
    for (const body of ['a', 'b', 'c']) await test.call('SendMessage', { QueueUrl: url, MessageBody: body });
    await test.cell.settle();
    const bodies = polls.map(
      ({ reply }) => (reply as { output: { Messages: { Body: string }[] } }).output.Messages[0]?.Body,
    );
    expect(bodies).toEqual(['a', 'b', 'c']);
  });

  it('SQS-LNG-04 a long poll ends when a message comes back from another receiver', async () => {
    const { test, url } = await withMessages(1, { VisibilityTimeout: '7' });
    await test.receive(url);
    const poll = test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 });
    await test.cell.advance(6_999);
    expect(poll.reply).toBeUndefined();
    await test.cell.advance(1);
    expect(poll.reply).toMatchObject({ output: { Messages: [{ Body: 'm1' }] } });
  });

  it('SQS-LNG-05 the queue’s own wait time holds where the request gives none', async () => {
    const { test, url } = await withMessages(0, { ReceiveMessageWaitTimeSeconds: '3' });
    const poll = test.start('ReceiveMessage', { QueueUrl: url });
    await test.cell.advance(2_999);
    expect(poll.reply).toBeUndefined();
    await test.cell.advance(1);
    expect(poll.reply).toEqual({ output: {} });
  });

  it('SQS-LNG-06 deleting the queue ends its long polls with the queue’s error', async () => {
    const { test, url } = await withMessages(0);
    const poll = test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 });
    await test.call('DeleteQueue', { QueueUrl: url });
    expect(poll.reply).toMatchObject({ refused: { code: 'QueueDoesNotExist' } });
  });

  it('SQS-FAIR-01 a tenant with a long backlog does not delay the others', async () => {
    const { test, url } = await withMessages(0);
    const send = (group: string, body: string) =>
      test.call('SendMessage', { QueueUrl: url, MessageBody: body, MessageGroupId: group });
    for (let i = 0; i < 40; i += 1) await send('loud', `loud ${i}`);
    await send('calm', 'calm 0');
    expect(await test.bodies(url, { MaxNumberOfMessages: 2 })).toEqual(['loud 0', 'calm 0']);
    for (let i = 0; i < 3; i += 1) await test.bodies(url);
    await send('calm', 'calm 1');
    await send('calm', 'calm 2');
    expect(await test.bodies(url, { MaxNumberOfMessages: 3 })).toEqual(['calm 1', 'calm 2', 'loud 31']);
    const [message] = await test.receive(url, { MaxNumberOfMessages: 1, AttributeNames: ['MessageGroupId'] });
    expect(message?.Attributes).toEqual({ MessageGroupId: 'loud' });
  });

  it('SQS-DUR-01 after a crash every acknowledged message is there, received ones come back in time', async () => {
    const { test, url } = await withMessages(3);
    const [first] = await test.receive(url, { MaxNumberOfMessages: 1 });
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
    await test.receive(url, { MaxNumberOfMessages: 1 });
    for (const clean of [false, true]) {
      const again = await test.restart({ clean });
      expect(await again.counts(url)).toBe('1 1 0');
      await again.cell.advance(30_000);
      expect((await again.bodies(url)).sort()).toEqual(['m2', 'm3']);
    }
  });
});
