// Firehose in a cell, with all that is around it (surroundings/testing.ts). Not part of the product.

import { takeSnapshot } from '#cell/snapshots.ts';
import { type CallOptions, TestCell, type TestCellOptions, TestEngine, testCell } from '#cell/testing.ts';
import type {
  CreateDeliveryStreamInput,
  ExtendedS3DestinationConfiguration,
  Operations,
} from '#wire/generated/firehose.ts';
import { firehose } from './service.ts';
import type { FirehoseState } from './state.ts';
import {
  type BucketsState,
  type Home,
  TestBuckets,
  TestFunction,
  TestLogs,
  TestPerformers,
  TestSchemas,
  TestStream,
} from './surroundings/testing.ts';

type Name = keyof Operations;

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/firehose';
export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:transform';
export const STREAM_ARN = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/orders';

export interface World {
  readonly buckets: TestBuckets;
  readonly performers: TestPerformers;
  readonly lambda: TestFunction;
  readonly stream: TestStream;
  readonly logs: TestLogs;
  readonly schemas: TestSchemas;
}

export class FirehoseTest {
  private constructor(
    readonly cell: TestCell,
    readonly world: World,
    private readonly options: Omit<TestCellOptions, 'performers'>,
  ) {}

  static async open(options: Omit<TestCellOptions, 'services' | 'performers'> = {}): Promise<FirehoseTest> {
    const world: World = {
      buckets: new TestBuckets(),
      performers: new TestPerformers(),
      lambda: new TestFunction(),
      stream: new TestStream(),
      logs: new TestLogs(),
      schemas: new TestSchemas(),
    };
    const { performers, ...others } = world;
    const services = [...Object.values(others).map(({ definition }) => definition), firehose];
    const home: Home = { engine: undefined };
    const cell = await testCell(services, { ...options, performers: performers.performersOf(home) });
    home.engine = cell.engine;
    return new FirehoseTest(cell, world, { ...options, services });
  }

  /** As after kill -9: a new process over what was durable, also with a snapshot of a moment ago. What the old one still does leads nowhere. */
  async kill(hasSnapshot = false): Promise<FirehoseTest> {
    const { engine: old, clock } = this.cell;
    const engine = new TestEngine();
    for (const entry of old.entries) {
      if (entry.end <= old.journal.durableEnd) engine.journal.append(entry.facts, entry.payloadBytes);
    }
    const { end, durableEnd } = old.journal;
    const isWhole = hasSnapshot && end === durableEnd;
    const taken = isWhole ? takeSnapshot(this.cell.cell.memory, this.cell.cell.nowMs, end) : undefined;
    // All at one moment: what the old process deletes meanwhile is still there for the new one.
    const { blobBytes } = old as unknown as { readonly blobBytes: ReadonlyMap<string, Uint8Array> };
    const blobs = [...blobBytes];
    const snapshot = taken ?? (await old.snapshots.latest());
    if (snapshot !== undefined) await engine.snapshots.write(snapshot);
    for (const [name, bytes] of blobs) await engine.blobs.put(name, bytes);
    const performers = this.world.performers.performersOf({ engine });
    const cell = new TestCell({ ...this.options, performers }, engine);
    cell.clock.moveTo(clock.nowMs());
    return new FirehoseTest(await cell.open(), this.world, this.options);
  }

  get state(): FirehoseState {
    return this.cell.cell.registry.services.get('firehose')!.state as FirehoseState;
  }

  call<N extends Name>(
    name: N,
    input: Operations[N]['input'],
    options?: CallOptions,
  ): Promise<Operations[N]['output']> {
    return this.cell.call('firehose', name, input, options);
  }

  /** `Code: text` of the refusal; throws when it was not refused. */
  async refusal<N extends Name>(name: N, input: Operations[N]['input'], options?: CallOptions): Promise<string> {
    const reply = await this.cell.reply('firehose', name, input, options);
    if (!('refused' in reply)) throw new Error(`${name} was not refused: ${JSON.stringify(reply.output)}`);
    return `${reply.refused.code}: ${reply.refused.message}`;
  }

  /** `orders`, to the bucket `lake`. */
  create(more: Partial<ExtendedS3DestinationConfiguration> = {}): Promise<unknown> {
    return this.call('CreateDeliveryStream', s3Stream(more));
  }

  put(...texts: readonly string[]): Promise<unknown> {
    const Records = texts.map((text) => ({ Data: Buffer.from(text) }));
    return this.call('PutRecordBatch', { DeliveryStreamName: 'orders', Records });
  }

  async describe() {
    const { DeliveryStreamDescription } = await this.call('DescribeDeliveryStream', { DeliveryStreamName: 'orders' });
    return DeliveryStreamDescription!;
  }

  advance(seconds: number): Promise<void> {
    return this.cell.advance(seconds * 1_000);
  }

  /** Objects of a bucket: keys and texts, without what makes keys unique. */
  async objects(bucket = 'lake'): Promise<Readonly<Record<string, string>>> {
    const state = this.cell.cell.registry.services.get('s3')!.state as BucketsState;
    const found: Record<string, string> = {};
    for (const doc of state.objects.list()) {
      if (doc.bucket !== bucket) continue;
      const bytes = await this.cell.engine.blobs.get(doc.blob);
      const short = doc.key.replace(/-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/, '');
      let name = short;
      for (let i = 2; name in found; i += 1) name = `${short} ${i}`;
      found[name] = Buffer.from(bytes!).toString();
    }
    return found;
  }

  /** Their texts alone. */
  async texts(bucket = 'lake'): Promise<readonly string[]> {
    return Object.values(await this.objects(bucket));
  }

  async restart(options: { readonly clean?: boolean } = {}): Promise<FirehoseTest> {
    return new FirehoseTest(await this.cell.restart(options), this.world, this.options);
  }
}

export const bucketArn = (name: string): string => `arn:aws:s3:::${name}`;
export const S3_CONFIGURATION = { RoleARN: ROLE_ARN, BucketARN: bucketArn('lake') };

export function s3Stream(more: Partial<ExtendedS3DestinationConfiguration> = {}): CreateDeliveryStreamInput {
  return {
    DeliveryStreamName: 'orders',
    ExtendedS3DestinationConfiguration: {
      ...S3_CONFIGURATION,
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      ...more,
    },
  };
}

export const processing = (
  ...processors: readonly (readonly [type: string, parameters: Readonly<Record<string, string>>])[]
) => ({
  ProcessingConfiguration: {
    Enabled: true,
    Processors: processors.map(([Type, parameters]) => ({
      Type,
      Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
        ParameterName,
        ParameterValue,
      })),
    })),
  },
});

/** Partitions by the member `a`. */
export const JQ = ['MetadataExtraction', { MetadataExtractionQuery: '{a:.a}', JsonParsingEngine: 'JQ-1.6' }] as const;
export const PARTITIONED = {
  DynamicPartitioningConfiguration: { Enabled: true },
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  Prefix: '!{partitionKeyFromQuery:a}/',
  ErrorOutputPrefix: '!{firehose:error-output-type}/',
};
