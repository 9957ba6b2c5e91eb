import { beforeEach, describe, expect, it } from 'vitest';
import { TestIam, testCell } from '#cell/testing.ts';
import { rootOf } from '#model/principal.ts';
import { firehose } from './service.ts';
import {
  bucketArn,
  FirehoseTest,
  FUNCTION_ARN,
  JQ,
  PARTITIONED,
  processing,
  ROLE_ARN,
  S3_CONFIGURATION,
  STREAM_ARN,
  s3Stream,
} from './testing.ts';

let test: FirehoseTest;
beforeEach(async () => {
  test = await FirehoseTest.open();
});

const update = (more: object, version = '1') => ({
  DeliveryStreamName: 'orders',
  CurrentDeliveryStreamVersionId: version,
  DestinationId: 'destinationId-000000000001',
  ...more,
});

const TABLE = { RoleARN: ROLE_ARN, DatabaseName: 'a', TableName: 'b' };

describe('a delivery stream', () => {
  it('is described with its defaults', async () => {
    await test.call('CreateDeliveryStream', {
      DeliveryStreamName: 'orders',
      ExtendedS3DestinationConfiguration: S3_CONFIGURATION,
    });
    const plain = {
      ...S3_CONFIGURATION,
      Prefix: '',
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
      CompressionFormat: 'UNCOMPRESSED',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
      CloudWatchLoggingOptions: { Enabled: false },
    };
    expect(await test.describe()).toEqual({
      DeliveryStreamName: 'orders',
      DeliveryStreamARN: STREAM_ARN,
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
      VersionId: '1',
      CreateTimestamp: Date.UTC(2026, 0, 15, 12),
      HasMoreDestinations: false,
      Destinations: [
        {
          DestinationId: 'destinationId-000000000001',
          S3DestinationDescription: plain,
          ExtendedS3DestinationDescription: { ...plain, S3BackupMode: 'Disabled' },
        },
      ],
    });
  });

  it.each([
    ['a function', { LambdaArn: FUNCTION_ARN }, ['3', ROLE_ARN, '1', '60']],
    [
      'what was given',
      { BufferIntervalInSeconds: '0', BufferSizeInMBs: '0.5', NumberOfRetries: '0', LambdaArn: FUNCTION_ARN },
      ['0', ROLE_ARN, '0.5', '0'],
    ],
  ] as const)('is described with the defaults of its processors: %s', async (_what, parameters, rest) => {
    await test.create(processing(['Lambda', parameters]));
    const { Destinations } = await test.describe();
    const [retries, role, size, seconds] = rest;
    expect(Destinations?.[0]?.ExtendedS3DestinationDescription?.ProcessingConfiguration).toEqual(
      processing([
        'Lambda',
        {
          LambdaArn: FUNCTION_ARN,
          NumberOfRetries: retries,
          RoleArn: role,
          BufferSizeInMBs: size,
          BufferIntervalInSeconds: seconds,
        },
      ]).ProcessingConfiguration,
    );
  });

  it('may say True where it extracts messages, and nothing where it decompresses', async () => {
    await test.create(
      processing(['Decompression', {}], ['CloudWatchLogProcessing', { DataMessageExtraction: 'True' }]),
    );
    const { Destinations } = await test.describe();
    expect(Destinations?.[0]?.ExtendedS3DestinationDescription?.ProcessingConfiguration).toEqual(
      processing(
        ['Decompression', { CompressionFormat: 'GZIP' }],
        ['CloudWatchLogProcessing', { DataMessageExtraction: 'true' }],
      ).ProcessingConfiguration,
    );
    const content = [...test.state.contents.values()][0];
    expect(content?.plan.process?.preparation).toMatchObject({ decompression: true, messageExtraction: true });
  });

  it('exists once, and is gone when it was deleted, with what waited', async () => {
    await test.create();
    expect(await test.refusal('CreateDeliveryStream', s3Stream())).toBe(
      'ResourceInUseException: Firehose orders under accountId 000000000000 already exists',
    );
    await test.put('one');
    await test.call('DeleteDeliveryStream', { DeliveryStreamName: 'orders' });
    expect(test.cell.cell.payloads.count).toBe(0);
    expect(await test.refusal('DescribeDeliveryStream', { DeliveryStreamName: 'orders' })).toBe(
      'ResourceNotFoundException: Firehose orders under account 000000000000 not found.',
    );
    test = await test.restart({ clean: true });
    await test.create();
    await test.advance(600);
    expect(await test.texts()).toEqual([]);
  });

  it('may be deleted while a batch is under way', async () => {
    await test.create();
    await test.put('one');
    const { cell } = test;
    cell.clock.moveTo(cell.clock.nowMs() + 60_000);
    await test.call('DeleteDeliveryStream', { DeliveryStreamName: 'orders' });
    await test.advance(600);
    expect(cell.fatal).toBeUndefined();
    expect(test.state.runs.size).toBe(0);
    expect(await cell.engine.blobs.names()).toEqual([]);
  });

  it('is listed by name', async () => {
    for (const name of ['b', 'a', 'c'])
      await test.call('CreateDeliveryStream', { ...s3Stream(), DeliveryStreamName: name });
    expect(await test.call('ListDeliveryStreams', { Limit: 2 })).toEqual({
      DeliveryStreamNames: ['a', 'b'],
      HasMoreDeliveryStreams: true,
    });
    expect(await test.call('ListDeliveryStreams', { ExclusiveStartDeliveryStreamName: 'b' })).toEqual({
      DeliveryStreamNames: ['c'],
      HasMoreDeliveryStreams: false,
    });
    const kinesis = { DeliveryStreamType: 'KinesisStreamAsSource' };
    expect(await test.call('ListDeliveryStreams', kinesis)).toMatchObject({ DeliveryStreamNames: [] });
  });

  it('has tags', async () => {
    await test.call('CreateDeliveryStream', { ...s3Stream(), Tags: [{ Key: 'a', Value: '1' }] });
    const named = { DeliveryStreamName: 'orders' };
    await test.call('TagDeliveryStream', { ...named, Tags: [{ Key: 'b' }, { Key: 'c', Value: '3' }] });
    await test.call('UntagDeliveryStream', { ...named, TagKeys: ['a'] });
    expect(await test.call('ListTagsForDeliveryStream', { ...named, Limit: 1 })).toEqual({
      Tags: [{ Key: 'b', Value: '' }],
      HasMoreTags: true,
    });
    const rest = await test.call('ListTagsForDeliveryStream', { ...named, ExclusiveStartTagKey: 'b' });
    expect(rest).toEqual({ Tags: [{ Key: 'c', Value: '3' }], HasMoreTags: false });
  });
});

describe('an update', () => {
  it('is merged into what was configured, and counts as a version', async () => {
    await test.create({ Prefix: 'a/' });
    await test.call('UpdateDestination', update({ ExtendedS3DestinationUpdate: { CompressionFormat: 'GZIP' } }));
    expect(await test.describe()).toMatchObject({
      VersionId: '2',
      LastUpdateTimestamp: Date.UTC(2026, 0, 15, 12),
      Destinations: [
        {
          ExtendedS3DestinationDescription: {
            Prefix: 'a/',
            CompressionFormat: 'GZIP',
            BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
          },
        },
      ],
    });
  });

  it('must name the version and the destination that are there', async () => {
    await test.create();
    expect(await test.refusal('UpdateDestination', update({ S3DestinationUpdate: {} }, '7'))).toBe(
      'ConcurrentModificationException: Cannot update firehose: orders since the current version id: 1 and specified version id: 7 do not match',
    );
    expect(await test.refusal('UpdateDestination', update({}))).toBe(
      'InvalidArgumentException: At least one destination or source configuration update must be provided',
    );
    const wrong = { ...update({ S3DestinationUpdate: {} }), DestinationId: 'other' };
    expect(await test.refusal('UpdateDestination', wrong)).toBe(
      'InvalidArgumentException: Destination Id other not found',
    );
  });

  it('keeps the secrets that it does not name, and may change the type', async () => {
    await test.create();
    const EndpointConfiguration = { Url: 'https://a.example', AccessKey: 'hidden-key' };
    const HttpEndpointDestinationUpdate = { EndpointConfiguration, S3Update: S3_CONFIGURATION };
    await test.call('UpdateDestination', update({ HttpEndpointDestinationUpdate }));
    const again = { HttpEndpointDestinationUpdate: { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 } } };
    await test.call('UpdateDestination', update(again, '2'));
    await test.put('one');
    await test.advance(1);
    const [request] = test.world.performers.of('firehose-http');
    expect(request?.input).toMatchObject({ url: 'https://a.example', accessKey: 'hidden-key' });
  });

  it('of the interval holds for what waits', async () => {
    await test.create({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
    await test.put('one');
    const BufferingHints = { SizeInMBs: 1, IntervalInSeconds: 10 };
    await test.call('UpdateDestination', update({ ExtendedS3DestinationUpdate: { BufferingHints } }));
    await test.advance(10);
    expect(await test.texts()).toEqual(['one']);
  });

  it('cannot end a backup', async () => {
    const S3BackupConfiguration = { ...S3_CONFIGURATION, BucketARN: bucketArn('backup') };
    await test.create({ S3BackupMode: 'Enabled', S3BackupConfiguration });
    const ended = update({ ExtendedS3DestinationUpdate: { S3BackupMode: 'Disabled' } });
    const refused = 'InvalidArgumentException: Disabling S3 backup is not currently supported.';
    expect(await test.refusal('UpdateDestination', ended)).toBe(refused);
  });

  it('to a destination without a backup lets go of what waited for it', async () => {
    const S3BackupConfiguration = { ...S3_CONFIGURATION, BucketARN: bucketArn('backup') };
    await test.create({ S3BackupMode: 'Enabled', S3BackupConfiguration });
    await test.put('one');
    const EndpointConfiguration = { Url: 'https://a.example' };
    const changed = { EndpointConfiguration, S3Update: S3_CONFIGURATION };
    await test.call('UpdateDestination', update({ HttpEndpointDestinationUpdate: changed }));
    await test.advance(400);
    expect([await test.texts(), await test.texts('backup')]).toEqual([[], []]);
    expect(test.world.performers.of('firehose-http').map(({ texts }) => texts)).toEqual([['one']]);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('of what is processed leaves nothing behind in between', async () => {
    const Parameters = [{ ParameterName: 'LambdaArn', ParameterValue: FUNCTION_ARN }];
    await test.create({ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda', Parameters }] } });
    await test.put('one');
    const ProcessingConfiguration = { Enabled: false, Processors: [] };
    await test.call('UpdateDestination', update({ ExtendedS3DestinationUpdate: { ProcessingConfiguration } }));
    await test.put('two');
    await test.advance(200);
    expect((await test.texts()).join('')).toMatch(/one.*two|two.*one/);
    expect(test.cell.cell.payloads.count).toBe(0);
  });
});

describe('a table', () => {
  it('is the one of the catalog that is named, and is looked up when the stream is created', async () => {
    test.world.schemas.texts.set('a/b', '{"type":"object","properties":{"id":{"type":"integer"}}}');
    const SchemaConfiguration = { ...TABLE, CatalogId: '222222222222', Region: 'eu-west-1' };
    await test.create({
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      DataFormatConversionConfiguration: {
        SchemaConfiguration,
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
      },
    });
    expect(test.world.schemas.asked).toEqual(['222222222222 eu-west-1 a/b']);
    await test.put('{"id":1}');
    await test.advance(60);
    expect(test.world.performers.of('firehose-shape')[0]?.input).toMatchObject({
      conversion: { columns: [{ name: 'id', type: 'bigint' }] },
    });
    const changed = (DataFormatConversionConfiguration: object) =>
      update({ ExtendedS3DestinationUpdate: { DataFormatConversionConfiguration } });
    const gone = changed({ SchemaConfiguration: { TableName: 'gone' } });
    expect(await test.refusal('UpdateDestination', gone)).toMatch(/there is no schema gone/);
    await test.call('UpdateDestination', changed({ Enabled: false }));
    expect((await test.describe()).Destinations).toMatchObject([
      {
        ExtendedS3DestinationDescription: {
          DataFormatConversionConfiguration: { Enabled: false, SchemaConfiguration },
        },
      },
    ]);
  });
});

describe('a query', () => {
  it('is compiled before the stream is there, and a stream that came meanwhile stays as it is', async () => {
    const input = s3Stream({ ...PARTITIONED, ...processing(JQ) });
    const [first, second] = await Promise.allSettled([
      test.call('CreateDeliveryStream', input),
      test.call('CreateDeliveryStream', s3Stream()),
    ]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
    expect((await test.describe()).VersionId).toBe('1');
    expect(test.state.checking.size).toBe(0);
  });

  it('of an update is compiled, too', async () => {
    await test.create({ ...PARTITIONED, ...processing(JQ) });
    const broken = processing([
      'MetadataExtraction',
      { MetadataExtractionQuery: 'broken', JsonParsingEngine: 'JQ-1.6' },
    ]);
    const changed = update({ ExtendedS3DestinationUpdate: broken });
    expect(await test.refusal('UpdateDestination', changed)).toMatch(/^InvalidArgumentException: JQ Subprocess failed/);
    expect((await test.describe()).VersionId).toBe('1');
  });
});

// AWS: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Kinesis Firehose".
describe('permissions', () => {
  it('are asked for the stream, for the roles that it is given, and that these may be assumed', async () => {
    const iam = new TestIam();
    iam.isForbidden = (action) => action === 'sts:AssumeRole';
    const asked = (): string[] => iam.takeAsked().map(({ action, resource }) => `${action} ${resource}`);
    const cell = await testCell([iam.definition, firehose], { iamMode: 'enforce' });
    const reply = await cell.reply('firehose', 'CreateDeliveryStream', s3Stream(), {
      principal: rootOf('000000000000'),
    });
    expect(reply).toMatchObject({
      refused: {
        code: 'InvalidArgumentException',
        message: `Firehose is unable to assume role ${ROLE_ARN}. Please check the role provided.`,
      },
    });
    expect(asked()).toEqual([
      `firehose:CreateDeliveryStream ${STREAM_ARN}`,
      `iam:PassRole ${ROLE_ARN}`,
      `sts:AssumeRole ${ROLE_ARN}`,
    ]);
    await cell.reply('firehose', 'UpdateDestination', {
      DeliveryStreamName: 'orders',
      ExtendedS3DestinationUpdate: {
        RoleARN: ROLE_ARN,
        ...processing(['Lambda', { LambdaArn: FUNCTION_ARN, RoleArn: `${ROLE_ARN}-of-function` }]),
      },
    });
    expect(asked()).toEqual([
      `firehose:UpdateDestination ${STREAM_ARN}`,
      `iam:PassRole ${ROLE_ARN}`,
      `iam:PassRole ${ROLE_ARN}-of-function`,
    ]);
    await cell.reply('firehose', 'PutRecord', { DeliveryStreamName: 'orders', Record: { Data: new Uint8Array() } });
    expect(asked()).toEqual([`firehose:PutRecord ${STREAM_ARN}`]);
  });

  it('that are missing at the bucket hold the batch back, and are told in the log', async () => {
    const CloudWatchLoggingOptions = { Enabled: true, LogGroupName: 'g', LogStreamName: 's' };
    await test.create({ CloudWatchLoggingOptions, BucketARN: bucketArn('closed') });
    test.world.buckets.refusesAfter = 0;
    await test.put('one');
    await test.advance(3_600);
    expect(test.world.logs.lines[0]).toContain('"errorCode":"S3.AccessDenied"');
    test.world.buckets.refusesAfter = undefined;
    await test.advance(60);
    expect(await test.texts('closed')).toEqual(['one']);
  });
});
