import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#runtime/digest.ts';
import { decodeReceipt, encodeReceipt } from '../receipt-handle.ts';
import { SqsTest } from '../testing.ts';

describe('DeleteMessage', () => {
  it('SQS-DEL-01 removes the message for good and is repeatable', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'm' });
    const [message] = await test.receive(url);
    test.facts();
    const input = { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle };
    await test.call('DeleteMessage', input);
    expect(test.facts()).toEqual(['MessagesDeleted']);
    await test.call('DeleteMessage', input);
    expect(test.facts()).toEqual([]);
    expect(await test.counts(url)).toBe('0 0 0');
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('SQS-DEL-02 a handle from before a later receive deletes nothing on a standard queue', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'm' });
    const [first] = await test.receive(url);
    await test.cell.advance(30_000);
    const [second] = await test.receive(url);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
    expect(await test.counts(url)).toBe('0 1 0');
    await test.cell.advance(30_000);
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: second?.ReceiptHandle });
    expect(await test.counts(url)).toBe('0 0 0');
  });

  it('SQS-DEL-03 a FIFO queue refuses a handle whose visibility timeout is over', async () => {
    const test = await SqsTest.open();
    const url = await test.queue('orders.fifo', { ContentBasedDeduplication: 'true' });
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'm', MessageGroupId: 'g' });
    const [message] = await test.receive(url);
    await test.cell.advance(30_000);
    expect(await test.refusal('DeleteMessage', { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle })).toBe(
      `InvalidParameterValue: Value ${message?.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
    expect(await test.counts(url)).toBe('1 0 0');
  });

  it('SQS-DEL-04 a handle that is not ours, or of another queue, is refused', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    const other = await test.queue('others');
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'm' });
    const [message] = await test.receive(url);
    const handle = message?.ReceiptHandle as string;
    const flipped = `${handle.slice(0, -5)}${handle.at(-5) === 'A' ? 'B' : 'A'}${handle.slice(-4)}`;
    const cases: [string, string][] = [
      [url, 'garbage'],
      [url, 'a'.repeat(4000)],
      [url, flipped],
      [other, handle],
    ];
    for (const [QueueUrl, ReceiptHandle] of cases) {
      expect(await test.refusal('DeleteMessage', { QueueUrl, ReceiptHandle })).toBe(
        `ReceiptHandleIsInvalid: The input receipt handle "${ReceiptHandle}" is not a valid receipt handle.`,
      );
    }
    expect(await test.refusal('DeleteMessage', { QueueUrl: url })).toBe(
      'MissingParameter: The request must contain the parameter ReceiptHandle.',
    );
    expect(await test.counts(url)).toBe('0 1 0');
  });

  it('SQS-DEL-05 a handle outlives a crash that forgot the receive', () => {
    const sealer = { digest: nodeDigest, secret: new Uint8Array(32).fill(3) };
    const receipt = { queue: 7, slot: 123_456, sequence: 2 ** 40, generation: 3 };
    const handle = encodeReceipt(sealer, receipt);
    expect(decodeReceipt(sealer, handle)).toEqual(receipt);
    expect(decodeReceipt({ ...sealer, secret: new Uint8Array(32).fill(4) }, handle)).toBeUndefined();
  });
});
