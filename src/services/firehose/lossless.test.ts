// Whatever is down and whenever the process dies: every record that was acknowledged is in the bucket, in the error folder or with the destination.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CreateDeliveryStreamInput } from '#wire/generated/firehose.ts';
import { encodePack } from './record-pack.ts';
import { FirehoseTest, FUNCTION_ARN, S3_CONFIGURATION, s3Stream } from './testing.ts';

const BUFFER = { SizeInMBs: 1, IntervalInSeconds: 60 };
const LAMBDA = {
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'Lambda',
        Parameters: [
          { ParameterName: 'LambdaArn', ParameterValue: FUNCTION_ARN },
          { ParameterName: 'NumberOfRetries', ParameterValue: '1' },
        ],
      },
    ],
  },
};

const KINDS: Readonly<Record<string, CreateDeliveryStreamInput>> = {
  s3: s3Stream(),
  processed: s3Stream(LAMBDA),
  partitioned: s3Stream({
    Prefix: '!{partitionKeyFromQuery:key}/',
    ErrorOutputPrefix: '!{firehose:error-output-type}/',
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 60 } },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        {
          Type: 'MetadataExtraction',
          Parameters: [
            { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{key:.key}' },
            { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
          ],
        },
      ],
    },
  }),
  http: {
    DeliveryStreamName: 'orders',
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: 'https://partner.example' },
      BufferingHints: BUFFER,
      RetryOptions: { DurationInSeconds: 120 },
      S3Configuration: S3_CONFIGURATION,
      ...LAMBDA,
    },
  },
  openSearch: {
    DeliveryStreamName: 'orders',
    AmazonopensearchserviceDestinationConfiguration: {
      RoleARN: S3_CONFIGURATION.RoleARN,
      ClusterEndpoint: 'https://search.example',
      IndexName: 'orders',
      BufferingHints: BUFFER,
      RetryOptions: { DurationInSeconds: 120 },
      S3Configuration: S3_CONFIGURATION,
    },
  },
  splunk: {
    DeliveryStreamName: 'orders',
    SplunkDestinationConfiguration: {
      HECEndpoint: 'https://splunk.example',
      HECEndpointType: 'Raw',
      HECToken: 'token',
      RetryOptions: { DurationInSeconds: 120 },
      S3Configuration: S3_CONFIGURATION,
    },
  },
};

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(0, 1, 30, 61, 600, 4_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('trouble' as const),
      what: fc.constantFrom('bucket', 'puts', 'destination', 'part', 'function', 'disk', 'mute'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'mend' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('restart' as const), clean: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('kill' as const), hasSnapshot: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const DISK = ['firehose-shape', 'firehose-write-errors', 'firehose-http', 'write-log-block', 'firehose-prepare'];

class Bench {
  private constructor(public test: FirehoseTest) {
    this.mend();
  }
  readonly acknowledged: string[] = [];
  readonly taken: string[] = [];
  private next = 0;
  private isDown = false;
  private isPartial = false;
  private isMute = false;

  static async open(kind: string): Promise<Bench> {
    const test = await FirehoseTest.open();
    await test.call('CreateDeliveryStream', KINDS[kind]!);
    const bench = new Bench(test);
    const { performers, lambda } = test.world;
    performers.http = (_input, records) => bench.deliver(records.map(({ data }) => Buffer.from(data).toString()));
    performers.openSearch = (_input, records) => {
      if (!bench.isPartial || records.length < 2) {
        return bench.deliver(records.map(({ data }) => Buffer.from(data).toString()));
      }
      const [first, ...rest] = records;
      bench.taken.push(Buffer.from(first!.data).toString());
      const packs = [{ pack: encodePack(rest), count: rest.length, bytes: 1 }];
      return { outcome: 'delivered', refused: [], left: { packs, code: '429', message: 'busy' } };
    };
    performers.splunk = (_input, records) => {
      if (bench.isDown) return { outcome: 'failed', code: 'down', message: 'down', isRetryable: true };
      bench.sent = records.map(({ data }) => Buffer.from(data).toString());
      return { outcome: 'sent', ackId: 1 };
    };
    performers.splunkAnswer = ({ ackIds }) => {
      if (bench.isMute) return { outcome: 'answered', indexed: [] };
      bench.taken.push(...bench.sent);
      return { outcome: 'answered', indexed: ackIds };
    };
    lambda.answer = ({ records }) =>
      bench.isDown ? new Error('down') : { records: records.map((one) => ({ ...one, result: 'Ok' })) };
    return bench;
  }

  private sent: readonly string[] = [];

  private deliver(texts: readonly string[]) {
    if (this.isDown) return { outcome: 'failed', code: 'down', message: 'down', isRetryable: true } as const;
    this.taken.push(...texts);
    return { outcome: 'delivered', refused: [] } as const;
  }

  async run(one: Step): Promise<void> {
    if (one.kind === 'put') await this.put(one.count);
    else if (one.kind === 'wait') await this.test.advance(one.seconds);
    else if (one.kind === 'trouble') this.trouble(one.what);
    else if (one.kind === 'mend') this.mend();
    else if (one.kind === 'restart') this.test = await this.test.restart({ clean: one.clean });
    else await this.kill(one.hasSnapshot);
  }

  private async put(count: number): Promise<void> {
    const texts = Array.from({ length: count }, () => {
      this.next += 1;
      // Every third one is no JSON object with a key.
      return this.next % 3 === 0 ? `[${this.next}]` : `{"key":"${this.next % 2}","n":"[${this.next}]"}`;
    });
    await this.test.put(...texts);
    this.acknowledged.push(...texts);
  }

  /** In the middle of what an interval started: effects are under way, their outcomes never come. */
  private async kill(hasSnapshot: boolean): Promise<void> {
    const { cell } = this.test;
    const dueAtMs = cell.cell.nextDueAtMs();
    if (dueAtMs !== undefined) cell.clock.moveTo(Math.max(dueAtMs, cell.clock.nowMs()));
    for (let i = 0; i < this.next % 7; i += 1) await Promise.resolve();
    this.test = await this.test.kill(hasSnapshot);
  }

  private trouble(what: string): void {
    const { buckets, performers, lambda } = this.test.world;
    if (what === 'bucket') buckets.missing.add('lake');
    if (what === 'puts') buckets.refusesAfter = this.next % 3;
    if (what === 'destination') this.isDown = true;
    if (what === 'part') this.isPartial = true;
    if (what === 'mute') this.isMute = true;
    if (what === 'function') lambda.failure = { code: 'Throttled', detail: 'slow', isRetryable: true };
    if (what === 'disk') performers.broken.add(DISK[this.next % DISK.length]!);
  }

  private mend(): void {
    const { buckets, performers, lambda } = this.test.world;
    buckets.missing.clear();
    buckets.refusesAfter = undefined;
    [this.isDown, this.isPartial, this.isMute] = [false, false, false];
    lambda.failure = undefined;
    performers.broken.clear();
  }

  async end(): Promise<void> {
    this.mend();
    await this.test.advance(1_200);
  }

  /** Everything that is anywhere, by its number. */
  async found(): Promise<ReadonlySet<string>> {
    const objects = Object.entries(await this.test.objects());
    const inObjects = objects.flatMap(([key, text]) =>
      key.includes('failed')
        ? text
            .trim()
            .split('\n')
            .map((line) => Buffer.from((JSON.parse(line) as { rawData: string }).rawData, 'base64').toString())
        : [text],
    );
    return new Set([...inObjects, ...this.taken].flatMap(numbersIn));
  }
}

const numbersIn = (text: string): readonly string[] => text.match(/\[\d+\]/g) ?? [];

describe.each(Object.keys(KINDS))('a delivery stream: %s', (kind) => {
  it('loses nothing that it acknowledged, and keeps nothing that it delivered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const bench = await Bench.open(kind);
        for (const one of steps) await bench.run(one);
        await bench.end();
        const found = await bench.found();
        expect([...found].sort()).toEqual(bench.acknowledged.flatMap(numbersIn).sort());
        expect(bench.test.cell.cell.payloads.count).toBe(0);
        expect(bench.test.cell.fatal).toBeUndefined();
        const names = await bench.test.cell.engine.blobs.names();
        expect(names.filter((name) => name.startsWith('firehose/'))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
