import { describe, expect, it } from 'vitest';
import { SqsTest } from '../testing.ts';

async function received(name = 'orders', attributes: Record<string, string> = {}) {
  const test = await SqsTest.open();
  const url = await test.queue(name, attributes);
  const fifo = name.endsWith('.fifo') ? { MessageGroupId: 'g', MessageDeduplicationId: 'd' } : {};
  await test.call('SendMessage', { QueueUrl: url, MessageBody: 'm', ...fifo });
  const [message] = await test.receive(url);
  const handle = message?.ReceiptHandle as string;
  const change = (seconds: number) => ({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds });
  test.facts();
  return { test, url, handle, change };
}

describe('ChangeMessageVisibility', () => {
  it('SQS-VIS-01 a message stays hidden until the visibility timeout ends', async () => {
    const { test, url } = await received('orders', { VisibilityTimeout: '30' });
    expect(await test.counts(url)).toBe('0 1 0');
    await test.cell.advance(29_999);
    expect(await test.bodies(url)).toEqual([]);
    await test.cell.advance(1);
    expect(await test.counts(url)).toBe('1 0 0');
    const [message] = await test.receive(url, { AttributeNames: ['ApproximateReceiveCount'] });
    expect(message?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  it('SQS-VIS-02 a receive can set its own timeout, 0 makes the message visible at once', async () => {
    const { test, url } = await received('orders', { VisibilityTimeout: '0' });
    expect(await test.bodies(url, { VisibilityTimeout: 5 })).toEqual(['m']);
    expect(await test.bodies(url)).toEqual([]);
    await test.cell.advance(5_000);
    expect(await test.bodies(url)).toEqual(['m']);
  });

  it('SQS-VIS-03 the new timeout counts from the change', async () => {
    const { test, url, change } = await received();
    await test.cell.advance(20_000);
    await test.call('ChangeMessageVisibility', change(60));
    expect(test.facts().filter((name) => name !== 'InstantReached')).toEqual(['VisibilityChanged']);
    await test.cell.advance(59_999);
    expect(await test.bodies(url)).toEqual([]);
    await test.cell.advance(1);
    expect(await test.bodies(url)).toEqual(['m']);
  });

  it('SQS-VIS-04 0 makes the message visible and wakes who waits', async () => {
    const { test, url, change } = await received();
    const poll = test.start('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 });
    await test.call('ChangeMessageVisibility', change(0));
    await test.cell.settle();
    expect(poll.reply).toMatchObject({ output: { Messages: [{ Body: 'm' }] } });
  });

  it('SQS-VIS-05 the total is at most 12 hours from the receive', async () => {
    const { test, change } = await received();
    await test.cell.advance(10_000);
    expect(await test.refusal('ChangeMessageVisibility', change(43_191))).toBe(
      'InvalidParameterValue: Value 43191 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
    );
    await test.call('ChangeMessageVisibility', change(43_190));
    expect(await test.refusal('ChangeMessageVisibility', change(43_201))).toBe(
      'InvalidParameterValue: Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    );
  });

  it('SQS-VIS-06 a deleted message, an older receive and a foreign handle are refused', async () => {
    const { test, url, handle, change } = await received();
    const gone = `InvalidParameterValue: Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`;
    await test.cell.advance(30_000);
    const [second] = await test.receive(url);
    expect(await test.refusal('ChangeMessageVisibility', change(10))).toBe(gone);
    await test.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: second?.ReceiptHandle });
    expect(await test.refusal('ChangeMessageVisibility', change(10))).toBe(gone);
    const other = await test.queue('others');
    expect(await test.refusal('ChangeMessageVisibility', { ...change(10), QueueUrl: other })).toBe(
      `ReceiptHandleIsInvalid: The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  });

  it('SQS-VIS-07 on a standard queue the handle still works after the timeout: the message is hidden again', async () => {
    const { test, url, change } = await received();
    await test.cell.advance(31_000);
    expect(await test.counts(url)).toBe('1 0 0');
    await test.call('ChangeMessageVisibility', change(10));
    expect(await test.counts(url)).toBe('0 1 0');
    await test.cell.advance(10_000);
    expect(await test.bodies(url)).toEqual(['m']);
  });

  it('SQS-VIS-08 on a FIFO queue the handle dies with the timeout', async () => {
    const { test, change } = await received('orders.fifo');
    await test.cell.advance(30_000);
    expect(await test.refusal('ChangeMessageVisibility', change(10))).toContain(
      'Message does not exist or is not available for visibility timeout change.',
    );
  });
});
