import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateDeliveryStreamInput } from '#wire/generated/firehose.ts';
import type { DeliveryResult } from './performing.ts';
import { encodePack } from './record-pack.ts';
import { FirehoseTest, FUNCTION_ARN, ROLE_ARN, S3_CONFIGURATION } from './testing.ts';

const BUFFER = { SizeInMBs: 1, IntervalInSeconds: 60 };
const RETRY = { DurationInSeconds: 300 };
const DOWN: DeliveryResult = { outcome: 'failed', code: 'HttpEndpoint.503', message: 'down', isRetryable: true };
const DELIVERED: DeliveryResult = { outcome: 'delivered', refused: [] };

let test: FirehoseTest;
beforeEach(async () => {
  test = await FirehoseTest.open();
});

const create = (destination: Partial<CreateDeliveryStreamInput>): Promise<unknown> =>
  test.call('CreateDeliveryStream', { DeliveryStreamName: 'orders', ...destination });
const http = (more: object = {}): Promise<unknown> =>
  create({
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: 'https://partner.example/in', AccessKey: 'hidden-key' },
      BufferingHints: BUFFER,
      RetryOptions: RETRY,
      S3Configuration: S3_CONFIGURATION,
      ...more,
    },
  });
const failures = async (): Promise<readonly Record<string, unknown>[]> =>
  (await test.texts()).flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );

describe('an HTTP endpoint', () => {
  it('gets a batch with its settings, the key unsealed', async () => {
    await http({
      RequestConfiguration: {
        ContentEncoding: 'GZIP',
        CommonAttributes: [{ AttributeName: 'a', AttributeValue: 'b' }],
      },
    });
    await test.put('one', 'two');
    await test.advance(60);
    const requests = test.world.performers.of('firehose-http');
    expect(requests).toMatchObject([
      {
        texts: ['one', 'two'],
        input: {
          url: 'https://partner.example/in',
          accessKey: 'hidden-key',
          commonAttributes: { a: 'b' },
          contentEncoding: 'GZIP',
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ]);
    expect(JSON.stringify(test.state.streams.list())).not.toContain('hidden-key');
    expect(await test.objects()).toEqual({});
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('is tried again with the same request id until it takes the batch; later records wait behind it', async () => {
    await http();
    test.world.performers.http = () => DOWN;
    await test.put('one');
    await test.advance(62);
    await test.put('two');
    await test.advance(100);
    test.world.performers.http = () => DELIVERED;
    await test.advance(200);
    const requests = test.world.performers.of('firehose-http');
    const last = requests.slice(-2).map(({ texts }) => texts);
    expect(last).toEqual([['one'], ['two']]);
    const ids = requests.map(({ input }) => (input as { requestId: string }).requestId);
    expect(new Set(ids.slice(0, -1)).size).toBe(1);
    expect(await test.objects()).toEqual({});
  });

  it('that is down for longer than the retry duration has its batches in the error bucket', async () => {
    await http();
    test.world.performers.http = () => DOWN;
    await test.put('one', 'two');
    await test.advance(400);
    expect(Object.keys(await test.objects())).toEqual([
      'http-endpoint-failed/2026/01/15/12/orders-1-2026-01-15-12-00-00',
    ]);
    const [first] = await failures();
    expect(first).toMatchObject({
      errorCode: 'HttpEndpoint.503',
      errorMessage: 'down',
      rawData: Buffer.from('one').toString('base64'),
      arrivalTimestamp: Date.UTC(2026, 0, 15, 12),
    });
    expect(first?.['attemptEndingTimestamp']).toBe(Date.UTC(2026, 0, 15, 12, 6));
    expect(first?.['attemptsMade']).toBe(test.world.performers.of('firehose-http').length);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('that refuses for good is not asked again', async () => {
    await http();
    test.world.performers.http = () => ({ ...DOWN, isRetryable: false });
    await test.put('one');
    await test.advance(60);
    expect(test.world.performers.of('firehose-http')).toHaveLength(1);
    expect(await failures()).toHaveLength(1);
  });

  it('is not asked again after giving up, while the error bucket is missing, restarts included', async () => {
    await http();
    test.world.performers.http = () => DOWN;
    test.world.buckets.missing.add('lake');
    await test.put('one');
    await test.advance(400);
    const asked = test.world.performers.of('firehose-http').length;
    test = await test.restart();
    await test.advance(3_600);
    expect(test.world.performers.of('firehose-http')).toHaveLength(asked);
    expect(await test.objects()).toEqual({});
    test.world.buckets.missing.clear();
    await test.advance(60);
    expect(await failures()).toHaveLength(1);
    expect((await failures())[0]).toMatchObject({ errorCode: 'HttpEndpoint.503' });
  });

  it('is what error records speak of, also when the error bucket refused them meanwhile', async () => {
    await http();
    test.world.performers.http = () => DOWN;
    test.world.buckets.refusesAfter = 0;
    await test.put('one');
    await test.advance(900);
    test = await test.restart();
    test.world.buckets.refusesAfter = undefined;
    await test.advance(60);
    expect(await failures()).toMatchObject([{ errorCode: 'HttpEndpoint.503', errorMessage: 'down' }]);
  });

  it('has all source records in the bucket with AllData', async () => {
    await http({ S3BackupMode: 'AllData', S3Configuration: { ...S3_CONFIGURATION, BufferingHints: BUFFER } });
    await test.put('one', 'two');
    await test.advance(60);
    expect(await test.texts()).toEqual(['onetwo']);
    expect(test.world.performers.of('firehose-http')).toHaveLength(1);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('defects of this machine count against no retry duration', async () => {
    await http();
    test.world.performers.broken.add('firehose-http');
    await test.put('one');
    await test.advance(3_600);
    expect(await test.objects()).toEqual({});
    test.world.performers.broken.clear();
    await test.advance(60);
    expect(test.cell.cell.payloads.count).toBe(0);
    expect(await test.objects()).toEqual({});
  });
});

describe('OpenSearch', () => {
  const openSearch = (more: object = {}): Promise<unknown> =>
    create({
      AmazonopensearchserviceDestinationConfiguration: {
        RoleARN: ROLE_ARN,
        ClusterEndpoint: 'https://search.example',
        IndexName: 'orders',
        BufferingHints: BUFFER,
        RetryOptions: RETRY,
        S3Configuration: S3_CONFIGURATION,
        ...more,
      },
    });

  it('gets bulk requests, rotated daily unless told otherwise', async () => {
    await openSearch();
    await test.put('{}');
    await test.advance(60);
    const [request] = test.world.performers.of('firehose-opensearch');
    expect(request?.input).toMatchObject({ indexName: 'orders', rotation: 'OneDay', documentIds: 'firehose' });
  });

  it('is asked again for what it was too busy for, and what it refuses for good is told', async () => {
    await openSearch();
    test.world.performers.openSearch = (_input, records) =>
      records.length === 1
        ? DELIVERED
        : {
            outcome: 'delivered',
            refused: [
              { index: 0, code: '400', message: 'mapper_parsing_exception', members: { esIndexName: 'orders' } },
            ],
            left: {
              packs: [{ pack: encodePack([records[2]!]), count: 1, bytes: records[2]!.data.length }],
              code: '429',
              message: 'busy',
            },
          };
    await test.put('bad', 'good', 'later');
    await test.advance(60);
    test = await test.restart({ clean: true });
    await test.put('next');
    await test.advance(120);
    expect(test.world.performers.of('firehose-opensearch').map(({ texts }) => texts)).toEqual([
      ['bad', 'good', 'later'],
      ['later'],
      ['next'],
    ]);
    expect(Object.keys(await test.objects())).toEqual([
      'AmazonOpenSearchService_failed/2026/01/15/12/orders-1-2026-01-15-12-00-00',
    ]);
    expect(await failures()).toMatchObject([{ errorCode: '400', rawData: Buffer.from('bad').toString('base64') }]);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('is not sent again what it took while the error bucket refuses what it did not, and is asked within the retry duration only', async () => {
    await openSearch();
    const { performers, buckets } = test.world;
    performers.openSearch = (_input, records) => {
      const refused = records.flatMap(({ data }, index) =>
        Buffer.from(data).toString() === 'bad' ? [{ index, code: '400', message: 'mapper_parsing_exception' }] : [],
      );
      const untaken = refused.map(({ index }) => records[index]!);
      const packs = [{ pack: encodePack(untaken), count: untaken.length, bytes: 3 }];
      return { outcome: 'delivered', refused, ...(untaken.length === 0 ? {} : { untaken: packs }) };
    };
    buckets.refusesAfter = 0;
    await test.put('good', 'bad');
    await test.advance(70);
    test = await test.restart();
    await test.advance(400);
    const asked = performers.of('firehose-opensearch').map(({ texts }) => texts.join());
    expect(asked.slice(0, 2)).toEqual(['good,bad', 'bad']);
    expect(asked.filter((texts) => texts.includes('good'))).toHaveLength(1);
    await test.advance(3_600);
    expect(performers.of('firehose-opensearch')).toHaveLength(asked.length);
    buckets.refusesAfter = undefined;
    await test.advance(60);
    expect(await failures()).toMatchObject([{ errorCode: '400', rawData: Buffer.from('bad').toString('base64') }]);
    expect(test.cell.cell.payloads.count).toBe(0);
  });
});

describe('OpenSearch that is busy for longer than the retry duration', () => {
  it('has what it did not take in the error bucket', async () => {
    await create({
      ElasticsearchDestinationConfiguration: {
        RoleARN: ROLE_ARN,
        ClusterEndpoint: 'https://search.example',
        IndexName: 'orders',
        BufferingHints: BUFFER,
        RetryOptions: RETRY,
        S3Configuration: S3_CONFIGURATION,
      },
    });
    const askedAtMs: number[] = [];
    test.world.performers.openSearch = (_input, records) => {
      askedAtMs.push(test.cell.cell.nowMs);
      return {
        outcome: 'delivered',
        refused: [],
        left: {
          packs: [{ pack: encodePack(records.slice(-1)), count: 1, bytes: 5 }],
          code: '429',
          message: 'busy',
        },
      };
    };
    await test.put('first', 'later');
    await test.advance(600);
    // The last time is at the end of the retry duration, not when the waits between attempts would have it.
    expect((askedAtMs.at(-1) ?? 0) - (askedAtMs[0] ?? 0)).toBe(RETRY.DurationInSeconds * 1000);
    expect(await failures()).toMatchObject([{ errorCode: '429', rawData: Buffer.from('later').toString('base64') }]);
    expect(Object.keys(await test.objects())[0]).toMatch(/^elasticsearch-failed\//);
    expect(test.cell.cell.payloads.count).toBe(0);
  });
});

describe('Splunk', () => {
  const splunk = (more: object = {}): Promise<unknown> =>
    create({
      SplunkDestinationConfiguration: {
        HECEndpoint: 'https://splunk.example:8088',
        HECEndpointType: 'Event',
        HECToken: 'token',
        RetryOptions: RETRY,
        S3Configuration: S3_CONFIGURATION,
        ...more,
      },
    });

  it('has a batch when it says that it was indexed', async () => {
    await splunk();
    let isIndexed = false;
    test.world.performers.splunkAnswer = ({ ackIds }) => ({ outcome: 'answered', indexed: isIndexed ? ackIds : [] });
    await test.put('one');
    await test.advance(90);
    expect(test.world.performers.of('firehose-splunk')).toHaveLength(1);
    expect(test.cell.cell.payloads.count).toBe(1);
    test = await test.restart({ clean: true });
    isIndexed = true;
    await test.advance(30);
    expect(test.world.performers.of('firehose-splunk')).toHaveLength(1);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('has its function asked about a quarter of a mebibyte at a time', async () => {
    const Parameters = [{ ParameterName: 'LambdaArn', ParameterValue: FUNCTION_ARN }];
    await splunk({ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda', Parameters }] } });
    await test.put(...new Array(3).fill('x'.repeat(100 * 1_024)));
    await test.advance(0);
    expect(test.world.lambda.calls.map(({ event }) => event.records.length)).toEqual([2, 1]);
  });

  it('is sent the batch again when it does not acknowledge in time, and given up after the retry duration', async () => {
    await splunk();
    test.world.performers.splunkAnswer = () => ({ outcome: 'answered', indexed: [] });
    await test.put('one');
    // What is spent waiting for acknowledgements is no time of retries.
    await test.advance(1_000);
    expect(test.world.performers.of('firehose-splunk').length).toBeGreaterThan(1);
    expect(await test.objects()).toEqual({});
    await test.advance(3_000);
    expect(await failures()).toMatchObject([{ errorCode: 'Splunk.AckTimeout', EventId: expect.any(String) }]);
    expect(Object.keys(await test.objects())[0]).toMatch(/^splunk-failed\//);
  });

  it('shows its token, as AWS does, and keeps it sealed', async () => {
    await splunk();
    const { Destinations } = await test.describe();
    expect(Destinations).toMatchObject([{ SplunkDestinationDescription: { HECToken: 'token' } }]);
    expect(JSON.stringify(test.state.streams.list())).not.toContain('"token"');
  });
});

describe('Redshift', () => {
  const redshift = (): Promise<unknown> =>
    create({
      RedshiftDestinationConfiguration: {
        RoleARN: ROLE_ARN,
        ClusterJDBCURL: 'jdbc:redshift://localhost:5439/shop',
        Username: 'loader',
        Password: 'secret-password',
        CopyCommand: { DataTableName: 'orders', CopyOptions: "json 'auto'" },
        RetryOptions: RETRY,
        S3Configuration: { ...S3_CONFIGURATION, BufferingHints: BUFFER },
      },
    });

  it('copies the objects of the intermediate bucket by a manifest', async () => {
    await redshift();
    await test.put('one', 'two');
    await test.advance(61);
    const objects = await test.objects();
    const manifest = Object.keys(objects).find((key) => key.startsWith('manifests/'))!;
    const { entries } = JSON.parse(objects[manifest]!);
    expect(entries).toMatchObject([
      { url: expect.stringMatching(/^s3:\/\/lake\/2026/), mandatory: true, meta: { content_length: 6 } },
    ]);
    const [copy] = test.world.performers.of('firehose-redshift');
    expect(copy?.input).toMatchObject({
      password: 'secret-password',
      table: 'orders',
      manifestUrl: expect.stringMatching(/^s3:\/\/lake\/manifests\//),
      objects: [{ url: entries[0].url }],
    });
  });

  it.each([false, true])('is tried again over restarts (clean: %s), then its manifest is in errors/', async (clean) => {
    await redshift();
    test.world.performers.redshift = () => ({ ...DOWN, code: 'Redshift.ConnectionFailed' });
    await test.put('one');
    await test.advance(70);
    test = await test.restart({ clean });
    expect(test.cell.cell.payloads.count).toBe(0);
    await test.put('two');
    await test.advance(400);
    const keys = Object.keys(await test.objects());
    expect(keys.some((key) => key.startsWith('errors/manifests/'))).toBe(true);
    test.world.performers.redshift = () => DELIVERED;
    await test.advance(400);
    const loaded = test.world.performers.of('firehose-redshift').at(-1)?.input as { objects: readonly object[] };
    expect(loaded.objects).toHaveLength(1);
    expect((await test.texts()).filter((text) => text === 'two')).toHaveLength(1);
  });

  it('is tried for all of its retry duration, also when the bucket had refused the manifest before', async () => {
    await redshift();
    test.world.performers.redshift = () => ({ ...DOWN, code: 'Redshift.ConnectionFailed' });
    test.world.buckets.refused = (key) => key.startsWith('manifests/');
    await test.put('one');
    await test.advance(1_000);
    expect(test.world.performers.of('firehose-redshift')).toHaveLength(0);
    test = await test.restart();
    test.world.buckets.refused = () => false;
    await test.advance(250);
    expect(test.world.performers.of('firehose-redshift').length).toBeGreaterThan(5);
    expect(Object.keys(await test.objects()).some((key) => key.startsWith('errors/'))).toBe(false);
    await test.advance(100);
    expect(Object.keys(await test.objects()).some((key) => key.startsWith('errors/manifests/'))).toBe(true);
  });

  it('whose place another destination took has its manifest in errors/', async () => {
    await redshift();
    test.world.performers.redshift = () => ({ ...DOWN, code: 'Redshift.ConnectionFailed' });
    await test.put('one');
    await test.advance(70);
    await test.call('UpdateDestination', {
      DeliveryStreamName: 'orders',
      CurrentDeliveryStreamVersionId: '1',
      DestinationId: 'destinationId-000000000001',
      ExtendedS3DestinationUpdate: { ...S3_CONFIGURATION, BucketARN: 'arn:aws:s3:::other' },
    });
    await test.put('two');
    await test.advance(400);
    const others = Object.entries(await test.objects('other'));
    expect(others.map(([key]) => key.replace(/2026.*/, '')).sort()).toEqual(['', 'errors/manifests/']);
    expect(others.map(([, text]) => text)).toContain('two');
  });
});
