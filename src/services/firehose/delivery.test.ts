import { describe, expect, it } from 'vitest';
import { FirehoseTest, S3_CONFIGURATION } from './testing.ts';

describe('records that are put', () => {
  it('become one object when the interval is over', async () => {
    const test = await FirehoseTest.open();
    await test.create();
    await test.put('one ', 'two ');
    await test.advance(30);
    await test.put('three');
    expect(await test.objects()).toEqual({});
    await test.advance(30);
    expect(await test.objects()).toEqual({ '2026/01/15/12/orders-1-2026-01-15-12-00-00': 'one two three' });
  });

  it('become an object at once when the buffer is full', async () => {
    const test = await FirehoseTest.open();
    await test.create();
    const kilobyte = 'x'.repeat(1024);
    await test.put(...new Array(500).fill(kilobyte));
    await test.put(...new Array(500).fill(kilobyte));
    await test.advance(0);
    expect(await test.objects()).toEqual({});
    await test.put(...new Array(24).fill(kilobyte));
    await test.advance(0);
    expect((await test.texts()).map(({ length }) => length)).toEqual([1024 * 1024]);
  });

  it.each([
    ['UNCOMPRESSED', undefined],
    ['GZIP', 'gzip'],
    ['ZIP', 'zip'],
    ['Snappy', 'snappy-java'],
    ['HADOOP_SNAPPY', 'hadoop-snappy'],
  ] as const)('become an object whose metadata tells what it is: %s', async (CompressionFormat, contentEncoding) => {
    const test = await FirehoseTest.open();
    await test.create({ CompressionFormat });
    await test.put('one');
    await test.advance(60);
    const [put] = test.world.buckets.puts;
    expect(put?.contentType).toBe('application/octet-stream');
    expect(put?.contentEncoding).toBe(contentEncoding);
  });

  it('have ids of their own', async () => {
    const test = await FirehoseTest.open();
    await test.create();
    const Records = ['a', 'b'].map((text) => ({ Data: Buffer.from(text) }));
    const output = await test.call('PutRecordBatch', { DeliveryStreamName: 'orders', Records });
    expect(output).toMatchObject({ FailedPutCount: 0, Encrypted: false });
    expect(new Set(output.RequestResponses?.map(({ RecordId }) => RecordId)).size).toBe(2);
  });

  it.each([true, false])('survive a restart (clean: %s) and are delivered once', async (clean) => {
    let test = await FirehoseTest.open();
    await test.create();
    await test.put('one');
    test = await test.restart({ clean });
    await test.put('two');
    test = await test.restart({ clean });
    await test.advance(60);
    expect(await test.texts()).toEqual(['onetwo']);
    test = await test.restart({ clean });
    await test.advance(600);
    expect(await test.texts()).toEqual(['onetwo']);
    expect(test.cell.cell.payloads.count).toBe(0);
  });
});

describe('a bucket that is down for days', () => {
  it('costs no memory: what waits leaves the journal for blocks, over restarts, and all of it is delivered', async () => {
    let test = await FirehoseTest.open();
    await test.create();
    test.world.buckets.missing.add('lake');
    const texts: string[] = [];
    for (let hour = 0; hour < 60; hour += 1) {
      const some = Array.from({ length: 20 }, (_, i) => `[${hour}-${i}]`);
      texts.push(...some);
      for (const text of some) await test.put(text);
      await test.advance(3_600);
      if (hour % 20 === 19) test = await test.restart({ clean: hour === 19 });
    }
    expect(test.cell.cell.payloads.count).toBe(0);
    const { log } = [...test.state.contents.values()][0]!.lanes.get('deliver')!;
    expect([log.count, log.blocks.length]).toEqual([1_200, expect.any(Number)]);
    expect(log.blocks.length).toBeLessThan(130);
    test.world.buckets.missing.clear();
    await test.advance(120);
    expect((await test.texts()).join('')).toBe(texts.join(''));
    const names = await test.cell.engine.blobs.names();
    expect(names.filter((name) => name.startsWith('firehose/'))).toEqual([]);
  }, 60_000);
});

const partitionedByKey = (retrySeconds: number) => ({
  Prefix: '!{partitionKeyFromQuery:key}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: retrySeconds } },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'MetadataExtraction' as const,
        Parameters: [
          { ParameterName: 'MetadataExtractionQuery' as const, ParameterValue: '{key:.key}' },
          { ParameterName: 'JsonParsingEngine' as const, ParameterValue: 'JQ-1.6' },
        ],
      },
    ],
  },
});

describe('partitions', () => {
  it('whose prefix does not take them within the retry duration are in the error folder', async () => {
    const test = await FirehoseTest.open();
    await test.create(partitionedByKey(120));
    test.world.buckets.refused = (key) => key.startsWith('closed/');
    await test.put('{"key":"closed"}');
    await test.advance(61);
    await test.advance(300);
    expect(Object.keys(await test.objects())).toEqual([expect.stringMatching(/^errors\/processing-failed\/orders/)]);
    expect((await test.texts())[0]).toContain('"errorCode":"S3.AccessDenied"');
    expect(test.cell.cell.payloads.count).toBe(0);
  });
});

describe('objects of a batch of which the bucket refuses one', () => {
  it.each([false, true])('are put once, over a restart (clean: %s); the refused one follows', async (clean) => {
    let test = await FirehoseTest.open();
    await test.create(partitionedByKey(3_600));
    test.world.buckets.refused = (key) => key.startsWith('closed/');
    await test.put('{"key":"open"}', '{"key":"closed"}', '{"key":"other"}');
    await test.advance(200);
    test = await test.restart({ clean });
    await test.advance(200);
    test.world.buckets.refused = () => false;
    await test.advance(60);
    expect(Object.keys(await test.objects()).map((key) => key.replace(/2026.*/, ''))).toEqual([
      'closed/',
      'open/',
      'other/',
    ]);
    expect(test.cell.cell.payloads.count).toBe(0);
  });
});

describe('an error of the bucket for failed records', () => {
  it("is in that bucket's own log", async () => {
    const test = await FirehoseTest.open();
    const logging = (LogStreamName: string) => ({ Enabled: true, LogGroupName: 'g', LogStreamName });
    await test.call('CreateDeliveryStream', {
      DeliveryStreamName: 'orders',
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: 'https://a.example' },
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 },
        RetryOptions: { DurationInSeconds: 0 },
        CloudWatchLoggingOptions: logging('Destination'),
        S3Configuration: { ...S3_CONFIGURATION, CloudWatchLoggingOptions: logging('Backup') },
      },
    });
    test.world.performers.http = () => ({ outcome: 'failed', code: 'Http', message: 'down', isRetryable: true });
    test.world.buckets.refused = () => true;
    await test.put('one');
    await test.advance(10);
    expect(test.world.logs.lines[0]).toMatch(/^g Backup .*S3\.AccessDenied/);
  });
});
