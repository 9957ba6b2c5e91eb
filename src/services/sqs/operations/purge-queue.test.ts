import { describe, expect, it } from 'vitest';
import { SqsTest } from '../testing.ts';

describe('PurgeQueue and retention', () => {
  it('SQS-PRG-01 one fact takes all messages, whatever their state, and their payloads', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    for (let i = 0; i < 20; i += 1) {
      await test.call('SendMessage', { QueueUrl: url, MessageBody: `m${i}`, DelaySeconds: i % 3 });
    }
    const [message] = await test.receive(url, { MaxNumberOfMessages: 5 });
    test.facts();
    await test.call('PurgeQueue', { QueueUrl: url });
    expect(test.facts()).toEqual(['QueuePurged']);
    expect(await test.counts(url)).toBe('0 0 0');
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'after' });
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle });
    await test.cell.advance(100);
    expect(await test.bodies(url)).toEqual(['after']);
    expect(test.cell.cell.payloads.count).toBe(1);
  });

  it('SQS-PRG-02 only one in 60 seconds', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    await test.call('PurgeQueue', { QueueUrl: url });
    const again = await test.restart({ clean: true });
    const text =
      'AWS.SimpleQueueService.PurgeQueueInProgress: Only one PurgeQueue operation on orders is allowed every 60 seconds.';
    expect(await again.refusal('PurgeQueue', { QueueUrl: url })).toBe(text);
    await again.cell.advance(59_999);
    expect(await again.refusal('PurgeQueue', { QueueUrl: url })).toBe(text);
    await again.cell.advance(1);
    await again.call('PurgeQueue', { QueueUrl: url });
  });

  it('SQS-PRG-03 the payloads of a deep queue come back in bounded steps, also after a restart', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    for (let i = 0; i < 1_200; i += 1) {
      const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: `${i}-${n}` }));
      test.start('SendMessageBatch', { QueueUrl: url, Entries });
    }
    await test.cell.settle();
    await test.call('PurgeQueue', { QueueUrl: url });
    expect(test.cell.cell.payloads.count).toBe(12_000);
    const again = await test.restart({ clean: true });
    again.facts();
    await again.cell.advance(0);
    expect(again.facts()).toEqual(['RemainsFreed', 'RemainsFreed', 'RemainsFreed']);
    expect(again.cell.cell.payloads.count).toBe(0);
  });

  it('SQS-RET-01 a message goes when the retention period ends, even in flight', async () => {
    const test = await SqsTest.open();
    const url = await test.queue('orders', { MessageRetentionPeriod: '60', VisibilityTimeout: '43200' });
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'old' });
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'old too' });
    await test.receive(url, { MaxNumberOfMessages: 1 });
    await test.cell.advance(30_000);
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'young' });
    await test.cell.advance(29_999);
    expect(await test.counts(url)).toBe('2 1 0');
    test.facts();
    await test.cell.advance(1);
    expect(test.facts()).toEqual(['MessagesExpired', 'InstantReached']);
    expect(await test.bodies(url)).toEqual(['young']);
    await test.cell.advance(30_000);
    expect(await test.counts(url)).toBe('0 0 0');
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('SQS-RET-02 a shorter period holds for messages that are there', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'm' });
    await test.cell.advance(100_000);
    await test.call('SetQueueAttributes', { QueueUrl: url, Attributes: { MessageRetentionPeriod: '60' } });
    await test.cell.advance(0);
    expect(await test.counts(url)).toBe('0 0 0');
  });
});
