// Records of streams in a cell of their own: what is told after blocks were written, after a restart, and what is not decoded.

import { expect, test } from 'vitest';
import type { KinesisState } from '#services/kinesis/state.ts';
import { stories as kinesisStories } from '#services/kinesis/stories.ts';
import { KinesisTest, streamArnOf } from '#services/kinesis/testing.ts';
import { Explainer } from './explainer.ts';
import { StoryTeller } from './story-teller.ts';
import { subjectOf } from './subject.ts';

function explainerOf({ cell }: KinesisTest): Explainer {
  const teller = new StoryTeller(cell.cell.registry, new Map([['kinesis', kinesisStories]]));
  return new Explainer({ cell: cell.cell, teller, queueName: () => '', rulesOf: () => [] });
}

async function opened(): Promise<{ tested: KinesisTest; numbers: string[] }> {
  const tested = await KinesisTest.open();
  await tested.create();
  const { Records = [] } = await tested.put(['a=one', 'b=two', 'c=three']);
  return { tested, numbers: Records.map(({ SequenceNumber = '' }) => SequenceNumber) };
}

const SUMMARY = `It is record 1 of shardId-000000000000 of ${streamArnOf('orders')} (partition key "b", 5 bytes)`;

test('a record is found by its place in the journal, in a block, and in the next process', async () => {
  const { tested, numbers } = await opened();
  const explained = async () => explainerOf(tested).explain(numbers[1] ?? '');
  expect((await explained())?.steps.map(({ fact }) => fact)).toEqual(['RecordsPut']);
  expect((await explained())?.summary).toContain(SUMMARY);
  await tested.crash(false);
  expect((await explained())?.summary).toContain(SUMMARY);
  await tested.cell.advance(3_600_000);
  const state = tested.cell.cell.registry.services.get('kinesis')?.state as KinesisState;
  const shard = state.contents.get(1)?.shards.get(0);
  expect(shard?.log.fresh.count).toBe(0);
  expect((await explained())?.summary).toContain(SUMMARY);
  await tested.crash(true);
  expect((await explained())?.summary).toContain(SUMMARY);
});

test('the same number in two streams that were made in the same second is told of both', async () => {
  const { tested, numbers } = await opened();
  await tested.create('others');
  await tested.put(['x=other'], 'others');
  const journey = await explainerOf(tested).explain(numbers[0] ?? '');
  expect(journey?.summary.split('\n')).toEqual([
    expect.stringContaining(streamArnOf('orders')),
    expect.stringContaining(streamArnOf('others')),
  ]);
});

test('a number behind the last record is of no record yet', async () => {
  const { tested, numbers } = await opened();
  const next = String(BigInt(numbers[2] ?? '') + (1n << 80n));
  expect(await explainerOf(tested).explain(next)).toBeUndefined();
  expect(await explainerOf(tested).explain(numbers[2] ?? '')).toBeDefined();
});

test('a record whose stream was deleted is not known any more', async () => {
  const { tested, numbers } = await opened();
  await tested.call('DeleteStream', { StreamName: 'orders' });
  expect(await explainerOf(tested).explain(numbers[0] ?? '')).toBeUndefined();
});

test.each([
  '',
  's3://',
  's3://bucket',
  's3://bucket/',
  's3:///key',
  '1'.repeat(56),
  `${'4'.repeat(55)}x`,
  '00000000-0000-4000-8000-000000000000-01',
  '00000000-0000-4000-8000-000000000000-000x',
  `shardId-0:${'4'.repeat(56)}`,
])('%j names nothing', (text) => {
  expect(subjectOf(text)).toBeUndefined();
});

test('what names a record of a batch, and a key with slashes, is read as such', () => {
  const id = '00000000-0000-4000-8000-00000000000A';
  expect(subjectOf(`${id}-007`)).toEqual({ kind: 'id', id: id.toLowerCase(), index: 7 });
  expect(subjectOf('s3://bucket/a//b c')).toEqual({ kind: 'object', bucket: 'bucket', key: 'a//b c' });
});
