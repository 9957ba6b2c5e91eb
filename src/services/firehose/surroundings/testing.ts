// What is around Firehose, in tests: buckets, destinations, functions, a stream, logs and schemas that remember what they were given and answer
// as told. Not part of the product. Shaping is as simple as can be: one object of what the records are, one a partition.

import type { CallRequest } from '#cell/callable.ts';
import type { ObjectPut, StoredBody } from '#cell/objects-door.ts';
import type { Performer, PerformRequest } from '#cell/ports.ts';
import { bind, defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import type { StreamShard } from '#cell/stream-source.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import type { TestEngine } from '#cell/testing.ts';
import type { Turn } from '#cell/turn.ts';
import { clientError } from '#model/aws-error.ts';
import { BlockStore } from '#runtime/blocks/block-store.ts';
import { blockPerformers } from '#runtime/blocks/performers.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { Table } from '#structures/table.ts';
import * as performing from '../performing.ts';
import { decodePack, encodePack, type FirehoseRecord } from '../record-pack.ts';

export const SOURCE_ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';

interface ObjectDoc {
  readonly bucket: string;
  readonly key: string;
  readonly blob: string;
}

export class BucketsState {
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
          prepareDeliveries: () => undefined,
          deliver: () => {},
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
