// Shards under random splits, merges and counts of shards, with records, blocks and restarts in between.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shard } from '#wire/generated/kinesis.ts';
import { HASH_KEYS } from './hash-range.ts';
import { KinesisTest, type ReadRecord } from './testing.ts';

const open = (shards: readonly Shard[]): readonly Shard[] =>
  shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined);
const rangeOf = ({ HashKeyRange }: Shard): readonly [bigint, bigint] => [
  BigInt(HashKeyRange?.StartingHashKey ?? ''),
  BigInt(HashKeyRange?.EndingHashKey ?? ''),
];

function expectWholeCover(shards: readonly Shard[]): void {
  const ranges = shards.map(rangeOf).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  let next = 0n;
  for (const [first, last] of ranges) {
    expect(first).toBe(next);
    expect(last >= first).toBe(true);
    next = last + 1n;
  }
  expect(next).toBe(HASH_KEYS);
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('put' as const), keys: fc.array(fc.nat(7), { maxLength: 12 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      which: fc.nat(20),
      at: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 7 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), isClean: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Run {
  /** What was put for each key, in order. */
  readonly put = new Map<string, string[]>();
  private count = 0;

  constructor(private readonly test: KinesisTest) {}

  async step(one: Step): Promise<void> {
    const { test } = this;
    const shards = [...open(await test.shards())].sort((a, b) => (rangeOf(a)[0] < rangeOf(b)[0] ? -1 : 1));
    if (one.kind === 'put') await this.putSome(one.keys);
    else if (one.kind === 'split') {
      const shard = shards[one.which % shards.length] as Shard;
      const [first, last] = rangeOf(shard);
      if (last - first < 100n) return;
      const NewStartingHashKey = String(first + ((last - first) * BigInt(one.at)) / 10n);
      await test.call('SplitShard', { StreamName: 'orders', ShardToSplit: shard.ShardId, NewStartingHashKey });
    } else if (one.kind === 'merge') {
      const left = shards[one.which % shards.length] as Shard;
      const right = shards[(one.which % shards.length) + 1];
      if (right === undefined) return;
      const input = { ShardToMerge: left.ShardId, AdjacentShardToMerge: right.ShardId };
      await test.call('MergeShards', { StreamName: 'orders', ...input });
    } else if (one.kind === 'count') {
      const input = { TargetShardCount: one.count, ScalingType: 'UNIFORM_SCALING' };
      await test.call('UpdateShardCount', { StreamName: 'orders', ...input });
    } else if (one.kind === 'wait') await test.advance(600_000);
    else await test.restart(one.isClean);
  }

  private async putSome(keys: readonly number[]): Promise<void> {
    if (keys.length === 0) return;
    const texts = keys.map((key) => {
      const name = `key${key}`;
      const text = `${name}=${this.count}`;
      this.count += 1;
      this.put.set(name, [...(this.put.get(name) ?? []), text]);
      return text;
    });
    await this.test.put(texts);
  }

  /** As a KCL worker: a shard is read to its end, then the children whose parents have all been read. */
  async readFromOldest(): Promise<readonly ReadRecord[]> {
    const { test } = this;
    const filter = { Type: 'AT_TRIM_HORIZON' };
    const first = await test.call('ListShards', { StreamName: 'orders', ShardFilter: filter });
    expectWholeCover(first.Shards ?? []);
    const known = new Set((first.Shards ?? []).map(({ ShardId = '' }) => ShardId));
    const queue = [...known];
    const done = new Set<string>();
    const waiting = new Map<string, readonly string[]>();
    const read: ReadRecord[] = [];
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const { records, last } = await test.readAll(await test.iterator({ ShardId: id }), 5);
      read.push(...records);
      if (last.NextShardIterator !== undefined) continue;
      done.add(id);
      for (const { ShardId = '', ParentShards = [] } of last.ChildShards ?? []) waiting.set(ShardId, ParentShards);
      for (const [child, parents] of waiting) {
        if (!parents.every((parent) => done.has(parent)) || known.has(child)) continue;
        known.add(child);
        queue.push(child);
      }
    }
    return read;
  }
}

describe('shards', () => {
  it('cover all hash keys, and who follows parents to children reads every key in order, without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25, size: 'max' }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, count) => {
          const test = await KinesisTest.open();
          await test.create('orders', count);
          const run = new Run(test);
          for (const one of steps) {
            await run.step(one);
            expectWholeCover(open(await test.shards()));
          }
          const read = await run.readFromOldest();
          for (const [key, texts] of run.put) {
            const ofKey = read.filter((record) => record.key === key);
            expect(ofKey.map(({ text }) => text)).toEqual(texts);
            const numbers = ofKey.map(({ number }) => BigInt(number));
            expect(numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as bigint))).toBe(true);
          }
          expect(read).toHaveLength([...run.put.values()].flat().length);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('are cut as AWS cuts them, with at most two parents each, whatever count is asked for', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 2);
    await test.call('UpdateShardCount', { StreamName: 'orders', TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' });
    const shards = [...open(await test.shards())].sort((a, b) => (rangeOf(a)[0] < rangeOf(b)[0] ? -1 : 1));
    expect(shards.map(rangeOf).map(([first]) => first)).toEqual([0n, HASH_KEYS / 3n, (HASH_KEYS / 3n) * 2n]);
    // Both were split; the inner halves were merged.
    expect(shards.map(({ ParentShardId, AdjacentParentShardId }) => [ParentShardId, AdjacentParentShardId])).toEqual([
      ['shardId-000000000000', undefined],
      ['shardId-000000000003', 'shardId-000000000004'],
      ['shardId-000000000001', undefined],
    ]);
  });

  it('say what is wrong with a split or merge', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 3);
    const split = (ShardToSplit: string, NewStartingHashKey: string) =>
      test.refusal('SplitShard', { StreamName: 'orders', ShardToSplit, NewStartingHashKey });
    expect(await split('shardId-000000000009', '5')).toBe(
      'ResourceNotFoundException: Could not find shard shardId-000000000009 in stream orders under account 000000000000.',
    );
    expect(await split('0', '1')).toContain(
      "is not both greater than one plus the shard's StartingHashKey 0 and less than",
    );
    expect(
      await test.refusal('MergeShards', {
        StreamName: 'orders',
        ShardToMerge: 'shardId-000000000000',
        AdjacentShardToMerge: 'shardId-000000000002',
      }),
    ).toBe(
      'InvalidArgumentException: Shards shardId-000000000000 and shardId-000000000002 in stream orders under account 000000000000 are not an adjacent pair of shards eligible for merging',
    );
    await test.call('MergeShards', { StreamName: 'orders', ShardToMerge: '0', AdjacentShardToMerge: '1' });
    expect(await split('0', '5')).toContain('ResourceInUseException: Shard shardId-000000000000');
  });
});

describe('a closed shard', () => {
  it('is gone with its last record', async () => {
    const test = await KinesisTest.open();
    await test.create('orders', 1);
    await test.put(['a']);
    await test.call('SplitShard', { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '1000' });
    expect(await test.texts()).toEqual(['a']);
    await test.advance(23 * 3_600_000);
    expect(await test.shards()).toHaveLength(3);
    await test.advance(2 * 3_600_000);
    expect((await test.shards()).map(({ ShardId }) => ShardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
    expect(await test.engine.blobs.names()).toEqual([]);
  });
});
