// Kinesis as clients see it: records put and read with every kind of iterator, shards split and followed, settings, refusals. The JavaScript client
// speaks HTTP/2 of its own accord.

import { expect } from 'vitest';
import type { Client } from './client.ts';

/** The command line shows bytes as base64. */
const text = (data: Uint8Array | string | undefined): string =>
  (typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data ?? [])).toString();
const bytes = (data: string): Uint8Array => Uint8Array.from(Buffer.from(data));

async function streamOf(client: Client, name: string, ShardCount = 1): Promise<string> {
  const StreamName = `${client.prefix}-${name}`;
  await client.call('kinesis', 'CreateStream', { StreamName, ShardCount });
  return StreamName;
}

async function readAll(client: Client, more: object): Promise<{ read: string[]; children: string[] }> {
  const input = { ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON', ...more };
  let { ShardIterator: iterator } = await client.call('kinesis', 'GetShardIterator', input);
  const read: string[] = [];
  for (;;) {
    const page = await client.call('kinesis', 'GetRecords', { ShardIterator: iterator, Limit: 2 });
    read.push(...(page.Records ?? []).map(({ Data }) => text(Data)));
    iterator = page.NextShardIterator;
    if (iterator === undefined || page.MillisBehindLatest === 0) {
      return { read, children: (page.ChildShards ?? []).map(({ ShardId = '' }) => ShardId) };
    }
  }
}

export async function records(client: Client): Promise<void> {
  const StreamName = await streamOf(client, 'records');
  const one = await client.call('kinesis', 'PutRecord', { StreamName, PartitionKey: 'ü', Data: bytes('a 🌍') });
  const more = ['b', 'c', 'd'].map((each) => ({ PartitionKey: each, Data: bytes(each), ExplicitHashKey: '7' }));
  const { FailedRecordCount, Records = [] } = await client.call('kinesis', 'PutRecords', { StreamName, Records: more });
  expect(FailedRecordCount).toBe(0);
  expect(Records.every(({ ShardId }) => ShardId === one.ShardId)).toBe(true);
  const from = async (input: object): Promise<string[]> => (await readAll(client, { StreamName, ...input })).read;
  expect(await from({})).toEqual(['a 🌍', 'b', 'c', 'd']);
  expect(await from({ ShardIteratorType: 'LATEST' })).toEqual([]);
  const StartingSequenceNumber = Records[0]?.SequenceNumber;
  expect(await from({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['b', 'c', 'd']);
  expect(await from({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['c', 'd']);
  const { ShardIterator } = await client.call('kinesis', 'GetShardIterator', {
    StreamName,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const page = await client.call('kinesis', 'GetRecords', { ShardIterator });
  const [first] = page.Records ?? [];
  expect(first?.PartitionKey).toBe('ü');
  expect(first?.SequenceNumber).toBe(one.SequenceNumber);
  await client.call('kinesis', 'DeleteStream', { StreamName });
}

export async function reshardedStream(client: Client): Promise<void> {
  const StreamName = await streamOf(client, 'resharded', 2);
  const put = (each: string): Promise<unknown> =>
    client.call('kinesis', 'PutRecord', { StreamName, PartitionKey: each, Data: bytes(each), ExplicitHashKey: '0' });
  await put('before');
  await client.call('kinesis', 'SplitShard', {
    StreamName,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(2n ** 126n),
  });
  await put('after');
  expect(await readAll(client, { StreamName })).toEqual({
    read: ['before'],
    children: ['shardId-000000000002', 'shardId-000000000003'],
  });
  expect((await readAll(client, { StreamName, ShardId: 'shardId-000000000002' })).read).toEqual(['after']);
  const first = await client.call('kinesis', 'ListShards', { StreamName, MaxResults: 3 });
  expect(first.Shards).toHaveLength(3);
  const rest = await client.call('kinesis', 'ListShards', { NextToken: first.NextToken });
  expect(rest.Shards?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000003']);
  const open = await client.call('kinesis', 'ListShards', { StreamName, ShardFilter: { Type: 'AT_LATEST' } });
  expect(open.Shards).toHaveLength(3);
  await client.call('kinesis', 'UpdateShardCount', { StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
  const { StreamDescriptionSummary } = await client.call('kinesis', 'DescribeStreamSummary', { StreamName });
  expect(StreamDescriptionSummary).toMatchObject({ OpenShardCount: 2, StreamStatus: 'ACTIVE' });
  await client.call('kinesis', 'DeleteStream', { StreamName });
}

export async function streamSettings(client: Client): Promise<void> {
  const StreamName = `${client.prefix}-settings`;
  const mode = { StreamMode: 'ON_DEMAND' };
  await client.call('kinesis', 'CreateStream', { StreamName, StreamModeDetails: mode, Tags: { a: 'b' } });
  await client.call('kinesis', 'IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 });
  await client.call('kinesis', 'AddTagsToStream', { StreamName, Tags: { c: 'd' } });
  await client.call('kinesis', 'RemoveTagsFromStream', { StreamName, TagKeys: ['a'] });
  const { StreamDescription } = await client.call('kinesis', 'DescribeStream', { StreamName });
  expect(StreamDescription).toMatchObject({ RetentionPeriodHours: 48, StreamModeDetails: mode, HasMoreShards: false });
  expect(StreamDescription?.Shards).toHaveLength(4);
  const ResourceARN = StreamDescription?.StreamARN ?? '';
  const { Tags } = await client.call('kinesis', 'ListTagsForResource', { ResourceARN });
  expect(Tags).toEqual([{ Key: 'c', Value: 'd' }]);
  const Statement = {
    Effect: 'Allow',
    Principal: { AWS: '111122223333' },
    Action: 'kinesis:PutRecord',
    Resource: ResourceARN,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await client.call('kinesis', 'PutResourcePolicy', { ResourceARN, Policy });
  expect((await client.call('kinesis', 'GetResourcePolicy', { ResourceARN })).Policy).toBe(Policy);
  const { StreamNames } = await client.call('kinesis', 'ListStreams', {});
  expect(StreamNames).toContain(StreamName);
  await client.call('kinesis', 'DeleteStream', { StreamName });
}

export async function streamRefusals(client: Client): Promise<void> {
  const StreamName = `${client.prefix}-none`;
  expect(await client.refusal('kinesis', 'DescribeStreamSummary', { StreamName })).toBe(
    `ResourceNotFoundException: Stream ${StreamName} under account 000000000000 not found.`,
  );
  expect(await client.refusal('kinesis', 'GetRecords', { ShardIterator: 'AAAA' })).toBe(
    'InvalidArgumentException: Invalid ShardIterator.',
  );
  expect(await client.refusal('kinesis', 'CreateStream', { StreamName: 'a b', ShardCount: 1 })).toBe(
    "ValidationException: 1 validation error detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  );
}
