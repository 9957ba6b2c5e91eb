import { describe, expect, it } from 'vitest';
import { utf8Decode } from '#base/bytes.ts';
import { KinesisTest, streamArnOf } from './testing.ts';

const HOUR_MS = 3_600_000;
const SHARD = 'shardId-000000000000';

describe('an iterator', () => {
  it('begins at a number, behind it, at the oldest, behind the newest, or at a time', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a', 'k=b']);
    await test.advance(1_000);
    const Timestamp = test.cell.clock.nowMs();
    const { Records } = await test.put(['k=c', 'k=d']);
    await test.advance(1_000);
    const StartingSequenceNumber = Records?.[0]?.SequenceNumber;
    const check = async (): Promise<void> => {
      expect(await test.texts()).toEqual(['k=a', 'k=b', 'k=c', 'k=d']);
      expect(await test.texts({ ShardIteratorType: 'LATEST' })).toEqual([]);
      const at = { StartingSequenceNumber, ShardIteratorType: 'AT_SEQUENCE_NUMBER' };
      expect(await test.texts(at)).toEqual(['k=c', 'k=d']);
      expect(await test.texts({ ...at, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' })).toEqual(['k=d']);
      const since = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp };
      expect(await test.texts(since)).toEqual(['k=c', 'k=d']);
      expect(await test.texts({ ...since, Timestamp: Timestamp + 1 })).toEqual([]);
      expect(await test.texts({ ...since, Timestamp: 0 })).toHaveLength(4);
    };
    await check();
    await test.advance(600_000);
    expect(await test.engine.blobs.names()).toHaveLength(1);
    await check();
  });

  it('reads from the first and the last number of a shard', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a']);
    await test.call('SplitShard', { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '9' });
    const { StartingSequenceNumber = '', EndingSequenceNumber = '' } =
      (await test.shards())[0]?.SequenceNumberRange ?? {};
    const texts = (ShardIteratorType: string, number: string) =>
      test.texts({ ShardIteratorType, StartingSequenceNumber: number });
    expect(await texts('AT_SEQUENCE_NUMBER', StartingSequenceNumber)).toEqual(['k=a']);
    expect(await texts('AFTER_SEQUENCE_NUMBER', StartingSequenceNumber)).toEqual(['k=a']);
    expect(await texts('AT_SEQUENCE_NUMBER', EndingSequenceNumber)).toEqual([]);
    expect(BigInt(StartingSequenceNumber) < BigInt(EndingSequenceNumber)).toBe(true);
  });

  it('sees what comes after it was given, and goes on for five minutes', async () => {
    const test = await KinesisTest.open();
    await test.create();
    const latest = await test.iterator({ ShardIteratorType: 'LATEST' });
    await test.put(['k=a']);
    await test.advance(300_000);
    expect((await test.get(latest)).Records).toHaveLength(1);
    await test.advance(1);
    expect(await test.refusal('GetRecords', { ShardIterator: latest })).toBe(
      'ExpiredIteratorException: Iterator expired. The iterator was created at time Thu Jan 15 12:00:00 UTC 2026 while right now it is ' +
        'Thu Jan 15 12:05:00 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds.',
    );
  });

  it('cannot be made by anybody else, nor changed', async () => {
    const test = await KinesisTest.open();
    await test.create();
    const iterator = await test.iterator();
    const changed = `${iterator.slice(0, 20)}${iterator[20] === 'A' ? 'B' : 'A'}${iterator.slice(21)}`;
    for (const wrong of [changed, 'AAAA', 'no base64', iterator.slice(0, -4), `${iterator}AAAA`, '====']) {
      expect(await test.refusal('GetRecords', { ShardIterator: wrong })).toBe(
        'InvalidArgumentException: Invalid ShardIterator.',
      );
    }
    await test.call('DeleteStream', { StreamName: 'orders' });
    await test.create();
    expect(await test.refusal('GetRecords', { ShardIterator: iterator })).toContain('ResourceNotFoundException');
  });

  it.each([
    [
      { ShardIteratorType: 'AT_SEQUENCE_NUMBER' },
      'Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.',
    ],
    [{ StartingSequenceNumber: '0' }, 'Request specified TRIM_HORIZON and also a StartingSequenceNumber.'],
    [{ ShardIteratorType: 'AT_TIMESTAMP' }, 'Must specify timestampInMillis parameter'],
    [{ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: 9e12 }, 'cannot be greater than the currentTimestampInMillis'],
    [{ ShardIteratorType: 'NEWEST' }, 'Member must satisfy enum value set: [AT_SEQUENCE_NUMBER,'],
    [
      { ShardId: 'shardId-000000000007' },
      `Shard shardId-000000000007 in stream orders under account 000000000000 does not exist`,
    ],
    [{ ShardId: 'x' }, 'Could not find shard x in stream orders'],
    [{ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '5' }, 'is invalid.'],
    [{ StreamName: 'none' }, 'Stream none under account 000000000000 not found.'],
    [{ DryRun: true }, 'DryRunOperationException'],
  ])('is refused for %j', async (change, text) => {
    const test = await KinesisTest.open();
    await test.create();
    const input = { StreamName: 'orders', ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON', ...change };
    expect(await test.refusal('GetShardIterator', input)).toContain(text);
  });

  it('does not take a number of another shard or of a stream that was there before', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 2);
    const { SequenceNumber: StartingSequenceNumber } = await test.call('PutRecord', {
      StreamName: 'orders',
      PartitionKey: 'k',
      ExplicitHashKey: '0',
      Data: new Uint8Array(),
    });
    const input = { StreamName: 'orders', ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber };
    expect(await test.refusal('GetShardIterator', { ...input, ShardId: '1' })).toBe(
      'InvalidArgumentException: Invalid StartingSequenceNumber. It encodes shardId-000000000000, while it was used in a call to a shard with shardId-000000000001',
    );
    await test.call('DeleteStream', { StreamName: 'orders' });
    await test.advance(1_000);
    await test.create('orders', 2);
    expect(await test.refusal('GetShardIterator', { ...input, ShardId: '0' })).toContain(
      'is invalid because it did not come from this stream.',
    );
  });
});

describe('GetRecords', () => {
  it('says how far behind it is', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a']);
    await test.advance(5_000);
    await test.put(['k=b']);
    const first = await test.get(await test.iterator(), 1);
    expect(first.MillisBehindLatest).toBe(5_000);
    expect((await test.get(first.NextShardIterator ?? '')).MillisBehindLatest).toBe(0);
  });

  it('stops at ten mebibytes, and gives one record however large', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.call('UpdateMaxRecordSize', { StreamARN: streamArnOf('orders'), MaxRecordSizeInKiB: 10_240 });
    const put = (bytes: number) =>
      test.call('PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data: new Uint8Array(bytes) });
    await put(10 * 1024 * 1024 - 1);
    await put(6 * 1024 * 1024);
    await put(5 * 1024 * 1024);
    const { records } = await test.readAll(await test.iterator());
    expect(records.map(({ text }) => text.length)).toEqual([10_485_759, 6_291_456, 5_242_880]);
    expect((await test.get(await test.iterator())).Records).toHaveLength(1);
  });

  it('leaves out what has expired, at the hour, and gives its disk back', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a']);
    await test.advance(HOUR_MS);
    await test.put(['k=b']);
    await test.advance(23 * HOUR_MS - 1);
    expect(await test.texts()).toEqual(['k=a', 'k=b']);
    await test.advance(2);
    expect(await test.texts()).toEqual(['k=b']);
    await test.call('IncreaseStreamRetentionPeriod', { StreamName: 'orders', RetentionPeriodHours: 8_760 });
    await test.advance(300 * 24 * HOUR_MS);
    expect(await test.texts()).toEqual(['k=b']);
    expect(await test.engine.blobs.names()).toHaveLength(1);
    await test.call('DecreaseStreamRetentionPeriod', { StreamName: 'orders', RetentionPeriodHours: 24 });
    expect(await test.texts()).toEqual([]);
    await test.advance(0);
    expect(await test.engine.blobs.names()).toEqual([]);
  });

  it.each([false, true])(
    'keeps away what had expired before the retention became longer, also after a restart (clean: %s)',
    async (isClean) => {
      const test = await KinesisTest.open();
      await test.create();
      await test.put(['k=a']);
      await test.advance(100_000);
      await test.put(['k=b']);
      await test.advance(24 * HOUR_MS - 50_000);
      expect(await test.texts()).toEqual(['k=b']);
      await test.call('IncreaseStreamRetentionPeriod', { StreamName: 'orders', RetentionPeriodHours: 48 });
      expect(await test.texts()).toEqual(['k=b']);
      await test.call('DecreaseStreamRetentionPeriod', { StreamName: 'orders', RetentionPeriodHours: 24 });
      await test.advance(60_000);
      await test.call('IncreaseStreamRetentionPeriod', { StreamName: 'orders', RetentionPeriodHours: 8_760 });
      await test.restart(isClean);
      expect(await test.texts()).toEqual([]);
      expect(await test.engine.blobs.names()).toEqual([]);
    },
  );

  it('goes on at the oldest record when what it was to read has expired', async () => {
    const test = await KinesisTest.open();
    await test.create();
    await test.put(['k=a']);
    await test.advance(25 * HOUR_MS);
    await test.put(['k=b']);
    const page = await test.get(await test.iterator());
    expect(page.Records?.map(({ Data }) => utf8Decode(Data as Uint8Array))).toEqual(['k=b']);
  });

  it('of a closed shard ends with its children and without an iterator', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 2);
    await test.put(['k=a']);
    await test.call('MergeShards', { StreamName: 'orders', ShardToMerge: '0', AdjacentShardToMerge: '1' });
    const page = await test.get(await test.iterator());
    expect(page.NextShardIterator).toBeUndefined();
    expect(page.ChildShards).toEqual([
      {
        ShardId: 'shardId-000000000002',
        ParentShards: ['shardId-000000000000', 'shardId-000000000001'],
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
      },
    ]);
  });

  it.each([
    [{ Limit: 0 }, 'Member must have value greater than or equal to 1'],
    [{ Limit: 10_001 }, 'Member must have value less than or equal to 10000'],
    [{ StreamId: 'a' }, 'StreamId is reserved'],
    [{ StreamARN: streamArnOf('other') }, 'was not given for the stream'],
    [{ ShardIterator: undefined }, "Value null at 'shardIterator'"],
  ])('is refused for %j', async (change, text) => {
    const test = await KinesisTest.open();
    await test.create();
    await test.create('other');
    expect(await test.refusal('GetRecords', { ShardIterator: await test.iterator(), ...change })).toContain(text);
  });
});

describe('with the limits of AWS', () => {
  const open = () => KinesisTest.open([], { limits: { mode: 'aws' } });

  it('a shard takes a thousand records and a mebibyte a second', async () => {
    const test = await open();
    await test.create();
    const put = (count: number, bytes: number) =>
      test.call('PutRecords', {
        StreamName: 'orders',
        Records: Array.from({ length: count }, () => ({ PartitionKey: 'k', Data: new Uint8Array(bytes) })),
      });
    expect((await put(500, 1)).FailedRecordCount).toBe(0);
    expect((await put(500, 1)).FailedRecordCount).toBe(0);
    expect((await put(10, 1)).FailedRecordCount).toBe(10);
    await test.advance(100);
    expect((await put(110, 1)).FailedRecordCount).toBe(10);
    await test.advance(1_000);
    expect((await put(2, 600_000)).FailedRecordCount).toBe(1);
    expect(
      await test.refusal('PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data: new Uint8Array(600_000) }),
    ).toBe(
      'ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.',
    );
  });

  it('a shard gives five iterators a second, and an open one only', async () => {
    const test = await open();
    await test.create();
    const input = { StreamName: 'orders', ShardId: '0', ShardIteratorType: 'LATEST' };
    for (let i = 0; i < 5; i += 1) await test.call('GetShardIterator', input);
    expect(await test.refusal('GetShardIterator', { ...input, DryRun: true })).toContain('DryRunOperationException');
    const refused =
      'ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.';
    expect(await test.refusal('GetShardIterator', input)).toBe(refused);
    await test.advance(199);
    expect(await test.refusal('GetShardIterator', input)).toBe(refused);
    await test.advance(1);
    await test.get(await test.iterator());
    await test.call('SplitShard', { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '1000' });
    for (let i = 0; i < 6; i += 1) await test.iterator();
  });

  it('a shard that is asked without a record being put has what it had', async () => {
    const test = await open();
    await test.create();
    const record = { StreamName: 'orders', PartitionKey: 'k', Data: new Uint8Array(600_000) };
    expect(await test.refusal('PutRecord', { ...record, DryRun: true })).toContain('DryRunOperationException');
    expect(await test.refusal('PutRecord', record)).toBe('was not refused');
  });

  it('a shard gives five pages a second, and pays back what was more than two mebibytes', async () => {
    const test = await open();
    await test.create();
    const iterator = await test.iterator();
    for (let i = 0; i < 5; i += 1) await test.get(iterator);
    expect(await test.refusal('GetRecords', { ShardIterator: iterator })).toContain('ProvisionedThroughputExceeded');
    for (let i = 0; i < 8; i += 1) {
      await test.advance(1_000);
      await test.call('PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data: new Uint8Array(1_000_000) });
    }
    // The oldest four are a block by now.
    expect((await test.get(iterator)).Records).toHaveLength(4);
    await test.advance(500);
    expect(await test.refusal('GetRecords', { ShardIterator: iterator })).toContain('Rate exceeded for shard');
    await test.advance(500);
    await test.get(iterator);
  });

  it('an on-demand stream grows where it is busy', async () => {
    const test = await open();
    await test.call('CreateStream', { StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const put = (Data: Uint8Array) =>
      test.call('PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data, ExplicitHashKey: '5' });
    for (let i = 0; i < 40; i += 1) {
      await put(new Uint8Array(900_000).fill(i));
      await test.advance(1_000);
    }
    const { Shards = [] } = await test.call('ListShards', { StreamName: 'orders' });
    expect(Shards.map(({ ParentShardId }) => ParentShardId)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      ...['shardId-000000000000', 'shardId-000000000000'],
    ]);
    const { ChildShards } = await test.get(await test.iterator({ ShardIteratorType: 'LATEST' }));
    expect(ChildShards).toHaveLength(2);
  });

  it('shards of an account and changes of a stream are counted', async () => {
    const test = await open();
    expect(await test.refusal('CreateStream', { StreamName: 'big', ShardCount: 10_000 })).toBe('was not refused');
    await test.call('CreateStream', { StreamName: 'second', ShardCount: 10_000 });
    expect(await test.refusal('CreateStream', { StreamName: 'third', ShardCount: 1 })).toContain(
      'LimitExceededException: This request would exceed the shard limit for the account 000000000000 in us-east-1.',
    );
    expect(await test.call('DescribeLimits', {})).toEqual({
      ShardLimit: 20_000,
      OpenShardCount: 20_000,
      OnDemandStreamCount: 0,
      OnDemandStreamCountLimit: 50,
      ChannelCount: 0,
      ChannelCountLimit: 100,
    });
  });

  it('streams that change their mode are counted, too', async () => {
    const test = await open();
    const change = (name: string, StreamMode: string) =>
      test.refusal('UpdateStreamMode', { StreamARN: streamArnOf(name), StreamModeDetails: { StreamMode } });
    const StreamModeDetails = { StreamMode: 'ON_DEMAND' };
    await test.create();
    for (let i = 0; i < 50; i += 1) await test.call('CreateStream', { StreamName: `s${i}`, StreamModeDetails });
    expect(await change('orders', 'ON_DEMAND')).toContain('LimitExceededException');
    expect(await change('s0', 'ON_DEMAND')).toBe('was not refused');
    await test.call('DeleteStream', { StreamName: 's1' });
    expect(await change('orders', 'ON_DEMAND')).toBe('was not refused');
    for (const name of ['big', 'second']) await test.create(name, name === 'big' ? 10_000 : 9_997);
    expect(await change('s0', 'PROVISIONED')).toContain('would exceed the shard limit');
  });

  it('a mode changes twice a day; the same one again is no change', async () => {
    const test = await open();
    await test.create();
    const change = (StreamMode: string) =>
      test.refusal('UpdateStreamMode', { StreamARN: streamArnOf('orders'), StreamModeDetails: { StreamMode } });
    for (let i = 0; i < 3; i += 1) expect(await change('PROVISIONED')).toBe('was not refused');
    expect(await change('ON_DEMAND')).toBe('was not refused');
    expect(await change('ON_DEMAND')).toBe('was not refused');
    expect(await change('PROVISIONED')).toBe('was not refused');
    expect(await change('PROVISIONED')).toBe('was not refused');
    expect(await change('ON_DEMAND')).toContain('LimitExceededException');
  });

  it('a count of shards may double or halve, ten times a day', async () => {
    const test = await open();
    await test.create('orders', 4);
    const count = (TargetShardCount: number) =>
      test.refusal('UpdateShardCount', { StreamName: 'orders', TargetShardCount, ScalingType: 'UNIFORM_SCALING' });
    expect(await count(9)).toContain('cannot scale up over double');
    expect(await count(1)).toContain('cannot scale down below half');
    for (let i = 0; i < 10; i += 1) expect(await count(4 + (i % 2))).toBe('was not refused');
    expect(await count(4)).toContain('LimitExceededException');
    await test.advance(24 * HOUR_MS);
    expect(await count(4)).toBe('was not refused');
  });
});
