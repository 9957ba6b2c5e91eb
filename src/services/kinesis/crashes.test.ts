import { describe, expect, it } from 'vitest';
import { iam } from '#services/iam/service.ts';
import { KinesisTest, streamArnOf } from './testing.ts';

const TEN_MINUTES_MS = 600_000;

describe('records', () => {
  it('are there once and in order, whenever the process ends while blocks are written', async () => {
    const test = await KinesisTest.open();
    await test.create();
    const put: string[] = [];
    for (let life = 0; life < 24; life += 1) {
      const texts = [0, 1, 2].map((i) => `k=${life * 3 + i}`);
      await test.put(texts);
      put.push(...texts);
      // Ten minutes later a block is begun, and some moments later all is over.
      test.cell.clock.moveTo(test.cell.clock.nowMs() + TEN_MINUTES_MS);
      for (let moment = 0; moment < life % 12; moment += 1) await new Promise((resolve) => setImmediate(resolve));
      await test.crash(life % 3 === 0);
    }
    await test.advance(TEN_MINUTES_MS);
    const { records } = await test.readAll(await test.iterator(), 7);
    expect(records.map(({ text }) => text)).toEqual(put);
    const numbers = records.map(({ number }) => BigInt(number));
    expect(numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as bigint))).toBe(true);
    expect(test.cell.cell.payloads.count).toBe(0);
    const names = await test.engine.blobs.names();
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeLessThan(10);
  });

  it('leave no orphan when the process ends between a block and its fact', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a', 'k=b']);
    await test.engine.blobs.put('kinesis/1/0/0-1', new Uint8Array([1]));
    await test.crash(false);
    await test.cell.settle();
    expect(await test.engine.blobs.names()).toEqual([]);
    await test.advance(TEN_MINUTES_MS);
    expect(await test.engine.blobs.names()).toEqual(['kinesis/1/0/0-2']);
    expect(await test.texts()).toEqual(['k=a', 'k=b']);
  });

  it('are written later when the disk refuses them now, and read meanwhile', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a']);
    const { put } = test.engine.blobs;
    test.engine.blobs.put = async () => {
      throw new Error('no space left on device');
    };
    await test.advance(TEN_MINUTES_MS + 60_000);
    expect(test.cell.takeFacts().filter(({ name }) => name === 'ShardBlockPostponed')).toHaveLength(3);
    expect(await test.texts()).toEqual(['k=a']);
    test.engine.blobs.put = put;
    await test.advance(30_000);
    expect(await test.engine.blobs.names()).toEqual(['kinesis/1/0/0-1']);
  });

  it('that cannot be read are an error and not an empty page', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a']);
    await test.advance(TEN_MINUTES_MS);
    await test.crash(false);
    test.engine.blobs.get = async () => {
      throw new Error('the blob is damaged');
    };
    expect(await test.refusal('GetRecords', { ShardIterator: await test.iterator() })).toBe(
      'InternalFailureException: The records of the shard could not be read.',
    );
  });

  it('of a stream that is deleted while a block is written leave nothing', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a']);
    test.cell.clock.moveTo(test.cell.clock.nowMs() + TEN_MINUTES_MS);
    test.cell.start('kinesis', 'DeleteStream', { StreamName: 'orders' });
    await test.cell.settle();
    expect(await test.engine.blobs.names()).toEqual([]);
    expect(test.cell.cell.payloads.count).toBe(0);
    await test.create();
    await test.put(['k=b']);
    expect(await test.texts()).toEqual(['k=b']);
  });
});

describe('permissions', () => {
  const ARN = streamArnOf('orders');
  const other = {
    scope: { partition: 'aws', account: '111122223333', region: 'us-east-1' },
  };

  it.each([
    ['DescribeStream', { StreamARN: ARN }],
    ['DescribeStreamSummary', { StreamARN: ARN }],
    ['ListShards', { StreamARN: ARN }],
    ['PutRecord', { StreamARN: ARN, PartitionKey: 'k', Data: new Uint8Array() }],
    ['PutRecords', { StreamARN: ARN, Records: [{ PartitionKey: 'k', Data: new Uint8Array() }] }],
    ['GetShardIterator', { StreamARN: ARN, ShardId: '0', ShardIteratorType: 'LATEST' }],
    ['DeleteStream', { StreamARN: ARN }],
    ['SplitShard', { StreamARN: ARN, ShardToSplit: '0', NewStartingHashKey: '9' }],
    ['UpdateShardCount', { StreamARN: ARN, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }],
    ['AddTagsToStream', { StreamARN: ARN, Tags: { a: 'b' } }],
    ['TagResource', { ResourceARN: ARN, Tags: { a: 'b' } }],
    ['PutResourcePolicy', { ResourceARN: ARN, Policy: '{}' }],
  ] as const)(
    'another account may not %s without being let in, also when nothing is there',
    async (operation, input) => {
      const test = await KinesisTest.open([iam], { iamMode: 'enforce' });
      const nothing = await test.refusal(operation, input, other);
      await test.create();
      const denied = await test.refusal(operation, input, other);
      expect(denied).toContain(`kinesis:${operation}`);
      expect(denied).toContain('AccessDeniedException');
      expect(nothing).toBe(denied);
    },
  );

  it('of the stream are asked for an iterator that somebody else was given', async () => {
    const test = await KinesisTest.open([iam], { iamMode: 'enforce' });
    await test.create();
    const ShardIterator = await test.iterator();
    expect(await test.refusal('GetRecords', { ShardIterator }, other)).toContain('kinesis:GetRecords');
    const Statement = {
      Effect: 'Allow',
      Principal: { AWS: '111122223333' },
      Action: 'kinesis:GetRecords',
      Resource: ARN,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await test.call('PutResourcePolicy', { ResourceARN: ARN, Policy });
    expect((await test.call('GetRecords', { ShardIterator }, other)).Records).toEqual([]);
  });
});
