// Bounds and patterns of members; values in AWS's own order, where floci's authors have seen it. Source: botocore, firehose 2015-08-04. Where this
// server takes more than AWS it says so: endpoints without TLS and databases that are not called redshift, because both run on one's own machine.

import { any, list, number, oneOf, type Shape, structure, text } from './shape.ts';

const pattern = (test: RegExp, shown = test.source.replace(/^\^|\$$/g, '')) => ({ pattern: { test, shown } });

export const STREAM_NAME = text({ min: 1, max: 64, ...pattern(/^[a-zA-Z0-9_.-]+$/) });
export const TAG = structure(
  {
    Key: text({ min: 1, max: 128, ...pattern(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@%]*$/u) }),
    Value: text({ min: 0, max: 256, ...pattern(/^[\p{L}\p{Z}\p{N}_.:/=+\-@%]*$/u) }),
  },
  'Key',
);

const ROLE = text({ min: 1, max: 512, ...pattern(/^arn:.*:iam::\d{12}:role\/[a-zA-Z_0-9+=,.@\-_/]+$/) });
const BUCKET = text({ min: 1, max: 2048, ...pattern(/^arn:.*:s3:::[\w.-]{1,255}$/) });
const NON_EMPTY = /^(?!\s*$).+$/;
const WORD = text({ min: 1, max: 1024, ...pattern(/^\S+$/) });

const LOGGING = structure({
  LogGroupName: text({ min: 0, max: 512, ...pattern(/^[.\-_/#A-Za-z0-9]*$/) }),
  LogStreamName: text({ min: 0, max: 512, ...pattern(/^[^:*]*$/) }),
});
const PROCESSOR_TYPES = [
  ...['Decompression', 'Lambda', 'RecordDeAggregation', 'MetadataExtraction', 'AppendDelimiterToRecord'],
  'CloudWatchLogProcessing',
];
const PARAMETER_NAMES = [
  ...['DataMessageExtraction', 'NumberOfRetries', 'Delimiter', 'RoleArn', 'JsonParsingEngine', 'SubRecordType'],
  ...['MetadataExtractionQuery', 'BufferIntervalInSeconds', 'LambdaArn', 'BufferSizeInMBs', 'CompressionFormat'],
];
const PROCESSING = structure({
  Processors: list(
    structure(
      {
        Type: oneOf(...PROCESSOR_TYPES),
        Parameters: list(
          structure(
            {
              ParameterName: oneOf(...PARAMETER_NAMES),
              ParameterValue: text({ min: 1, max: 5120, ...pattern(/^(?!\s*$).+$/s, '^(?!\\s*$).+') }),
            },
            'ParameterName',
            'ParameterValue',
          ),
        ),
      },
      'Type',
    ),
  ),
});
const buffering = (sizeMax: number, secondsMax: number): Shape =>
  structure({ SizeInMBs: number(1, sizeMax), IntervalInSeconds: number(0, secondsMax) });
const RETRY = structure({ DurationInSeconds: number(0, 7200) });

const S3_MEMBERS: Readonly<Record<string, Shape>> = {
  RoleARN: ROLE,
  BucketARN: BUCKET,
  Prefix: text({ min: 0, max: 1024 }),
  ErrorOutputPrefix: text({ min: 0, max: 1024 }),
  BufferingHints: buffering(128, 900),
  CompressionFormat: oneOf('ZIP', 'HADOOP_SNAPPY', 'Snappy', 'GZIP', 'UNCOMPRESSED'),
  EncryptionConfiguration: structure({ NoEncryptionConfig: oneOf('NoEncryption') }),
  CloudWatchLoggingOptions: LOGGING,
};
const S3 = structure(S3_MEMBERS, 'RoleARN', 'BucketARN');

const CONVERSION = structure({
  SchemaConfiguration: structure({
    ...{ RoleARN: WORD, CatalogId: WORD, DatabaseName: WORD, TableName: WORD, Region: WORD, VersionId: WORD },
  }),
  InputFormatConfiguration: structure({
    Deserializer: structure({
      HiveJsonSerDe: structure({ TimestampFormats: list(text({ min: 1, max: 1024, ...pattern(NON_EMPTY) })) }),
      OpenXJsonSerDe: any,
    }),
  }),
  OutputFormatConfiguration: structure({
    Serializer: structure({
      ParquetSerDe: structure({
        BlockSizeBytes: number(67_108_864, 2_147_483_647),
        PageSizeBytes: number(65_536, 2_147_483_647),
        Compression: oneOf('SNAPPY', 'GZIP', 'UNCOMPRESSED'),
        MaxPaddingBytes: number(0, 2_147_483_647),
        WriterVersion: oneOf('V1', 'V2'),
      }),
      OrcSerDe: any,
    }),
  }),
});

const EXTENDED_S3 = structure(
  {
    ...S3_MEMBERS,
    ProcessingConfiguration: PROCESSING,
    S3BackupMode: oneOf('Disabled', 'Enabled'),
    S3BackupConfiguration: S3,
    DataFormatConversionConfiguration: CONVERSION,
    DynamicPartitioningConfiguration: structure({ RetryOptions: RETRY }),
    FileExtension: text({ min: 0, max: 128, ...pattern(/^$|^\.[0-9a-z!\-_.*'()]+$/, "^(|\\.[0-9a-z!\\-_.*'()]+)$") }),
    CustomTimeZone: text({ min: 0, max: 50, ...pattern(/^$|^[a-zA-Z/_]+$/, '^$|[a-zA-Z/_]+') }),
  },
  'RoleARN',
  'BucketARN',
);

const HTTP = structure(
  {
    EndpointConfiguration: structure(
      {
        Url: text({ min: 1, max: 1000, isSecret: true, ...pattern(/^https?:\/\/.*$/, 'https://.*') }),
        Name: text({ min: 1, max: 256, ...pattern(NON_EMPTY) }),
        AccessKey: text({ min: 0, max: 4096, isSecret: true }),
      },
      'Url',
    ),
    BufferingHints: buffering(64, 900),
    CloudWatchLoggingOptions: LOGGING,
    RequestConfiguration: structure({
      ContentEncoding: oneOf('NONE', 'GZIP'),
      CommonAttributes: list(
        structure(
          {
            AttributeName: text({ min: 1, max: 256, isSecret: true, ...pattern(NON_EMPTY) }),
            AttributeValue: text({ min: 0, max: 1024, isSecret: true }),
          },
          'AttributeName',
          'AttributeValue',
        ),
        { max: 50 },
      ),
    }),
    ProcessingConfiguration: PROCESSING,
    RoleARN: ROLE,
    RetryOptions: RETRY,
    S3BackupMode: oneOf('FailedDataOnly', 'AllData'),
    S3Configuration: S3,
  },
  'EndpointConfiguration',
  'S3Configuration',
);

const SPLUNK = structure(
  {
    HECEndpoint: text({ min: 0, max: 2048 }),
    HECEndpointType: oneOf('Raw', 'Event'),
    HECToken: text({ min: 0, max: 2048, isSecret: true }),
    HECAcknowledgmentTimeoutInSeconds: number(180, 600),
    RetryOptions: RETRY,
    S3BackupMode: oneOf('FailedEventsOnly', 'AllEvents'),
    S3Configuration: S3,
    ProcessingConfiguration: PROCESSING,
    CloudWatchLoggingOptions: LOGGING,
    BufferingHints: buffering(5, 60),
  },
  'HECEndpoint',
  'HECEndpointType',
  'S3Configuration',
);

const OPENSEARCH = structure(
  {
    RoleARN: ROLE,
    DomainARN: text({ min: 1, max: 512, ...pattern(/^arn:.*:es:[a-zA-Z0-9-]+:\d{12}:domain\/[a-z][-0-9a-z]{2,27}$/) }),
    ClusterEndpoint: text({ min: 1, max: 512, ...pattern(/^https?:.*$/, 'https:.*') }),
    IndexName: text({ min: 1, max: 80 }),
    TypeName: text({ min: 0, max: 100 }),
    IndexRotationPeriod: oneOf('NoRotation', 'OneHour', 'OneDay', 'OneWeek', 'OneMonth'),
    BufferingHints: buffering(100, 900),
    RetryOptions: RETRY,
    S3BackupMode: oneOf('FailedDocumentsOnly', 'AllDocuments'),
    S3Configuration: S3,
    ProcessingConfiguration: PROCESSING,
    CloudWatchLoggingOptions: LOGGING,
    DocumentIdOptions: structure(
      { DefaultDocumentIdFormat: oneOf('FIREHOSE_DEFAULT', 'NO_DOCUMENT_ID') },
      'DefaultDocumentIdFormat',
    ),
  },
  'RoleARN',
  'IndexName',
  'S3Configuration',
);

const REDSHIFT = structure(
  {
    RoleARN: ROLE,
    ClusterJDBCURL: text({
      min: 1,
      max: 512,
      ...pattern(/^jdbc:(redshift|postgresql):\/\/[^/\s]+:\d{1,5}\/[a-zA-Z0-9_$-]+(\?.*)?$/),
    }),
    CopyCommand: structure(
      {
        DataTableName: text({ min: 1, max: 512 }),
        DataTableColumns: text({ min: 0, max: 10_240 }),
        CopyOptions: text({ min: 0, max: 10_240 }),
      },
      'DataTableName',
    ),
    Username: text({ min: 1, max: 512, isSecret: true }),
    Password: text({ min: 6, max: 512, isSecret: true }),
    RetryOptions: RETRY,
    S3Configuration: S3,
    ProcessingConfiguration: PROCESSING,
    S3BackupMode: oneOf('Disabled', 'Enabled'),
    S3BackupConfiguration: S3,
    CloudWatchLoggingOptions: LOGGING,
  },
  'RoleARN',
  'ClusterJDBCURL',
  'CopyCommand',
  'S3Configuration',
);

/** By the member's name without `Configuration` and `Update`. */
export const DESTINATIONS: Readonly<Record<string, ReturnType<typeof structure>>> = {
  S3Destination: S3,
  ExtendedS3Destination: EXTENDED_S3,
  HttpEndpointDestination: HTTP,
  SplunkDestination: SPLUNK,
  AmazonopensearchserviceDestination: OPENSEARCH,
  ElasticsearchDestination: OPENSEARCH,
  RedshiftDestination: REDSHIFT,
};

export const SOURCE = structure(
  {
    KinesisStreamARN: text({
      min: 1,
      max: 512,
      ...pattern(/^arn:.*:kinesis:[a-zA-Z0-9-]+:\d{12}:stream\/[a-zA-Z0-9_.-]+$/),
    }),
    RoleARN: ROLE,
  },
  'KinesisStreamARN',
  'RoleARN',
);
