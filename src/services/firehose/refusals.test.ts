// What clients cannot configure or put, and the words it is refused with.

import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateDeliveryStreamInput } from '#wire/generated/firehose.ts';
import {
  FirehoseTest,
  FUNCTION_ARN,
  JQ,
  PARTITIONED,
  processing,
  ROLE_ARN,
  S3_CONFIGURATION,
  s3Stream,
} from './testing.ts';

let test: FirehoseTest;
beforeEach(async () => {
  test = await FirehoseTest.open();
});

const DELIMITERS = Array.from({ length: 6 }, () => ['AppendDelimiterToRecord', {}] as const);
const ATTRIBUTE = { AttributeName: 'a', AttributeValue: 'b' };
const DATABASE = {
  RoleARN: ROLE_ARN,
  ClusterJDBCURL: 'jdbc:redshift://a.example:5439/shop',
  CopyCommand: { DataTableName: 'orders' },
  Username: 'firehose',
  Password: 'secret-word',
  S3Configuration: S3_CONFIGURATION,
};
const TABLE = { RoleARN: ROLE_ARN, DatabaseName: 'a', TableName: 'b' };

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
    [
      'a processor',
      s3(processing(['NotLambda', {}])),
      /processors\.1\.member\.type.*enum value set: \[Decompression, Lambda, RecordDeAggregation, MetadataExtraction, AppendDelimiterToRecord, CloudWatchLogProcessing\]/,
    ],
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
      /must contain at least one occurrence of !\{firehose:error-output-type\}/,
    ],
    [
      'the type in a prefix',
      s3({ Prefix: '!{firehose:error-output-type}/', ErrorOutputPrefix: 'e/' }),
      /Prefix must not contain any occurrence of !\{firehose:error-output-type\}/,
    ],
    [
      'keys without partitioning',
      s3({ Prefix: '!{partitionKeyFromQuery:a}/', ErrorOutputPrefix: 'e/' }),
      /Dynamic Partitioning Namespaces can only/,
    ],
    [
      'keys in an error prefix',
      s3({ ErrorOutputPrefix: '!{partitionKeyFromQuery:a}!{firehose:error-output-type}/' }),
      /: Dynamic Partitioning Namespaces can't be part of an error prefix expression$/,
    ],
    [
      'a prefix that is too long with its time',
      s3({ Prefix: 'x'.repeat(505) }),
      /Length of evaluated prefix cannot be greater than 512$/,
    ],
    [
      'a prefix that no key has room for',
      s3({ Prefix: '\u8a9e'.repeat(300) }),
      /Length of evaluated prefix cannot be greater than 512$/,
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
    [
      'partitions without keys',
      s3({ ...PARTITIONED, ...processing(JQ), Prefix: 'a/' }),
      /: S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled$/,
    ],
    [
      'a query without partitions',
      s3(processing(JQ)),
      /: class com\.amazonaws\.services\.firehose\.internal\.model\.MetadataExtractionProcessor can only be present when Dynamic Partitioning is enabled\.$/,
    ],
    [
      'another engine',
      s3({
        ...PARTITIONED,
        ...processing(['MetadataExtraction', { MetadataExtractionQuery: '.', JsonParsingEngine: 'JQ-2' }]),
      }),
      /: MetaDataExtraction JSON Parsing Engine has to be one of JQ-1\.6$/,
    ],
    [
      'a foreign parameter',
      s3(processing(['Lambda', { LambdaArn: FUNCTION_ARN, Delimiter: 'x' }])),
      /Delimiter is not a valid parameter of the Lambda processor/,
    ],
    [
      'a retry count',
      s3(processing(['Lambda', { LambdaArn: FUNCTION_ARN, NumberOfRetries: '301' }])),
      /: Number of retries for lambda must be between 0 and 300\.$/,
    ],
    ['a function', s3(processing(['Lambda', { LambdaArn: 'transform' }])), /must be the ARN of a Lambda function/],
    [
      'extraction without decompression',
      s3(processing(['CloudWatchLogProcessing', { DataMessageExtraction: 'true' }])),
      /: CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor$/,
    ],
    ['an expression without an end', s3({ Prefix: 'a/!{timestamp' }), /: Invalid expression usage$/],
    ['a namespace', s3({ Prefix: '!{foo:bar}/' }), /: Namespace to the left of colon \(foo\) is an invalid keyword!$/],
    [
      'a pattern of time',
      s3({ ErrorOutputPrefix: '!{timestamp:bb}/' }),
      /: Invalid conversion character used in the value of the expression in ErrorOutputPrefix$/,
    ],
    [
      'no processor',
      s3({ ProcessingConfiguration: { Enabled: true } }),
      /: A maximum of 5 and a minimum of 1 processor /,
    ],
    ['six processors', s3(processing(...DELIMITERS)), /: A maximum of 5 and a minimum of 1 processor /],
    [
      'two functions',
      s3(processing(['Lambda', { LambdaArn: FUNCTION_ARN }], ['Lambda', { LambdaArn: FUNCTION_ARN }])),
      /: Cannot have more than 1 Lambda processor\.$/,
    ],
    ['no function', s3(processing(['Lambda', {}])), /: LambdaArn is required when Lambda processor is used\.$/],
    [
      'half of a buffer of a function',
      s3(processing(['Lambda', { LambdaArn: FUNCTION_ARN, BufferIntervalInSeconds: '60' }])),
      /: Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor\.$/,
    ],
    [
      'a size of a function',
      s3(processing(['Lambda', { LambdaArn: FUNCTION_ARN, BufferSizeInMBs: '4', BufferIntervalInSeconds: '60' }])),
      /: BufferSizeInMBs for lambda processor must be between 0\.2 and 3\.$/,
    ],
    [
      'an interval of a function',
      s3(processing(['Lambda', { LambdaArn: FUNCTION_ARN, BufferSizeInMBs: '1', BufferIntervalInSeconds: '901' }])),
      /: BufferIntervalInSeconds for lambda processor must be between 0 and 900\.$/,
    ],
    [
      'another compression',
      s3(processing(['Decompression', { CompressionFormat: 'ZIP' }])),
      /: CompressionFormat has to be GZIP$/,
    ],
    [
      'an extraction that is neither',
      s3(processing(['Decompression', {}], ['CloudWatchLogProcessing', { DataMessageExtraction: 'yes' }])),
      /: Invalid parameter value for DataMessageExtraction\. Allowed values are True and False\.$/,
    ],
    [
      'a kind of parts',
      s3({ ...PARTITIONED, ...processing(JQ, ['RecordDeAggregation', { SubRecordType: 'XML' }]) }),
      /: SubRecordType has to be one of JSON, DELIMITED$/,
    ],
    [
      'parts without a delimiter',
      s3({ ...PARTITIONED, ...processing(JQ, ['RecordDeAggregation', { SubRecordType: 'DELIMITED' }]) }),
      /: Delimiter should be present for DELIMITED$/,
    ],
    [
      'keys that the prefix leaves out',
      s3({
        ...PARTITIONED,
        ...processing([
          'MetadataExtraction',
          { MetadataExtractionQuery: '{a: .a, "b": .b.c}', JsonParsingEngine: 'JQ-1.6' },
        ]),
      }),
      /: MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression$/,
    ],
    [
      'an attribute twice',
      http({ RequestConfiguration: { CommonAttributes: [ATTRIBUTE, ATTRIBUTE] } }),
      /: Http Endpoint Common Attributes have duplicate name a$/,
    ],
    [
      'a database without a password',
      { DeliveryStreamName: 'orders', RedshiftDestinationConfiguration: { ...DATABASE, Password: undefined } },
      /: Redshift Database Password is required for Redshift Destination$/,
    ],
    [
      'a database with expressions',
      {
        DeliveryStreamName: 'orders',
        RedshiftDestinationConfiguration: {
          ...DATABASE,
          S3Configuration: { ...S3_CONFIGURATION, ErrorOutputPrefix: 'failed/' },
        },
      },
      /: Prefix Expressions or ErrorOutputPrefix is currently not supported for this destination$/,
    ],
    [
      'a database with a format it cannot read',
      {
        DeliveryStreamName: 'orders',
        RedshiftDestinationConfiguration: {
          ...DATABASE,
          S3Configuration: { ...S3_CONFIGURATION, CompressionFormat: 'ZIP' },
        },
      },
      /: Only the following compression formats are allowed when using Redshift: \[UNCOMPRESSED, GZIP\]$/,
    ],
    [
      'a source that is not named',
      { ...s3({}), DeliveryStreamType: 'KinesisStreamAsSource' },
      /: KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type\.$/,
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
      /: Cross-account pass role is not allowed\.$/,
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
      /: CloudWatch Log Stream Name is required if CloudWatch Logging is enabled$/,
    ],
    [
      'a backup without a bucket',
      s3({ S3BackupMode: 'Enabled' }),
      /: S3 backup destination configuration is required when enabling S3 backup\.$/,
    ],
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
