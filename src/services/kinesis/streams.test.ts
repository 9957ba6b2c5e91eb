import { describe, expect, it } from 'vitest';
import { KinesisTest, streamArnOf } from './testing.ts';

describe('a stream', () => {
  it('gives records back in the order of their sequence numbers', async () => {
    const test = await KinesisTest.open();
    await test.create();
    const { Records, FailedRecordCount } = await test.put(['a', 'b', 'c']);
    const { SequenceNumber } = await test.call('PutRecord', {
      StreamName: 'orders',
      PartitionKey: 'd',
      Data: new Uint8Array([100]),
    });
    expect(FailedRecordCount).toBe(0);
    const { records } = await test.readAll(await test.iterator());
    expect(records.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd']);
    expect(records.map(({ number }) => number)).toEqual([
      ...(Records ?? []).map((record) => record.SequenceNumber),
      SequenceNumber,
    ]);
    expect(records.every(({ number }) => /^49\d{54}$/.test(number))).toBe(true);
    const numbers = records.map(({ number }) => BigInt(number));
    expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(numbers);
  });

  it('reads the same from memory and from blocks, page by page', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(Array.from({ length: 30 }, (_, i) => `k=${i}`));
    await test.advance(600_000);
    expect(await test.engine.blobs.names()).toEqual(['kinesis/1/0/0-30']);
    await test.put(Array.from({ length: 5 }, (_, i) => `k=${30 + i}`));
    const { records } = await test.readAll(await test.iterator(), 7);
    expect(records.map(({ text }) => text)).toEqual(Array.from({ length: 35 }, (_, i) => `k=${i}`));
    expect(test.cell.cell.payloads.count).toBe(1);
  });

  it.each([
    ['kill -9', false],
    ['a clean stop', true],
  ])('is the same after %s', async (_how, isClean) => {
    const test = await KinesisTest.open();
    await test.create('orders', 2);
    await test.put(['a', 'b', 'c', 'd', 'e']);
    await test.advance(600_000);
    await test.put(['f', 'g']);
    const iterator = await test.iterator();
    const before = await test.readAll(iterator);
    const shards = await test.shards();
    await test.restart(isClean);
    expect(await test.shards()).toEqual(shards);
    expect((await test.readAll(iterator)).records).toEqual(before.records);
    await test.put(['h']);
    await test.advance(600_000);
    expect(await test.engine.blobs.names()).toHaveLength(2);
  });

  it('is described with its shards and goes with all it had', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 3);
    await test.put(['a']);
    await test.advance(600_000);
    await test.put(['b']);
    const { StreamDescriptionSummary } = await test.call('DescribeStreamSummary', { StreamName: 'orders' });
    expect(StreamDescriptionSummary).toMatchObject({
      StreamARN: streamArnOf('orders'),
      StreamStatus: 'ACTIVE',
      OpenShardCount: 3,
      RetentionPeriodHours: 24,
    });
    await test.call('DeleteStream', { StreamARN: streamArnOf('orders') });
    await test.cell.settle();
    expect(await test.engine.blobs.names()).toEqual([]);
    expect(test.cell.cell.payloads.count).toBe(0);
    expect(await test.refusal('DescribeStream', { StreamName: 'orders' })).toBe(
      'ResourceNotFoundException: Stream orders under account 000000000000 not found.',
    );
  });
});
