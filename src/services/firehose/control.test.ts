import { beforeEach, describe, expect, it } from 'vitest';
import { TestIam, testCell } from '#cell/testing.ts';
import { rootOf } from '#model/principal.ts';
import type { CreateDeliveryStreamInput } from '#wire/generated/firehose.ts';
import { firehose } from './service.ts';
import { bucketArn, FirehoseTest, FUNCTION_ARN, ROLE_ARN, S3_CONFIGURATION, STREAM_ARN, s3Stream } from './testing.ts';

let test: FirehoseTest;
beforeEach(async () => {
  test = await FirehoseTest.open();
});

const processing = (
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
const JQ = ['MetadataExtraction', { MetadataExtractionQuery: '{a:.a}', JsonParsingEngine: 'JQ-1.6' }] as const;
const PARTITIONED = {
  DynamicPartitioningConfiguration: { Enabled: true },
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  Prefix: '!{partitionKeyFromQuery:a}/',
  ErrorOutputPrefix: '!{firehose:error-output-type}/',
};

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
    const refused = 'InvalidArgumentException: S3BackupMode cannot be updated from Enabled to Disabled.';
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

describe('what is refused', () => {
  const s3 = (more: object): CreateDeliveryStreamInput => s3Stream(more);
  const http = (more: object): CreateDeliveryStreamInput => ({
    DeliveryStreamName: 'orders',
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: 'https://a.example' },
      S3Configuration: S3_CONFIGURATION,
      ...more,
    },
  });
  const parquet = (more: object, conversion: object = {}): CreateDeliveryStreamInput =>
    s3({
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      DataFormatConversionConfiguration: {
        SchemaConfiguration: { RoleARN: ROLE_ARN, DatabaseName: 'a', TableName: 'b' },
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
        ...conversion,
      },
      ...more,
    });

  it.each<[string, CreateDeliveryStreamInput, RegExp]>([
    [
      'a name',
      { ...s3({}), DeliveryStreamName: 'a b' },
      /^ValidationException: 1 validation error detected: Value 'a b' at 'deliveryStreamName'/,
    ],
    ['no destination', { DeliveryStreamName: 'orders' }, /^InvalidArgumentException: Exactly one destination/],
    ['two destinations', { ...s3({}), S3DestinationConfiguration: S3_CONFIGURATION }, /Exactly one destination/],
    [
      'a bucket',
      s3({ BucketARN: 'lake' }),
      /'extendedS3DestinationConfiguration\.bucketARN' failed to satisfy constraint/,
    ],
    [
      'a missing role',
      s3({ RoleARN: undefined }),
      /Value null at 'extendedS3DestinationConfiguration\.roleARN'.*must not be null/,
    ],
    [
      'a size',
      s3({ BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 1 } }),
      /bufferingHints\.sizeInMBs.*less than or equal to 128/,
    ],
    ['a processor', s3(processing(['NotLambda', {}])), /processors\.1\.member\.type.*enum value set/],
    [
      'a hidden endpoint',
      http({ EndpointConfiguration: { Url: 'ftp://x' } }),
      /^ValidationException: 1 validation error detected: Value at/,
    ],
    [
      'expressions without an error prefix',
      s3({ Prefix: '!{timestamp:yyyy}/' }),
      /^InvalidArgumentException: Ths supplied prefix\(es\) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions/,
    ],
    [
      'an error prefix without the type',
      s3({ ErrorOutputPrefix: '!{timestamp:yyyy}/' }),
      /must contain at least one instance/,
    ],
    [
      'the type in a prefix',
      s3({ Prefix: '!{firehose:error-output-type}/', ErrorOutputPrefix: 'e/' }),
      /Prefix cannot contain/,
    ],
    [
      'keys without partitioning',
      s3({ Prefix: '!{partitionKeyFromQuery:a}/', ErrorOutputPrefix: 'e/' }),
      /Dynamic Partitioning Namespaces can only/,
    ],
    [
      'keys in an error prefix',
      s3({ ErrorOutputPrefix: '!{partitionKeyFromQuery:a}!{firehose:error-output-type}/' }),
      /ErrorOutputPrefix cannot contain/,
    ],
    [
      'a prefix that is too long with its time',
      s3({ Prefix: 'x'.repeat(505) }),
      /cannot be greater than 512 characters/,
    ],
    [
      'a prefix that no key has room for',
      s3({ Prefix: '\u8a9e'.repeat(300) }),
      /cannot be greater than 512 characters/,
    ],
    ['a time zone', s3({ CustomTimeZone: 'Mars/Olympus' }), /not a valid time zone/],
    [
      'partitions of small buffers',
      s3({ ...PARTITIONED, BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 } }),
      /at least 64/,
    ],
    [
      'partitions without buffering',
      s3({ ...PARTITIONED, BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 0 } }),
      /at least 60/,
    ],
    ['partitions without a query', s3(PARTITIONED), /A MetadataExtraction processor is required/],
    ['partitions without keys', s3({ ...PARTITIONED, ...processing(JQ), Prefix: 'a/' }), /Prefix must contain/],
    ['a query without partitions', s3(processing(JQ)), /can only be present when Dynamic Partitioning is enabled/],
    [
      'another engine',
      s3({
        ...PARTITIONED,
        ...processing(['MetadataExtraction', { MetadataExtractionQuery: '.', JsonParsingEngine: 'JQ-2' }]),
      }),
      /JsonParsingEngine must be JQ-1\.6/,
    ],
    [
      'a foreign parameter',
      s3(processing(['Lambda', { LambdaArn: FUNCTION_ARN, Delimiter: 'x' }])),
      /Delimiter is not a valid parameter of the Lambda processor/,
    ],
    ['a retry count', s3(processing(['Lambda', { LambdaArn: FUNCTION_ARN, NumberOfRetries: '301' }])), /from 0 to 300/],
    ['a function', s3(processing(['Lambda', { LambdaArn: 'transform' }])), /must be the ARN of a Lambda function/],
    [
      'extraction without decompression',
      s3(processing(['CloudWatchLogProcessing', { DataMessageExtraction: 'true' }])),
      /requires a Decompression processor/,
    ],
    ['ORC', parquet({}, { OutputFormatConfiguration: { Serializer: { OrcSerDe: {} } } }), /OrcSerDe is not available/],
    ['compressed Parquet', parquet({ CompressionFormat: 'GZIP' }), /must be UNCOMPRESSED/],
    ['Parquet without a table', parquet({}, { SchemaConfiguration: undefined }), /SchemaConfiguration is required/],
    ['Parquet in small buffers', parquet({ BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 } }), /at least 64/],
    [
      'Parquet without a role',
      parquet({}, { SchemaConfiguration: { DatabaseName: 'a', TableName: 'b' } }),
      /SchemaConfiguration\.RoleARN is required/,
    ],
    [
      'Parquet with a role of another account',
      parquet({}, { SchemaConfiguration: { ...TABLE, RoleARN: 'arn:aws:iam::111111111111:role/other' } }),
      /cross-account roles aren't allowed/,
    ],
    [
      'Parquet with a table that is not there',
      parquet({}),
      /^InvalidArgumentException: Entity Not Found: there is no schema b with columns in the registry a \(Service: AWSGlue; Status Code: 400; Error Code: EntityNotFoundException\)$/,
    ],
    [
      'a broken query',
      s3({
        ...PARTITIONED,
        ...processing(['MetadataExtraction', { MetadataExtractionQuery: '{broken', JsonParsingEngine: 'JQ-1.6' }]),
      }),
      /^InvalidArgumentException: JQ Subprocess failed due to: jq: 1 compile error$/,
    ],
    [
      'logging without a log stream',
      http({
        S3Configuration: { ...S3_CONFIGURATION, CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'g' } },
      }),
      /LogGroupName and LogStreamName must be specified when CloudWatch logging is enabled/,
    ],
    ['a backup without a bucket', s3({ S3BackupMode: 'Enabled' }), /S3BackupConfiguration must be specified/],
    [
      'KMS',
      s3({ EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: 'k' } } }),
      /KMSEncryptionConfig is not available/,
    ],
    [
      'Iceberg',
      { DeliveryStreamName: 'orders', IcebergDestinationConfiguration: {} },
      /IcebergDestinationConfiguration is not available/,
    ],
    [
      'Snowflake',
      { DeliveryStreamName: 'orders', SnowflakeDestinationConfiguration: {} },
      /SnowflakeDestinationConfiguration is not available/,
    ],
    [
      'OpenSearch Serverless',
      { DeliveryStreamName: 'orders', AmazonOpenSearchServerlessDestinationConfiguration: {} },
      /is not available/,
    ],
    ['Kafka', { ...s3({}), DeliveryStreamType: 'MSKAsSource' }, /DeliveryStreamType MSKAsSource is not available/],
    ['databases', { ...s3({}), DatabaseSourceConfiguration: {} }, /DatabaseSourceConfiguration is not available/],
    [
      'encryption',
      { ...s3({}), DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' } },
      /is not available/,
    ],
    [
      'a secret of Secrets Manager',
      http({ SecretsManagerConfiguration: { Enabled: true } }),
      /SecretsManagerConfiguration is not available/,
    ],
  ])('%s', async (_what, input, message) => {
    expect(await test.refusal('CreateDeliveryStream', input)).toMatch(message);
    expect(test.state.streams.size).toBe(0);
  });

  it('encryption by name, for streams that exist', async () => {
    const named = { DeliveryStreamName: 'orders' };
    expect(await test.refusal('StartDeliveryStreamEncryption', named)).toMatch(/^ResourceNotFoundException/);
    await test.create();
    expect(await test.refusal('StartDeliveryStreamEncryption', named)).toBe(
      'InvalidArgumentException: StartDeliveryStreamEncryption is not available on this server.',
    );
    expect(await test.refusal('StopDeliveryStreamEncryption', named)).toMatch(/^InvalidArgumentException/);
  });

  it('records that are too large, too many or none', async () => {
    await test.create();
    const named = { DeliveryStreamName: 'orders' };
    const record = (bytes: number) => ({ Data: new Uint8Array(bytes) });
    expect(await test.refusal('PutRecord', { ...named, Record: record(1_024_001) })).toMatch(
      /^ValidationException: .*'record\.data'.*1024000$/,
    );
    expect(await test.refusal('PutRecord', { ...named, Record: {} })).toMatch(/'record\.data'.*must not be null/);
    expect(await test.refusal('PutRecordBatch', { ...named, Records: [] })).toMatch(
      /^ValidationException: .*'records'/,
    );
    expect(await test.refusal('PutRecordBatch', { ...named, Records: new Array(501).fill(record(1)) })).toMatch(
      /: Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 500/,
    );
    expect(await test.refusal('PutRecordBatch', { ...named, Records: new Array(5).fill(record(1_000_000)) })).toMatch(
      /^InvalidArgumentException/,
    );
    await test.call('PutRecord', { ...named, Record: record(0) });
  });

  it("records of clients where CloudWatch Logs' are decompressed", async () => {
    await test.create(processing(['Decompression', { CompressionFormat: 'GZIP' }]));
    const Record = { Data: Buffer.from('x') };
    expect(await test.refusal('PutRecord', { DeliveryStreamName: 'orders', Record })).toMatch(
      /^InvalidSourceException: Only requests from CloudWatch Logs are supported/,
    );
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
