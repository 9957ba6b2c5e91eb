import { beforeEach, describe, expect, it } from 'vitest';
import type { TransformEvent } from './surroundings/testing.ts';
import { FirehoseTest, FUNCTION_ARN } from './testing.ts';

const processing = (parameters: Readonly<Record<string, string>> = {}) => ({
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'Lambda',
        Parameters: Object.entries({ LambdaArn: FUNCTION_ARN, ...parameters }).map(
          ([ParameterName, ParameterValue]) => ({
            ParameterName,
            ParameterValue,
          }),
        ),
      },
    ],
  },
});

const text = (data: string): string => Buffer.from(data, 'base64').toString();
const base64 = (data: string): string => Buffer.from(data).toString('base64');

let test: FirehoseTest;
beforeEach(async () => {
  test = await FirehoseTest.open();
});

const failures = async (): Promise<readonly Record<string, unknown>[]> => {
  const found = Object.entries(await test.objects()).filter(([key]) => key.startsWith('processing-failed/'));
  return found.flatMap(([, lines]) =>
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
};

describe('a transforming function', () => {
  it('gets records as AWS gives them, and its answer is delivered', async () => {
    await test.create(processing());
    test.world.lambda.answer = ({ records }) => ({
      records: records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data: base64(`<${text(data)}>`) })),
    });
    await test.put('one', 'two');
    await test.advance(120);
    const [call] = test.world.lambda.calls;
    expect(call?.event).toEqual({
      invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/orders',
      region: 'us-east-1',
      records: [
        {
          recordId: expect.stringMatching(/^\d{50,}$/),
          approximateArrivalTimestamp: Date.UTC(2026, 0, 15, 12),
          data: base64('one'),
        },
        {
          recordId: expect.stringMatching(/^\d{50,}$/),
          approximateArrivalTimestamp: Date.UTC(2026, 0, 15, 12),
          data: base64('two'),
        },
      ],
    });
    expect(call?.request.principal).toMatchObject({
      kind: 'session',
      roleArn: 'arn:aws:iam::000000000000:role/firehose',
    });
    expect(await test.texts()).toEqual(['<one><two>']);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('drops records, and those that it fails are told', async () => {
    await test.create(processing());
    const results: Readonly<Record<string, string>> = { drop: 'Dropped', fail: 'ProcessingFailed', odd: 'Maybe' };
    test.world.lambda.answer = ({ records }) => ({
      records: records.map(({ recordId, data }) => ({ recordId, result: results[text(data)] ?? 'Ok', data })),
    });
    await test.put('keep', 'drop', 'fail', 'odd');
    await test.advance(120);
    expect(await test.texts()).toContain('keep');
    expect(await failures()).toMatchObject([
      {
        errorCode: 'Lambda.ProcessingFailedStatus',
        errorMessage: 'ProcessingFailed status set for record',
        attemptsMade: 1,
        rawData: base64('fail'),
        lambdaArn: FUNCTION_ARN,
      },
      { errorCode: 'Lambda.InvalidResultStatus', rawData: base64('odd') },
    ]);
  });

  it.each<[string, (event: TransformEvent) => unknown, string]>([
    ['no JSON', () => 'nonsense', 'Lambda.JsonProcessingException'],
    ['no records', () => ({ ok: true }), 'Lambda.JsonProcessingException'],
    ['records that are none', () => ({ records: [1, null] }), 'Lambda.JsonProcessingException'],
    ['nothing of a record', () => ({ records: [] }), 'Lambda.MissingRecordId'],
    [
      'a record twice',
      ({ records: [one] }) => ({ records: [1, 2].map(() => ({ ...one, result: 'Ok' })) }),
      'Lambda.DuplicatedRecordId',
    ],
    [
      'data that is not base64',
      ({ records: [one] }) => ({ records: [{ ...one, result: 'Ok', data: '§' }] }),
      'Lambda.InvalidData',
    ],
  ])('may answer %s', async (_what, answer, code) => {
    await test.create(processing());
    test.world.lambda.answer = answer;
    await test.put('one');
    await test.advance(120);
    expect(await failures()).toMatchObject([{ errorCode: code, rawData: base64('one') }]);
  });

  it('is called again as often as configured, then its records have failed', async () => {
    await test.create(processing({ NumberOfRetries: '2' }));
    test.world.lambda.answer = () => new Error('boom');
    await test.put('one');
    await test.advance(120);
    expect(test.world.lambda.calls).toHaveLength(3);
    expect(await failures()).toMatchObject([{ errorCode: 'Lambda.FunctionError', attemptsMade: 3 }]);
  });

  it('that is throttled is asked again later, over a restart', async () => {
    await test.create(processing());
    test.world.lambda.failure = { code: 'TooManyRequestsException', detail: 'Rate Exceeded.', isRetryable: true };
    await test.put('one');
    await test.advance(60);
    test = await test.restart({ clean: true });
    test.world.lambda.failure = undefined;
    await test.advance(120);
    expect(await test.texts()).toEqual(['one']);
  });

  it('is not asked again while the bucket is down', async () => {
    await test.create(processing());
    await test.put('one');
    await test.advance(60);
    test.world.buckets.missing.add('lake');
    await test.advance(86_400);
    expect(test.world.lambda.calls).toHaveLength(1);
    test.world.buckets.missing.clear();
    await test.advance(60);
    expect(await test.texts()).toEqual(['one']);
  });

  it('is called in pieces of its buffer', async () => {
    await test.create(processing({ BufferSizeInMBs: '0.2', BufferIntervalInSeconds: '60' }));
    const large = 'x'.repeat(100 * 1024);
    await test.put(large, large, large, large, large);
    await test.advance(120);
    expect(test.world.lambda.calls.map(({ event }) => event.records.length)).toEqual([2, 2, 1]);
    expect(
      new Set(test.world.lambda.calls.flatMap(({ event }) => event.records.map(({ recordId }) => recordId))).size,
    ).toBe(5);
    expect((await test.texts())[0]).toHaveLength(5 * large.length);
  });

  it('gives keys by which records are parted', async () => {
    await test.create({
      ...processing(),
      Prefix: 'c=!{partitionKeyFromLambda:c}/!{timestamp:yyyy}/',
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      DynamicPartitioningConfiguration: { Enabled: true },
    });
    test.world.lambda.answer = ({ records }) => ({
      records: records.map(({ recordId, data }) => ({
        recordId,
        data,
        result: 'Ok',
        metadata: text(data) === 'none' ? undefined : { partitionKeys: { c: text(data).slice(0, 1), n: 1 } },
      })),
    });
    await test.put('a1', 'b1', 'a2', 'none');
    await test.advance(120);
    expect(await test.objects()).toMatchObject({
      'c=a/2026/orders-1-2026-01-15-12-00-00': 'a1a2',
      'c=b/2026/orders-1-2026-01-15-12-00-00': 'b1',
      'errors/metadata-extraction-failed/orders-1-2026-01-15-12-01-00':
        expect.stringContaining('MetadataExtractionFailed'),
    });
  });
});

describe('errors', () => {
  it('are in the log of the stream', async () => {
    await test.create({
      ...processing({ NumberOfRetries: '1' }),
      CloudWatchLoggingOptions: { Enabled: true, LogGroupName: '/aws/firehose/orders', LogStreamName: 'S3Delivery' },
    });
    test.world.lambda.answer = () => new Error('boom');
    await test.put('one');
    await test.advance(61);
    const [line = ''] = test.world.logs.lines;
    expect(line).toMatch(/^\/aws\/firehose\/orders S3Delivery /);
    expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
      deliveryStreamARN: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/orders',
      destination: 'arn:aws:s3:::lake',
      deliveryStreamVersionId: 1,
      message: 'The Lambda function was successfully invoked but it returned an error result.',
      errorCode: 'Lambda.FunctionError',
      processor: FUNCTION_ARN,
    });
  });
});

describe('the backup of source records', () => {
  it('has what was put, before it is processed', async () => {
    await test.create({
      ...processing(),
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: {
        RoleARN: 'arn:aws:iam::000000000000:role/firehose',
        BucketARN: 'arn:aws:s3:::backup',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      },
    });
    test.world.lambda.answer = ({ records }) => ({ records: records.map((one) => ({ ...one, result: 'Dropped' })) });
    await test.put('one', 'two');
    test = await test.restart({ clean: true });
    await test.advance(200);
    expect(await test.texts('backup')).toEqual(['onetwo']);
    expect(await test.texts()).toEqual([]);
    expect(test.cell.cell.payloads.count).toBe(0);
  });
});
