// The room of Kinesis in a cell, with the runtime's blocks. Not part of the product.

import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { PerformRequest } from '#cell/ports.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { type CallOptions, TestCell, type TestCellOptions, TestEngine } from '#cell/testing.ts';
import { blockPerformers } from '#runtime/blocks/performers.ts';
import { channelPerformers } from '#runtime/channels/performers.ts';
import type {
  GetRecordsOutput,
  ListShardsOutput,
  Operations,
  PutRecordsOutput,
  Shard,
} from '#wire/generated/kinesis.ts';
import { kinesis } from './service.ts';

type Name = keyof Operations;

export const ACCOUNT = '000000000000';
export const streamArnOf = (name: string): string => `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${name}`;

export interface ReadRecord {
  readonly key: string;
  readonly text: string;
  readonly number: string;
}

export class KinesisTest {
  cell!: TestCell;
  /** Of the process. */
  private generation = 0;

  private constructor(
    readonly engine: TestEngine,
    private readonly options: Omit<TestCellOptions, 'performers'>,
  ) {}

  static async open(
    more: readonly ServiceDefinition[] = [],
    options: Omit<TestCellOptions, 'services' | 'performers'> = {},
  ): Promise<KinesisTest> {
    const test = new KinesisTest(new TestEngine(), { ...options, services: [kinesis, ...more] });
    test.cell = await test.newCell().open();
    return test;
  }

  private newCell(): TestCell {
    const performers = [...blockPerformers(this.engine.blobs), ...channelPerformers(this.engine.blobs)].map(
      ([name, perform]) => {
        const { generation } = this;
        const watched = async (request: PerformRequest): Promise<unknown> => {
          const result = await perform(request);
          // Nobody is there any more whom it could be told.
          if (generation !== this.generation) await new Promise(() => {});
          return result;
        };
        return [name, watched] as const;
      },
    );
    return new TestCell({ ...this.options, performers: Object.fromEntries(performers) }, this.engine);
  }

  /** As kill -9: what waits in memory is gone; `hasSnapshot`: after a snapshot was taken. */
  async crash(hasSnapshot: boolean): Promise<void> {
    if (hasSnapshot) await this.cell.cell.housekeeping.run();
    this.generation += 1;
    const next = this.newCell();
    next.clock.moveTo(this.cell.clock.nowMs());
    this.cell = await next.open();
    for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  call<N extends Name>(
    operation: N,
    input: Operations[N]['input'],
    options?: CallOptions,
  ): Promise<Operations[N]['output']> {
    return this.cell.call<Operations[N]['output'] & Record<string, unknown>>('kinesis', operation, input, options);
  }

  /** `Code: text` of a refusal. */
  async refusal(operation: Name, input: unknown, options?: CallOptions): Promise<string> {
    const reply = await this.cell.reply('kinesis', operation, input, options);
    return 'refused' in reply ? `${reply.refused.code}: ${reply.refused.message}` : 'was not refused';
  }

  async create(name = 'orders', shards = 1): Promise<void> {
    await this.call('CreateStream', { StreamName: name, ShardCount: shards });
  }

  /** Each text is its own partition key's record: `key=text`, or a text with itself as the key. */
  put(texts: readonly string[], name = 'orders'): Promise<PutRecordsOutput> {
    return this.call('PutRecords', {
      StreamName: name,
      Records: texts.map((text) => ({
        PartitionKey: text.includes('=') ? text.slice(0, text.indexOf('=')) : text,
        Data: utf8Encode(text),
      })),
    });
  }

  async shards(name = 'orders'): Promise<readonly Shard[]> {
    return ((await this.call<'ListShards'>('ListShards', { StreamName: name })) as ListShardsOutput).Shards ?? [];
  }

  async iterator(more: Partial<Operations['GetShardIterator']['input']> = {}): Promise<string> {
    const { ShardIterator = '' } = await this.call('GetShardIterator', {
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
      ...more,
    });
    return ShardIterator;
  }

  get(ShardIterator: string, Limit?: number): Promise<GetRecordsOutput> {
    return this.call('GetRecords', { ShardIterator, ...(Limit === undefined ? {} : { Limit }) });
  }

  /** All that a shard has from an iterator on, page by page. */
  async readAll(iterator: string, limit?: number): Promise<{ records: ReadRecord[]; last: GetRecordsOutput }> {
    const records: ReadRecord[] = [];
    let next: string | undefined = iterator;
    for (;;) {
      const page: GetRecordsOutput = await this.get(next, limit);
      for (const { PartitionKey = '', Data, SequenceNumber = '' } of page.Records ?? []) {
        records.push({ key: PartitionKey, text: utf8Decode(Data as Uint8Array), number: SequenceNumber });
      }
      next = page.NextShardIterator;
      if (next === undefined || page.MillisBehindLatest === 0) return { records, last: page };
    }
  }

  async texts(more: Partial<Operations['GetShardIterator']['input']> = {}): Promise<readonly string[]> {
    return (await this.readAll(await this.iterator(more))).records.map(({ text }) => text);
  }

  advance(ms: number): Promise<void> {
    return this.cell.advance(ms);
  }

  async restart(clean = false): Promise<void> {
    this.cell = await this.cell.restart({ clean });
    await this.cell.settle();
  }
}
