import { describe, expect, it } from 'vitest';
import { SqsTest } from '../testing.ts';

const entry = (Id: string, MessageBody = Id) => ({ Id, MessageBody });

describe('batches', () => {
  it('SQS-BAT-01 one entry that is bad fails alone', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    const reply = await test.call('SendMessageBatch', {
      QueueUrl: url,
      Entries: [entry('a'), { Id: 'b', MessageBody: 'b', DelaySeconds: 1000 }, entry('c')],
    });
    expect(reply.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(reply.Failed).toEqual([
      {
        Id: 'b',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: 'Value 1000 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
      },
    ]);
    expect(await test.bodies(url)).toEqual(['a', 'c']);
  });

  it('SQS-BAT-02 all messages of a batch are one entry of the journal', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    const before = test.cell.engine.entries.length;
    await test.call('SendMessageBatch', { QueueUrl: url, Entries: ['1', '2', '3'].map((id) => entry(id)) });
    expect(test.cell.engine.entries.length).toBe(before + 1);
  });

  it.each([
    ['no entries', [], 'AWS.SimpleQueueService.EmptyBatchRequest: There should be at least one entry in the request.'],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, i) => entry(String(i))),
      'AWS.SimpleQueueService.TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 11.',
    ],
    ['an id twice', [entry('a'), entry('a')], 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct: Id a repeated.'],
    [
      'an id that is none',
      [entry('a:b')],
      'AWS.SimpleQueueService.InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    ],
    [
      'more than 1 MiB in all',
      [entry('a', 'x'.repeat(1_048_576)), entry('b', 'x')],
      'AWS.SimpleQueueService.BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    ],
  ])('SQS-BAT-03 %s refuses the whole batch', async (_what, Entries, text) => {
    const test = await SqsTest.open();
    const url = await test.queue();
    expect(await test.refusal('SendMessageBatch', { QueueUrl: url, Entries })).toBe(text);
    expect(await test.counts(url)).toBe('0 0 0');
  });

  it('SQS-BAT-04 a FIFO batch without group or deduplication ids is refused as a whole', async () => {
    const test = await SqsTest.open();
    const url = await test.queue('orders.fifo');
    expect(await test.refusal('SendMessageBatch', { QueueUrl: url, Entries: [entry('a')] })).toBe(
      'InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
    const Entries = [{ ...entry('a'), MessageDeduplicationId: 'd' }];
    expect(await test.refusal('SendMessageBatch', { QueueUrl: url, Entries })).toBe(
      'InvalidParameterValue: The request must contain the parameter MessageGroupId.',
    );
  });

  it('SQS-BAT-05 deleting and changing visibility in batches settles each entry for itself', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    await test.call('SendMessageBatch', { QueueUrl: url, Entries: [entry('a'), entry('b')] });
    const [a, b] = await test.receive(url);
    const changed = await test.call('ChangeMessageVisibilityBatch', {
      QueueUrl: url,
      Entries: [
        { Id: '1', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: '2', ReceiptHandle: 'nonsense', VisibilityTimeout: 0 },
      ],
    });
    expect(changed.Successful).toEqual([{ Id: '1' }]);
    expect(changed.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    expect(await test.counts(url)).toBe('1 1 0');
    const deleted = await test.call('DeleteMessageBatch', {
      QueueUrl: url,
      Entries: [
        { Id: '1', ReceiptHandle: b?.ReceiptHandle },
        { Id: '2', ReceiptHandle: 'nonsense' },
      ],
    });
    expect(deleted.Successful).toEqual([{ Id: '1' }]);
    expect(deleted.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await test.counts(url)).toBe('1 0 0');
  });
});
