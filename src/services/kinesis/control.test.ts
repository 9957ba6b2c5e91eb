import { describe, expect, it } from 'vitest';
import { kinesis } from './service.ts';
import { KinesisTest, streamArnOf } from './testing.ts';

const HOUR_MS = 3_600_000;
const ids = (shards: readonly { readonly ShardId?: string | undefined }[] | undefined): readonly number[] =>
  (shards ?? []).map(({ ShardId = '' }) => Number(ShardId.slice('shardId-'.length)));

describe('a request', () => {
  const refusals = [
    ['CreateStream', {}, "Value null at 'streamName' failed to satisfy constraint: Member must not be null"],
    [
      'CreateStream',
      { StreamName: 'x'.repeat(129), ShardCount: 1 },
      'Member must have length less than or equal to 128',
    ],
    ['CreateStream', { StreamName: 'x', ShardCount: 0 }, 'Member must have value greater than or equal to 1'],
    ['CreateStream', { StreamName: 'x' }, 'ShardCount must be specified'],
    ['CreateStream', { StreamName: 'x', ShardCount: 10_001 }, 'LimitExceededException'],
    [
      'CreateStream',
      { StreamName: 'x', ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      'must not be specified',
    ],
    [
      'CreateStream',
      { StreamName: 'x', ShardCount: 1, StreamModeDetails: { StreamMode: 'OFF' } },
      'enum value set: [PROVISIONED, ON_DEMAND]',
    ],
    ['CreateStream', { StreamName: 'x', ShardCount: 1, StreamModeDetails: {} }, "at 'streamModeDetails.streamMode'"],
    ['CreateStream', { StreamName: 'x', ShardCount: 1, MaxRecordSizeInKiB: 1 }, 'greater than or equal to 1024'],
    [
      'CreateStream',
      { StreamName: 'x', ShardCount: 1, WarmThroughputMiBps: 5 },
      "Either 'warmThroughputMiBps' or 'shardCount' can be set but not both",
    ],
    [
      'CreateStream',
      { StreamName: 'x', WarmThroughputMiBps: 5 },
      'WarmThroughputMiBps cannot be set while creating stream in Provisioned StreamMode',
    ],
    [
      'GetShardIterator',
      { StreamName: 'orders', ShardId: 'shardId-002147483648', ShardIteratorType: 'LATEST' },
      'Could not find shard shardId-002147483648 in stream orders under account 000000000000.',
    ],
    [
      'GetShardIterator',
      { StreamName: 'orders', ShardId: 'shardId-002147483647', ShardIteratorType: 'LATEST' },
      'Shard shardId-002147483647 in stream orders under account 000000000000 does not exist',
    ],
    [
      'AddTagsToStream',
      { StreamName: 'orders', Tags: { 'a%': 'b' } },
      "because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@',':'.",
    ],
    [
      'CreateStream',
      { StreamName: 'x', RecordDistributionStrategy: 'AUTO', ShardCount: 1 },
      'RecordDistributionStrategy AUTO is not available here.',
    ],
    [
      'CreateStream',
      { StreamName: 'x', RecordDistributionStrategy: 'USER_PARTITION_KEY', ShardCount: 1 },
      'RecordDistributionStrategy is only for streams with capacity mode ON_DEMAND',
    ],
    [
      'UpdateStreamRecordDistributionStrategy',
      { StreamARN: streamArnOf('orders'), RecordDistributionStrategy: 'USER_PARTITION_KEY' },
      'RecordDistributionStrategy is only for streams with capacity mode ON_DEMAND',
    ],
    [
      'CreateStream',
      { StreamName: 'orders', ShardCount: 1 },
      'ResourceInUseException: Stream orders under account 000000000000 already exists.',
    ],
    ['CreateStream', { StreamName: 'x', ShardCount: 1, Tags: { 'a*': 'b' } }, 'Some tags contain invalid characters'],
    ['CreateStream', { StreamName: 'x', ShardCount: 1, Tags: { 'AWS:a': 'b' } }, 'aws: prefixed tag key names are not'],
    ['DescribeStream', {}, "Stream arn and stream name can't be empty at the same time"],
    [
      'DescribeStream',
      { StreamName: 'orders', StreamARN: streamArnOf('other') },
      "Input stream name orders doesn't match the inferred name in stream arn other",
    ],
    ['DescribeStream', { StreamARN: 'arn' }, "Value 'arn' at 'streamARN'"],
    ['DescribeStream', { StreamName: 'orders', StreamId: 'a' }, 'reserved for future use'],
    ['PutRecord', { StreamName: 'orders' }, '2 validation errors detected'],
    ['PutRecord', { StreamName: 'orders', Data: new Uint8Array(), PartitionKey: '' }, "at 'partitionKey'"],
    [
      'PutRecord',
      { StreamName: 'orders', Data: new Uint8Array(), PartitionKey: 'k'.repeat(257) },
      'less than or equal to 256',
    ],
    [
      'PutRecord',
      { StreamName: 'orders', Data: new Uint8Array(1_048_576), PartitionKey: 'k' },
      'exceed the maximum record size of 1024 KiB',
    ],
    [
      'PutRecord',
      { StreamName: 'orders', Data: new Uint8Array(10_485_761), PartitionKey: 'k' },
      "Value 'java.nio.HeapByteBuffer[pos=0 lim=10485761 cap=10485761]' at 'data'",
    ],
    [
      'PutRecord',
      { StreamName: 'orders', Data: new Uint8Array(), PartitionKey: 'k', ExplicitHashKey: '01' },
      "at 'explicitHashKey'",
    ],
    [
      'PutRecord',
      { StreamName: 'orders', Data: new Uint8Array(), PartitionKey: 'k', ExplicitHashKey: String(2n ** 128n) },
      'ExplicitHashKey must be in the range: [0, 2^128-1]',
    ],
    [
      'PutRecord',
      { StreamName: 'orders', Data: new Uint8Array(), PartitionKey: 'k', SequenceNumberForOrdering: '7' },
      'ExclusiveMinimumSequenceNumber 7 used in PutRecord on stream orders',
    ],
    [
      'PutRecord',
      { StreamName: 'orders', Data: new Uint8Array(), PartitionKey: 'k', DryRun: true },
      'DryRunOperationException',
    ],
    [
      'PutRecords',
      { StreamName: 'orders', Records: [] },
      "at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'PutRecords',
      { StreamName: 'orders', Records: Array.from({ length: 501 }, () => ({})) },
      'less than or equal to 500',
    ],
    [
      'PutRecords',
      { StreamName: 'orders', Records: [{ PartitionKey: 'k', Data: new Uint8Array() }, {}] },
      "Value null at 'records.2.member.partitionKey'",
    ],
    [
      'PutRecords',
      {
        StreamName: 'orders',
        Records: Array.from({ length: 11 }, () => ({ PartitionKey: 'k', Data: new Uint8Array(1_000_000) })),
      },
      'InvalidArgumentException: Records size exceeds 10 MB limit',
    ],
    ['ListShards', { NextToken: 'a', StreamId: 'b' }, 'StreamId is reserved for future use'],
    ['ListShards', {}, 'Either NextToken or StreamName should be provided.'],
    ['ListShards', { StreamName: 'orders', NextToken: 'a' }, 'NextToken and StreamName cannot be provided together.'],
    ['ListShards', { NextToken: 'a' }, 'Invalid NextToken.'],
    ['ListShards', { StreamName: 'orders', ShardFilter: { Type: 'AT_TIMESTAMP' } }, 'needs a Timestamp'],
    [
      'ListShards',
      { StreamName: 'orders', ShardFilter: { Type: 'AT_LATEST', ShardId: '0' } },
      'must not have a ShardId',
    ],
    ['ListShards', { StreamName: 'orders', ShardFilter: { Type: 'NEAR' } }, 'enum value set: [AFTER_SHARD_ID,'],
    ['ListShards', { StreamName: 'orders', StreamCreationTimestamp: 1 }, 'ResourceNotFoundException'],
    [
      'IncreaseStreamRetentionPeriod',
      { StreamName: 'orders', RetentionPeriodHours: 8_761 },
      'Maximum allowed retention period is 8760 hours.',
    ],
    [
      'DecreaseStreamRetentionPeriod',
      { StreamName: 'orders', RetentionPeriodHours: 23 },
      'Minimum allowed retention period is 24 hours.',
    ],
    [
      'DecreaseStreamRetentionPeriod',
      { StreamName: 'orders', RetentionPeriodHours: 25 },
      'can not be longer than existing retention period (24 hours)',
    ],
    [
      'StartStreamEncryption',
      { StreamName: 'orders', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      'Encryption with KMS is not available here.',
    ],
    [
      'UpdateStreamWarmThroughput',
      { StreamName: 'orders', WarmThroughputMiBps: 5 },
      'only for streams with capacity mode ON_DEMAND',
    ],
    [
      'EnableEnhancedMonitoring',
      { StreamName: 'orders', ShardLevelMetrics: ['Bytes'] },
      'enum value set: [IncomingBytes,',
    ],
    [
      'TagResource',
      { ResourceARN: streamArnOf('none'), Tags: { a: 'b' } },
      `ResourceARN ${streamArnOf('none')} not found.`,
    ],
    ['PutResourcePolicy', { ResourceARN: streamArnOf('orders'), Policy: '{' }, 'Invalid resource policy'],
    ...(
      [
        [{ Resource: streamArnOf('other') }, "The resource policy's resource must be the same as the resource ARN."],
        [{ Resource: '*' }, "The resource policy's resource must be the same as the resource ARN."],
        [{ Action: 'kinesis:*' }, 'cannot contain invalid actions'],
        [{ Action: ['kinesis:PutRecord', 'kinesis:Get*'] }, 'cannot contain invalid actions'],
        [{ Action: '*' }, 'cannot contain invalid actions'],
        [
          { Action: 'sqs:SendMessage' },
          'Action field includes AWS services that are inconsistent with specified vendor',
        ],
        [{ Principal: undefined }, 'Policy validation error: Missing required field Principal'],
        [
          { Principal: undefined, NotPrincipal: { AWS: '111122223333' } },
          'Policy validation error: Has prohibited field NotPrincipal',
        ],
      ] as const
    ).map(([change, text]) => {
      const ResourceARN = streamArnOf('orders');
      const allowed = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kinesis:PutRecord' };
      const Statement = { ...allowed, Resource: ResourceARN, ...change };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
      return ['PutResourcePolicy', { ResourceARN, Policy }, text] as const;
    }),
  ] as const;

  // The inputs are no titles: some of them have ten megabytes.
  it.each(refusals.map(([operation, input, text]) => ({ operation, input, text })))(
    '$operation is refused: $text',
    async (asked) => {
      const { operation, input, text } = asked;
      const test = await KinesisTest.open();
      await test.create();
      expect(await test.refusal(operation, input)).toContain(text);
    },
  );

  it('of any shape is answered without a defect', async () => {
    const test = await KinesisTest.open();
    await test.create();
    const values = [undefined, '', 'orders', '\u0000', 0, -1, 1e300, true, [], [''], {}, { a: 1 }, new Uint8Array(3)];
    const members = [
      'StreamName',
      'StreamARN',
      'ResourceARN',
      'ShardId',
      'NextToken',
      'ShardIterator',
      'Records',
      'Tags',
    ];
    for (const operation of Object.keys(kinesis.operations)) {
      for (const [i, value] of values.entries()) {
        const typed = (name: string): unknown => {
          if (name === 'Records') return Array.isArray(value) ? value.map(() => ({})) : undefined;
          if (name === 'Tags') return undefined;
          return typeof value === 'string' ? value : undefined;
        };
        const input = Object.fromEntries(members.map((name) => [name, typed(name)]));
        const call = test.cell.start('kinesis', operation, {
          ...input,
          ...(i % 2 === 0 ? { StreamName: 'orders' } : {}),
        });
        await test.cell.settle();
        call.abort();
      }
    }
    expect(test.cell.diagnostics).toEqual([]);
    expect(test.cell.fatal).toBeUndefined();
  });
});

describe('ListShards', () => {
  it('has every filter', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 2);
    const list = async (Type: string, more: object = {}) =>
      ids((await test.call('ListShards', { StreamName: 'orders', ShardFilter: { Type, ...more } })).Shards);
    await test.advance(HOUR_MS);
    const first = test.cell.clock.nowMs();
    await test.call('SplitShard', { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '1000' });
    await test.advance(HOUR_MS);
    await test.call('MergeShards', { StreamName: 'orders', ShardToMerge: '2', AdjacentShardToMerge: '3' });
    expect(await list('AT_LATEST')).toEqual([1, 4]);
    expect(await list('AT_TRIM_HORIZON')).toEqual([0, 1]);
    expect(await list('FROM_TRIM_HORIZON')).toEqual([0, 1, 2, 3, 4]);
    expect(await list('AFTER_SHARD_ID', { ShardId: 'shardId-000000000002' })).toEqual([3, 4]);
    expect(await list('AT_TIMESTAMP', { Timestamp: first + 1 })).toEqual([1, 2, 3]);
    expect(await list('AT_TIMESTAMP', { Timestamp: 0 })).toEqual([0, 1]);
    expect(await list('FROM_TIMESTAMP', { Timestamp: first + 1 })).toEqual([1, 2, 3, 4]);
    expect(await list('FROM_TIMESTAMP', { Timestamp: 0 })).toEqual([0, 1, 2, 3, 4]);
    await test.advance(23 * HOUR_MS + 1);
    expect(await list('FROM_TRIM_HORIZON')).toEqual([1, 2, 3, 4]);
    expect(await list('AT_TRIM_HORIZON')).toEqual([1, 2, 3]);
  });

  it('goes on with a token alone, for five minutes, also after a restart', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 5);
    const filter = { Type: 'AFTER_SHARD_ID', ShardId: '0' };
    const page = await test.call('ListShards', { StreamName: 'orders', ShardFilter: filter, MaxResults: 2 });
    expect(ids(page.Shards)).toEqual([1, 2]);
    await test.restart();
    const { NextToken } = page;
    const rest = await test.call('ListShards', { NextToken, MaxResults: 10 });
    expect(ids(rest.Shards)).toEqual([3, 4]);
    expect(rest.NextToken).toBeUndefined();
    await test.advance(300_001);
    expect(await test.refusal('ListShards', { NextToken })).toContain('ExpiredNextTokenException');
  });

  it('goes on behind a shard, and knows the stream by its creation', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 3);
    const { StreamDescription } = await test.call('DescribeStream', { StreamName: 'orders', Limit: 2 });
    expect(StreamDescription?.HasMoreShards).toBe(true);
    const StreamCreationTimestamp = StreamDescription?.StreamCreationTimestamp;
    const input = { StreamName: 'orders', StreamCreationTimestamp, ExclusiveStartShardId: 'shardId-000000000001' };
    expect(ids((await test.call('ListShards', input)).Shards)).toEqual([2]);
  });
});

describe('a stream', () => {
  it('is listed with others, in pages by name or token', async () => {
    const test = await KinesisTest.open();
    for (const name of ['a', 'b', 'c']) await test.create(name);
    const first = await test.call('ListStreams', { Limit: 2 });
    expect(first).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true });
    expect(first.StreamSummaries?.[0]).toMatchObject({ StreamARN: streamArnOf('a'), StreamStatus: 'ACTIVE' });
    const rest = { StreamNames: ['c'], HasMoreStreams: false };
    expect(await test.call('ListStreams', { NextToken: first.NextToken })).toMatchObject(rest);
    expect(await test.call('ListStreams', { ExclusiveStartStreamName: 'b' })).toMatchObject(rest);
  });

  it('has tags by name and by ARN', async () => {
    const test = await KinesisTest.open();
    await test.create();
    const ResourceARN = streamArnOf('orders');
    await test.call('AddTagsToStream', { StreamName: 'orders', Tags: { a: '1', b: '2' } });
    await test.call('TagResource', { ResourceARN, Tags: { c: '3', a: '4' } });
    await test.call('UntagResource', { ResourceARN, TagKeys: ['b', 'none'] });
    const Tags = [
      { Key: 'a', Value: '4' },
      { Key: 'c', Value: '3' },
    ];
    expect(await test.call('ListTagsForResource', { ResourceARN })).toEqual({ Tags });
    const page = await test.call('ListTagsForStream', { StreamName: 'orders', Limit: 1 });
    expect(page).toEqual({ Tags: Tags.slice(0, 1), HasMoreTags: true });
    await test.call('RemoveTagsFromStream', { StreamName: 'orders', TagKeys: ['a'] });
    await test.restart(true);
    expect(await test.call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: Tags.slice(1) });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, '']));
    expect(await test.refusal('AddTagsToStream', { StreamName: 'orders', Tags: many })).toContain('more than 50 tags');
  });

  it('changes its mode and keeps its shards; on demand nobody splits them', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 2);
    const StreamARN = streamArnOf('orders');
    await test.call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const { StreamDescriptionSummary } = await test.call('DescribeStreamSummary', { StreamARN });
    expect(StreamDescriptionSummary).toMatchObject({
      OpenShardCount: 2,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RecordDistributionStrategy: 'USER_PARTITION_KEY',
    });
    const strategy = { StreamARN, RecordDistributionStrategy: 'USER_PARTITION_KEY' };
    expect(await test.refusal('UpdateStreamRecordDistributionStrategy', strategy)).toBe('was not refused');
    expect(await test.refusal('SplitShard', { StreamARN, ShardToSplit: '0', NewStartingHashKey: '9' })).toBe(
      'ValidationException: Request is invalid. Stream orders under account 000000000000 is in On-Demand mode.',
    );
    const update = { StreamARN, TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' };
    expect(await test.refusal('UpdateShardCount', update)).toContain('On-Demand mode');
  });

  it('is warmed when the account has committed itself', async () => {
    const test = await KinesisTest.open();
    const StreamARN = streamArnOf('orders');
    await test.call('CreateStream', { StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const warm = { StreamARN, WarmThroughputMiBps: 10 };
    expect(await test.refusal('UpdateStreamWarmThroughput', warm)).toContain('ValidationException');
    const commitment = { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } };
    expect(await test.call('UpdateAccountSettings', commitment)).toMatchObject(commitment);
    expect(await test.call('UpdateStreamWarmThroughput', warm)).toMatchObject({
      WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 10 },
    });
    const { StreamDescriptionSummary } = await test.call('DescribeStreamSummary', { StreamARN });
    expect(StreamDescriptionSummary).toMatchObject({ OpenShardCount: 10, WarmThroughput: { CurrentMiBps: 10 } });
    await test.restart();
    expect(await test.call('DescribeAccountSettings', {})).toMatchObject(commitment);
  });

  it('has a policy that lets another account write, by ARN', async () => {
    const test = await KinesisTest.open([], { iamMode: 'off' });
    await test.create();
    const ResourceARN = streamArnOf('orders');
    expect(await test.call('GetResourcePolicy', { ResourceARN })).toEqual({ Policy: '{}' });
    const Statement = [
      { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kinesis:PutRecord', Resource: ResourceARN },
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await test.call('PutResourcePolicy', { ResourceARN, Policy });
    expect(await test.call('GetResourcePolicy', { ResourceARN })).toEqual({ Policy });
    const scope = { partition: 'aws', account: '111122223333', region: 'us-east-1' };
    const input = { StreamARN: ResourceARN, PartitionKey: 'k', Data: new Uint8Array() };
    await test.call('PutRecord', input, { scope });
    expect(await test.texts()).toEqual(['']);
    await test.call('DeleteResourcePolicy', { ResourceARN });
    expect(await test.refusal('DeleteResourcePolicy', { ResourceARN })).toContain('ResourceNotFoundException');
  });

  it('counts what its shards took and gave, and tells what it was asked to', async () => {
    const test = await KinesisTest.open();
    await test.create();
    const all = await test.call('EnableEnhancedMonitoring', { StreamName: 'orders', ShardLevelMetrics: ['ALL'] });
    expect(all.CurrentShardLevelMetrics).toEqual([]);
    expect(all.DesiredShardLevelMetrics).toHaveLength(7);
    const less = { StreamName: 'orders', ShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'] };
    expect((await test.call('DisableEnhancedMonitoring', less)).DesiredShardLevelMetrics).toHaveLength(5);
    await test.put(['k=a', 'k=b']);
    await test.texts();
    const state = test.cell.cell.registry.services.get('kinesis')?.state as import('./state.ts').KinesisState;
    expect(state.contents.get(1)?.shards.get(0)?.counters).toMatchObject({
      incomingBytes: 6,
      incomingRecords: 2,
      outgoingRecords: 2,
    });
  });
});
