// Firehose in a cell with buckets, destinations, functions and a stream that remember what they were given and answer as told. Not part of the
// product. Shaping is as simple as can be: one object of what the records are, one a partition.

import type { CallRequest } from '#cell/callable.ts';
import type { ObjectPut, StoredBody } from '#cell/objects-door.ts';
import type { Performer, PerformRequest } from '#cell/ports.ts';
import { bind, defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import { takeSnapshot } from '#cell/snapshots.ts';
import type { StreamShard } from '#cell/stream-source.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import { type CallOptions, TestCell, type TestCellOptions, TestEngine, testCell } from '#cell/testing.ts';
import type { Turn } from '#cell/turn.ts';
import { clientError } from '#model/aws-error.ts';
import { BlockStore } from '#runtime/blocks/block-store.ts';
import { blockPerformers } from '#runtime/blocks/performers.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { Table } from '#structures/table.ts';
import type {
  CreateDeliveryStreamInput,
  ExtendedS3DestinationConfiguration,
  Operations,
} from '#wire/generated/firehose.ts';
import * as performing from './performing.ts';
import { decodePack, encodePack, type FirehoseRecord } from './record-pack.ts';
import { firehose } from './service.ts';
import type { FirehoseState } from './state.ts';

type Name = keyof Operations;

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/firehose';
export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:transform';
export const SOURCE_ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
export const STREAM_ARN = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/orders';

interface ObjectDoc {
  readonly bucket: string;
  readonly key: string;
  readonly blob: string;
}

class BucketsState {
  readonly objects = new Table<ObjectDoc>({ name: 'test-s3.objects' });
}

/** Stands in for S3; objects are documents, put in the turn of who puts them. */
export class TestBuckets {
  readonly missing = new Set<string>();
  /** As long as it is set, puts are refused, behind this many that are not. */
  refusesAfter: number | undefined;
  /** Keys that are refused. */
  refused: (key: string) => boolean = () => false;
  readonly puts: ObjectPut[] = [];

  get definition(): ServiceDefinition {
    return defineService<BucketsState>({
      name: 's3',
      createState: () => new BucketsState(),
      tables: (state) => [bind(state.objects)],
      facts: [],
      operations: {},
      doors: () => ({
        objects: {
          findBucket: (_turn, bucket) =>
            this.missing.has(bucket) ? undefined : { account: '000000000000', region: 'us-east-1' },
          put: (turn, put) => this.put(turn as Turn<BucketsState>, put),
          find: () => ({ refused: clientError('NoSuchKey', 'The specified key does not exist.') }),
        },
      }),
    });
  }

  private put(turn: Turn<BucketsState>, put: ObjectPut) {
    if (this.refusesAfter !== undefined) {
      this.refusesAfter -= 1;
    }
    if ((this.refusesAfter ?? 0) < 0 || this.refused(put.key)) {
      return { refused: clientError('AccessDenied', 'Access Denied', { status: 403 }) };
    }
    this.puts.push(put);
    const { bucket, key, body } = put;
    turn.put(turn.state.objects, `000000000000/us-east-1/${bucket}/${key}`, { bucket, key, blob: body.blob });
    return { eTag: body.md5 };
  }
}

type Result = performing.DeliveryResult;
/** One process: effects that a dead one left under way write into its own store. */
export interface Home {
  engine: TestEngine | undefined;
}

interface Asked<I> {
  readonly input: I;
  readonly records: readonly FirehoseRecord[];
}

type Handler<I> = (input: I, records: readonly FirehoseRecord[]) => unknown;

/** What the runtime does, made simple. Each may be told to answer otherwise; `broken` ones reject, as a full disk does. */
export class TestPerformers {
  readonly broken = new Set<string>();
  readonly requests: { readonly performer: string; readonly input: unknown; readonly texts: readonly string[] }[] = [];
  http: Handler<performing.HttpDelivery> = () => ({ outcome: 'delivered', refused: [] }) satisfies Result;
  openSearch: Handler<performing.OpenSearchDelivery> = () => ({ outcome: 'delivered', refused: [] }) satisfies Result;
  splunk: Handler<performing.SplunkDelivery> = () => ({ outcome: 'sent', ackId: 7 }) satisfies performing.SplunkSent;
  splunkAnswer: Handler<performing.SplunkQuestion> = ({ ackIds }) =>
    ({ outcome: 'answered', indexed: ackIds }) satisfies performing.SplunkAnswer;
  redshift: Handler<performing.RedshiftCopy> = () => ({ outcome: 'delivered', refused: [] }) satisfies Result;
  private blobs = 0;

  /** Those of one process: `home` gets its engine once it is open. */
  performersOf(home: Home): Readonly<Record<string, Performer>> {
    const blocks = Object.fromEntries(
      ['write-log-block', 'delete-log-blocks', 'sweep-log-blocks'].map((name) => [
        name,
        async (request: PerformRequest) => {
          if (this.broken.has(name)) throw new Error('the disk is full');
          return blockPerformers(home.engine!.blobs).get(name)!(request);
        },
      ]),
    );
    return {
      ...blocks,
      [performing.CHECK_QUERY]: this.on<performing.QueryToCheck>(home, performing.CHECK_QUERY, ({ query }) =>
        query.includes('broken') ? { problem: 'jq: 1 compile error' } : {},
      ),
      [performing.PREPARE_RECORDS]: this.on(home, performing.PREPARE_RECORDS, (_input, records) => prepared(records)),
      [performing.SHAPE_RECORDS]: this.on<performing.Shaping>(home, performing.SHAPE_RECORDS, (input, records) =>
        this.shape(home, { input, records }),
      ),
      [performing.WRITE_ERRORS]: this.on<performing.ErrorObject>(home, performing.WRITE_ERRORS, (input, records) =>
        this.writeErrors(home, { input, records }),
      ),
      [performing.WRITE_TEXT]: this.on<performing.TextObject>(home, performing.WRITE_TEXT, ({ text }) =>
        this.write(home, text),
      ),
      [performing.DELIVER_HTTP]: this.on<performing.HttpDelivery>(home, performing.DELIVER_HTTP, (...given) =>
        this.http(...given),
      ),
      [performing.DELIVER_OPENSEARCH]: this.on<performing.OpenSearchDelivery>(
        home,
        performing.DELIVER_OPENSEARCH,
        (...given) => this.openSearch(...given),
      ),
      [performing.DELIVER_SPLUNK]: this.on<performing.SplunkDelivery>(home, performing.DELIVER_SPLUNK, (...given) =>
        this.splunk(...given),
      ),
      [performing.ASK_SPLUNK]: this.on<performing.SplunkQuestion>(home, performing.ASK_SPLUNK, (...given) =>
        this.splunkAnswer(...given),
      ),
      [performing.COPY_TO_REDSHIFT]: this.on<performing.RedshiftCopy>(home, performing.COPY_TO_REDSHIFT, (...given) =>
        this.redshift(...given),
      ),
    };
  }

  of(performer: string) {
    return this.requests.filter((request) => request.performer === performer);
  }

  private on<I>(home: Home, performer: string, handle: Handler<I>): Performer {
    return async ({ input, payloads }) => {
      const { blocks = [], packs = [] } = input as performing.Records;
      const stored = await Promise.all(blocks.map((name) => new BlockStore(home.engine!.blobs).read(name)));
      const fromBlocks = stored.flatMap((block, i) => {
        if (block === undefined) throw new Error(`the block ${blocks[i]} is there`);
        return block.map(({ bytes }) => bytes);
      });
      const records = [...fromBlocks, ...payloads, ...packs].flatMap((pack) => decodePack(pack));
      this.requests.push({ performer, input, texts: records.map(textOf) });
      if (this.broken.has(performer)) throw new Error('the disk is full');
      return handle(input as I, records);
    };
  }

  /** Partitions by `.key` of JSON, and by all keys of functions. */
  private async shape(home: Home, { input, records }: Asked<performing.Shaping>): Promise<performing.Shaped> {
    const parts = new Map<string, FirehoseRecord[]>();
    const failed: performing.Shaped['failed'][number][] = [];
    for (const [index, record] of records.entries()) {
      const keys = keysOf(input, record);
      if (keys === undefined) {
        const code = 'DynamicPartitioning.MetadataExtractionFailed';
        failed.push({ index, code, message: 'no key', step: 'partitioning' });
      } else parts.set(keys, [...(parts.get(keys) ?? []), record]);
    }
    const objects: performing.ShapedObject[] = [];
    for (const [keys, members] of parts) {
      const text = members.map((record) => `${textOf(record)}${input.delimiter ?? ''}`).join('');
      const { queryKeys, lambdaKeys } = JSON.parse(keys) as Pick<performing.ShapedObject, 'queryKeys' | 'lambdaKeys'>;
      const arrivedAtMs = Math.min(...members.map((record) => record.arrivedAtMs));
      objects.push({ body: await this.write(home, text), queryKeys, lambdaKeys, count: members.length, arrivedAtMs });
    }
    return { objects, failed };
  }

  private writeErrors(home: Home, { input, records }: Asked<performing.ErrorObject>): Promise<StoredBody> {
    const failed = input.failed ?? records.map((_record, index) => ({ index, ...input.everyRecord! }));
    const lines = failed.map(({ index, code, message }) =>
      JSON.stringify({
        attemptsMade: input.attemptsMade,
        arrivalTimestamp: records[index]!.arrivedAtMs,
        [input.codeMember]: code,
        [input.messageMember]: message,
        attemptEndingTimestamp: input.attemptEndedAtMs,
        rawData: Buffer.from(records[index]!.data).toString('base64'),
        ...input.members,
      }),
    );
    return this.write(home, `${lines.join('\n')}\n`);
  }

  private async write(home: Home, text: string): Promise<StoredBody> {
    this.blobs += 1;
    const bytes = Buffer.from(text);
    const blob = `s3/${String(this.blobs)}-${nodeDigest.md5Hex(bytes)}`;
    await home.engine!.blobs.put(blob, bytes);
    return { blob, bytes: bytes.length, md5: nodeDigest.md5Hex(bytes), checksums: {} };
  }
}

const textOf = ({ data }: FirehoseRecord): string => Buffer.from(data).toString();

function prepared(records: readonly FirehoseRecord[]): performing.Prepared {
  if (records.length === 0) return { packs: [], failed: [] };
  const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
  return { packs: [{ pack: encodePack(records), count: records.length, bytes }], failed: [] };
}

function keysOf({ partitionQuery, lambdaKeys = [] }: performing.Shaping, record: FirehoseRecord): string | undefined {
  const given = lambdaKeys.map((name) => [name, record.partitionKeys?.[name]] as const);
  if (given.some(([, value]) => value === undefined)) return undefined;
  let queryKeys = {};
  if (partitionQuery !== undefined) {
    try {
      const { key } = JSON.parse(textOf(record)) as { key?: string };
      if (key === undefined) return undefined;
      queryKeys = { key };
    } catch {
      return undefined;
    }
  }
  return JSON.stringify({ queryKeys, lambdaKeys: Object.fromEntries(given) });
}

/** Stands in for Lambda: answers at once, in a turn of its own. */
export class TestFunction {
  readonly calls: { readonly event: TransformEvent; readonly request: CallRequest }[] = [];
  failure: DeliveryFailure | undefined;
  answer: (event: TransformEvent) => unknown = ({ records }) => ({
    records: records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data })),
  });

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: 'lambda',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {},
      reactions: {
        answered: (turn, subject) => {
          const { event, request } = this.calls[Number(subject)]!;
          const given = this.answer(event);
          const door = turn.doors.answers.get(request.asker.service)!;
          if (given instanceof Error) {
            const failure = { code: 'Error', detail: given.message, isRetryable: false };
            door.answered(turn, request.asker.subject, { failure, payload: Buffer.from('{"errorMessage":"x"}') });
          } else {
            const payload = Buffer.from(typeof given === 'string' ? given : JSON.stringify(given));
            door.answered(turn, request.asker.subject, { succeeded: true, payload });
          }
        },
      },
      doors: () => ({
        callable: {
          call: (turn, request) => {
            if (this.failure !== undefined) return this.failure;
            this.calls.push({ event: JSON.parse(request.text) as TransformEvent, request });
            const subject = String(this.calls.length - 1);
            turn.perform({ performer: 'read-payloads', input: null, then: { reaction: 'answered', subject } });
            return undefined;
          },
        },
      }),
    });
  }
}

export interface TransformEvent {
  readonly invocationId: string;
  readonly deliveryStreamArn: string;
  readonly records: readonly {
    readonly recordId: string;
    readonly data: string;
    readonly approximateArrivalTimestamp: number;
    readonly kinesisRecordMetadata?: object;
  }[];
}

interface TestShard {
  readonly shardId: string;
  readonly parents: readonly string[];
  isClosed: boolean;
  readonly records: { readonly data: Uint8Array; readonly atMs: number }[];
}

/** Stands in for Kinesis. */
export class TestStream {
  readonly shards: TestShard[] = [{ shardId: 'shardId-000000000000', parents: [], isClosed: false, records: [] }];
  readonly reads: string[] = [];
  isGone = false;

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: 'kinesis',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {
        Wake: {
          authorize: undefined,
          decide(turn) {
            turn.wake('clicks');
            return { output: {} };
          },
        },
      },
      reactions: { read: (turn, subject) => this.give(turn, subject) },
      doors: () => ({
        stream: {
          describe: () =>
            this.isGone
              ? undefined
              : { streamArn: SOURCE_ARN, retentionHours: 24, createdAtMs: 0, shards: this.shards.map(viewOf) },
          policy: () => undefined,
          placeOf: (_turn, { shardId }, start) => {
            const records = this.find(shardId)?.records ?? [];
            if (start.at === 'oldest') return 0;
            if (start.at === 'end') return records.length;
            const found = records.findIndex(({ atMs }) => atMs >= start.timestampMs);
            return found < 0 ? records.length : found;
          },
          wakeKey: () => 'clicks',
          read: (turn, request) => {
            const subject = JSON.stringify(request);
            turn.perform({ performer: 'read-payloads', input: null, then: { reaction: 'read', subject } });
          },
        },
      }),
    });
  }

  add(shard: number, text: string, atMs: number, data: Uint8Array = Buffer.from(text)): void {
    this.shards[shard]!.records.push({ data, atMs });
  }

  private find(shardId: string): TestShard | undefined {
    return this.shards.find((shard) => shard.shardId === shardId);
  }

  private give(turn: Turn, text: string): void {
    const { shardId, from, countMax, reader } = JSON.parse(text) as {
      shardId: string;
      from: number;
      countMax: number;
      reader: { service: string; subject: string };
    };
    this.reads.push(`${shardId} ${from}`);
    const { records: all, isClosed } = this.find(shardId)!;
    const records = all.slice(from, from + countMax).map(({ data, atMs }, i) => ({
      place: from + i,
      sequenceNumber: `${shardId.slice(-1)}${String(from + i).padStart(6, '0')}`,
      partitionKey: 'p',
      data,
      arrivedAtMs: atMs,
    }));
    const next = from + records.length;
    const page = { records, next, isEnd: isClosed && next >= all.length, behindMs: 0 };
    turn.doors.streamReaders.get(reader.service)!.recordsRead(turn, reader.subject, page);
  }
}

const viewOf = ({ shardId, parents, isClosed, records }: TestShard): StreamShard => ({
  shardId,
  parentShardIds: parents,
  isClosed,
  firstPlace: 0,
  endPlace: records.length,
});

/** Stands in for Logs. */
export class TestLogs {
  readonly lines: string[] = [];

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: 'logs',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {},
      doors: () => ({
        logs: {
          append: (_turn, { group, stream, events }) => {
            for (const { message } of events) this.lines.push(`${group} ${stream} ${message}`);
          },
          hasVendedDelivery: () => false,
          appendVended: () => {},
        },
      }),
    });
  }
}

/** Stands in for the schema registry: texts by `registry/schema`. */
export class TestSchemas {
  readonly texts = new Map<string, string>();
  readonly asked: string[] = [];

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: 'schemas',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {},
      doors: () => ({
        schemas: {
          hasInterest: () => false,
          eventPut: () => undefined,
          busTagsProblem: () => undefined,
          contentOf: (_turn, { scope, registry, schema }) => {
            this.asked.push(`${scope.account} ${scope.region} ${registry}/${schema}`);
            return this.texts.get(`${registry}/${schema}`);
          },
        },
      }),
    });
  }
}

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
