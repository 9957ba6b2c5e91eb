// Streams as targets of hand-overs, and as sources for the services that read them.

import { describe, expect, it } from 'vitest';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import type { ShardPage, ShardRead, StreamView } from '#cell/stream-source.ts';
import type { HandOverResult } from '#cell/target.ts';
import type { Turn } from '#cell/turn.ts';
import { iam } from '#services/iam/service.ts';
import { KinesisTest, streamArnOf } from './testing.ts';

const ARN = streamArnOf('orders');

interface Asked {
  readonly text?: string;
  readonly partitionKey?: string;
  readonly read?: Partial<ShardRead>;
  readonly targetArn?: string;
}

/** Stands in for whoever hands over and reads: does in a turn of its own what a test asks. */
class Neighbour {
  readonly results: HandOverResult[] = [];
  readonly pages: (ShardPage | undefined)[] = [];
  woken = 0;

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: 'neighbour',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {
        Ask: { authorize: undefined, decide: (turn: Turn, asked: Asked) => this.ask(turn, asked) as never } as never,
      },
      doors: () => ({
        streamReader: {
          recordsRead: (_turn, _subject, page) => {
            this.pages.push(page);
          },
        },
      }),
    });
  }

  private ask(turn: Turn, { text, partitionKey, read, targetArn = ARN }: Asked): { output: object } {
    if (text !== undefined) {
      const result = turn.doors.targets.get('kinesis')?.accept(turn, {
        sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r',
        targetArn,
        principal: { kind: 'service', service: 'events.amazonaws.com', account: '000000000000' } as never,
        payload: turn.storePayload(utf8Encode(text)),
        content: { kind: 'event', text },
        deliveryId: undefined,
        ...(partitionKey === undefined ? {} : { parameters: { partitionKey } }),
      });
      if (result !== undefined) this.results.push(result);
    }
    if (read !== undefined) {
      turn.doors.streams.get('kinesis')?.read(turn, {
        streamArn: ARN,
        shardId: 'shardId-000000000000',
        from: 0,
        countMax: 100,
        bytesMax: 1_000_000,
        reader: { service: 'neighbour', subject: 'it' },
        ...read,
      });
    }
    const source = turn.doors.streams.get('kinesis');
    return { output: { view: source?.describe(turn, ARN), policy: source?.policy(turn, ARN) } };
  }
}

async function open(options: Parameters<typeof KinesisTest.open>[1] = {}, more: readonly ServiceDefinition[] = []) {
  const neighbour = new Neighbour();
  const test = await KinesisTest.open([neighbour.definition, ...more], options);
  const ask = (asked: Asked) =>
    test.cell.call<{ view: StreamView | undefined; policy: string | undefined }>('neighbour', 'Ask', asked);
  return { test, neighbour, ask };
}

describe('a stream as a target', () => {
  it('takes the text as a record, under the key that is given or the id of the event', async () => {
    const { test, neighbour, ask } = await open();
    await test.create();
    await ask({ text: '{"id":"e-1"}', partitionKey: 'p' });
    await ask({ text: '{"id":"e-2"}' });
    await ask({ text: 'no event' });
    const { records } = await test.readAll(await test.iterator());
    expect(records.map(({ key, text }) => [key, text]).slice(0, 2)).toEqual([
      ['p', '{"id":"e-1"}'],
      ['e-2', '{"id":"e-2"}'],
    ]);
    expect(records[2]?.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(neighbour.results).toEqual(records.map(({ number }) => ({ accepted: true, targetMessageId: number })));
    const told = test.cell.takeFacts().filter(({ name }) => name === 'RecordHandedOver');
    expect(told.map(({ fact }) => (fact as { place: number }).place)).toEqual([0, 1, 2]);
  });

  it('refuses what it cannot take', async () => {
    const { test, neighbour, ask } = await open();
    await test.create();
    await ask({ text: 'x', targetArn: streamArnOf('none') });
    await ask({ text: 'x', partitionKey: '' });
    await ask({ text: 'x'.repeat(1_048_577) });
    const codes = neighbour.results.map((result) => ('failure' in result ? result.failure.code : ''));
    expect(codes).toEqual(['ResourceNotFoundException', 'InvalidArgumentException', 'InvalidArgumentException']);
    expect(neighbour.results.some((result) => 'failure' in result && result.failure.isRetryable)).toBe(false);
  });

  it('asks its own policy', async () => {
    const { test, neighbour, ask } = await open({ iamMode: 'enforce' }, [iam]);
    await test.create();
    await ask({ text: 'x', partitionKey: 'k' });
    expect(neighbour.results[0]).toMatchObject({ failure: { code: 'AccessDeniedException', isRetryable: false } });
    const Statement = {
      ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'kinesis:PutRecord' },
      Resource: ARN,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await test.call('PutResourcePolicy', { ResourceARN: ARN, Policy });
    await ask({ text: 'x', partitionKey: 'k' });
    expect(neighbour.results[1]).toMatchObject({ accepted: true });
    expect((await ask({})).policy).toBe(Policy);
  });

  it('is tried again when a shard has no room', async () => {
    const { test, neighbour, ask } = await open({ limits: { mode: 'aws' } });
    await test.create();
    await ask({ text: 'x'.repeat(1_000_000), partitionKey: 'k' });
    await ask({ text: 'x'.repeat(1_000_000), partitionKey: 'k' });
    expect(neighbour.results[1]).toMatchObject({
      failure: { code: 'ProvisionedThroughputExceededException', isRetryable: true },
    });
  });
});

describe('a stream as a source', () => {
  it('shows its shards, parents before children', async () => {
    const { test, ask } = await open();
    expect((await ask({})).view).toBeUndefined();
    await test.create();
    await test.put(['k=a', 'k=b']);
    await test.call('SplitShard', { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '9' });
    const { view } = await ask({});
    expect(view).toMatchObject({ streamArn: ARN, retentionHours: 24 });
    const parent = { shardId: 'shardId-000000000000', parentShardIds: [], isClosed: true, firstPlace: 0, endPlace: 2 };
    const child = { parentShardIds: ['shardId-000000000000'], isClosed: false, firstPlace: 0, endPlace: 0 };
    expect(view?.shards).toMatchObject([parent, child, child]);
  });

  it('gives pages from memory and from blocks, to the end of a closed shard', async () => {
    const { test, neighbour, ask } = await open();
    await test.create();
    await test.put(['k=a', 'k=b', 'k=c']);
    await test.advance(600_000);
    await test.put(['k=d']);
    await ask({ read: { countMax: 2 } });
    await ask({ read: { from: 2 } });
    await ask({ read: { from: 3 } });
    await test.call('SplitShard', { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '9' });
    await ask({ read: { from: 3 } });
    await ask({ read: { from: 4 } });
    const shown = neighbour.pages.map((page) => [
      page?.records.map(({ data }) => utf8Decode(data)),
      page?.next,
      page?.isEnd,
    ]);
    expect(shown).toEqual([
      [['k=a', 'k=b'], 2, false],
      [['k=c'], 3, false],
      [['k=d'], 4, false],
      [['k=d'], 4, true],
      [[], 4, true],
    ]);
    expect(neighbour.pages[0]?.records[0]).toMatchObject({ place: 0, partitionKey: 'k' });
  });

  it('leaves out what came before the time of a reader that begins at one', async () => {
    const { test, neighbour, ask } = await open();
    await test.create();
    await test.put(['k=a']);
    await test.advance(1_000);
    const sinceMs = test.cell.clock.nowMs();
    await test.put(['k=b']);
    await test.advance(600_000);
    await ask({ read: { sinceMs } });
    expect(neighbour.pages[0]?.records.map(({ data }) => utf8Decode(data))).toEqual(['k=b']);
  });

  it('answers who reads what is not there, or has gone meanwhile', async () => {
    const { test, neighbour, ask } = await open();
    await ask({ read: {} });
    await test.create();
    await ask({ read: { shardId: 'shardId-000000000005' } });
    expect(neighbour.pages).toEqual([undefined, undefined]);
  });

  it('asks its log again when a block was joined while it was read', async () => {
    const { test, neighbour, ask } = await open();
    await test.create();
    await test.put(['k=a']);
    await test.advance(600_000);
    const { get } = test.engine.blobs;
    let isFirst = true;
    test.engine.blobs.get = async (name) => {
      if (!isFirst) return get(name);
      isFirst = false;
      return undefined;
    };
    await ask({ read: {} });
    expect(neighbour.pages[0]?.records.map(({ data }) => utf8Decode(data))).toEqual(['k=a']);
  });
});
