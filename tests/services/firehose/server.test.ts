// Delivery streams through AWS's client against the real program's parts: buckets, functions run by a real interpreter, streams, schemas, and an
// HTTP endpoint that answers as told.

import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamCommandInput,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  ResourceNotFoundException,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateRegistryCommand, CreateSchemaCommand, SchemasClient } from '@aws-sdk/client-schemas';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { zipSync } from 'fflate';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';
import { cleanEnvironment, whyMissing } from '../../system/eddy-process.ts';

const ROLE = 'arn:aws:iam::000000000000:role/firehose';
const TRANSFORM = `export const handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
  const order = JSON.parse(Buffer.from(data, 'base64').toString());
  if (order.broken) return { recordId, result: 'ProcessingFailed', data };
  if (order.test) return { recordId, result: 'Dropped', data };
  const made = JSON.stringify({ ...order, seen: true }) + '\\n';
  const partitionKeys = { country: order.country };
  return { recordId, result: 'Ok', data: Buffer.from(made).toString('base64'), metadata: { partitionKeys } };
}) });`;

let server: TestServer;
let firehose: FirehoseClient;
let s3: S3Client;
let kinesis: KinesisClient;
let lambda: LambdaClient;
let schemas: SchemasClient;
let logs: CloudWatchLogsClient;
let events: EventBridgeClient;
let sns: SNSClient;

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  const config = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  [firehose, kinesis, lambda] = [new FirehoseClient(config), new KinesisClient(config), new LambdaClient(config)];
  [logs, events, sns] = [new CloudWatchLogsClient(config), new EventBridgeClient(config), new SNSClient(config)];
  [s3, schemas] = [new S3Client({ ...config, forcePathStyle: true }), new SchemasClient(config)];
});

afterAll(async () => {
  for (const client of [firehose, s3, kinesis, lambda, schemas, logs, events, sns]) client.destroy();
  await server.close();
});

async function advance(seconds: number): Promise<void> {
  const body = JSON.stringify({ action: 'advance', ms: seconds * 1_000 });
  expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
}

/** A stream of its own, with a bucket of the same name. */
async function stream(name: string, more: object, rest: Partial<CreateDeliveryStreamCommandInput> = {}): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  const ExtendedS3DestinationConfiguration = { RoleARN: ROLE, BucketARN: `arn:aws:s3:::${name}`, ...more };
  const input = { DeliveryStreamName: name, ExtendedS3DestinationConfiguration, ...rest };
  await firehose.send(new CreateDeliveryStreamCommand(input));
}

async function put(name: string, ...records: readonly object[]): Promise<void> {
  const Records = records.map((record) => ({ Data: Buffer.from(JSON.stringify(record)) }));
  const { FailedPutCount } = await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: name, Records }));
  expect(FailedPutCount).toBe(0);
}

/** By key, without what makes keys unique. */
async function objects(Bucket: string): Promise<Readonly<Record<string, Buffer>>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const found: Record<string, Buffer> = {};
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const short = Key.replace(/\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9a-f-]{36}/, 'X').replace(
      /\d{4}\/\d\d\/\d\d\/\d\d/,
      'T',
    );
    found[short] = Buffer.from(await Body!.transformToByteArray());
  }
  return found;
}

async function transformingFunction(name: string): Promise<string> {
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: ROLE,
      Code: { ZipFile: zipSync({ 'index.mjs': Buffer.from(TRANSFORM) }) },
    }),
  );
  return FunctionArn;
}

test('records become a compressed object, and every operation answers in the form that the client expects', async () => {
  const Tags = [{ Key: 'team', Value: 'shop' }];
  const BufferingHints = { SizeInMBs: 1, IntervalInSeconds: 60 };
  await stream('plain', { CompressionFormat: 'GZIP', BufferingHints }, { Tags });
  const named = { DeliveryStreamName: 'plain' };
  const one = await firehose.send(new PutRecordCommand({ ...named, Record: { Data: Buffer.from('first\n') } }));
  expect(one).toMatchObject({ RecordId: expect.stringMatching(/^[0-9a-f-]{36}/), Encrypted: false });
  await put('plain', { n: 2 });
  await advance(60);
  const { 'T/plain-1-X.gz': body = Buffer.alloc(0), ...others } = await objects('plain');
  expect(gunzipSync(body).toString()).toBe('first\n{"n":2}');
  expect(others).toEqual({});

  const { DeliveryStreamDescription: shown } = await firehose.send(new DescribeDeliveryStreamCommand(named));
  expect(shown).toMatchObject({ DeliveryStreamStatus: 'ACTIVE', DeliveryStreamType: 'DirectPut', VersionId: '1' });
  expect(shown?.CreateTimestamp).toBeInstanceOf(Date);
  expect(shown?.Destinations).toMatchObject([{ ExtendedS3DestinationDescription: { CompressionFormat: 'GZIP' } }]);
  await firehose.send(
    new UpdateDestinationCommand({
      ...named,
      CurrentDeliveryStreamVersionId: '1',
      DestinationId: shown?.Destinations?.[0]?.DestinationId,
      ExtendedS3DestinationUpdate: { Prefix: 'new/' },
    }),
  );
  await firehose.send(new TagDeliveryStreamCommand({ ...named, Tags: [{ Key: 'stage', Value: 'test' }] }));
  await firehose.send(new UntagDeliveryStreamCommand({ ...named, TagKeys: ['team'] }));
  const tags = await firehose.send(new ListTagsForDeliveryStreamCommand(named));
  expect(tags).toMatchObject({ Tags: [{ Key: 'stage', Value: 'test' }], HasMoreTags: false });
  const list = await firehose.send(new ListDeliveryStreamsCommand({ DeliveryStreamType: 'DirectPut' }));
  expect(list).toMatchObject({ DeliveryStreamNames: ['plain'], HasMoreDeliveryStreams: false });
  const missing = firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'nothing' }));
  await expect(missing).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('a function and jq decide where records go; what fails is told in the error folder', async () => {
  const functionArn = await transformingFunction('transform');
  await stream('parts', {
    Prefix: 'country=!{partitionKeyFromLambda:country}/item=!{partitionKeyFromQuery:item}/!{timestamp:yyyy}/',
    ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/',
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    FileExtension: '.json',
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        { Type: 'RecordDeAggregation', Parameters: [{ ParameterName: 'SubRecordType', ParameterValue: 'JSON' }] },
        {
          Type: 'Lambda',
          Parameters: [
            { ParameterName: 'LambdaArn', ParameterValue: functionArn },
            { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
            { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
          ],
        },
        {
          Type: 'MetadataExtraction',
          Parameters: [
            { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{item: .item}' },
            { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
          ],
        },
      ],
    },
  });
  const data = '{"item":1,"country":"DE"}{"item":2,"country":"FR"} {"broken":true}';
  const Records = [data, '{"test":true}', '{"item":1,"country":"DE","n":2}', '{"country":"DE"}'];
  await firehose.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: 'parts',
      Records: Records.map((text) => ({ Data: Buffer.from(text) })),
    }),
  );
  await advance(60);
  await advance(60);
  const found = await objects('parts');
  const texts = Object.fromEntries(Object.entries(found).map(([key, body]) => [key, body.toString()]));
  const year = new Date().getUTCFullYear();
  expect(Object.keys(texts).sort()).toEqual(
    [
      `country=DE/item=1/${year}/parts-1-X.json`,
      `country=FR/item=2/${year}/parts-1-X.json`,
      'failed/metadata-extraction-failed/parts-1-X',
      'failed/processing-failed/parts-1-X',
    ].filter((key, i, all) => all.indexOf(key) === i),
  );
  expect(texts[`country=DE/item=1/${year}/parts-1-X.json`]).toBe(
    '{"item":1,"country":"DE","seen":true}\n{"item":1,"country":"DE","n":2,"seen":true}\n',
  );
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'parts', Prefix: 'failed/' }));
  const failures: { errorCode: string; rawData: string }[] = [];
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'parts', Key }));
    failures.push(
      ...(await Body!.transformToString())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  }
  expect(failures.map(({ rawData }) => Buffer.from(rawData, 'base64').toString()).sort()).toEqual([
    '{"broken":true}',
    '{"country":"DE","seen":true}\n',
  ]);
  expect(failures).toContainEqual(
    expect.objectContaining({ errorCode: 'Lambda.ProcessingFailedStatus', attemptsMade: 1, lambdaArn: functionArn }),
  );
});

test('JSON becomes Parquet by a schema of the registry', async () => {
  await schemas.send(new CreateRegistryCommand({ RegistryName: 'shop' }));
  const content = {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    properties: { id: { type: 'integer' }, name: { type: 'string' }, price: { type: 'number' } },
  };
  await schemas.send(
    new CreateSchemaCommand({
      RegistryName: 'shop',
      SchemaName: 'orders',
      Type: 'JSONSchemaDraft4',
      Content: JSON.stringify(content),
    }),
  );
  await stream('tables', {
    ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/',
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DataFormatConversionConfiguration: {
      SchemaConfiguration: { RoleARN: ROLE, DatabaseName: 'shop', TableName: 'orders' },
      InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
      OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'UNCOMPRESSED' } } },
    },
  });
  await put('tables', { id: 1, name: 'tea', price: 2.5 }, { id: 2, name: 'cup' });
  await firehose.send(new PutRecordCommand({ DeliveryStreamName: 'tables', Record: { Data: Buffer.from('no json') } }));
  await advance(60);
  const found = await objects('tables');
  const file = found['T/tables-1-X.parquet']!;
  const rows = await parquetReadObjects({
    file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer,
  });
  expect(rows).toMatchObject([
    { id: 1n, name: 'tea', price: 2.5 },
    { id: 2n, name: 'cup' },
  ]);
  const failure = JSON.parse(found['failed/format-conversion-failed/tables-1-X']!.toString());
  expect(failure).toMatchObject({
    rawData: Buffer.from('no json').toString('base64'),
    dataCatalogTable: { tableName: 'orders' },
  });
});

test('a stream is read from when the delivery stream was created', async () => {
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 2 }));
  await advance(60);
  const write = (...texts: readonly string[]) =>
    kinesis.send(
      new PutRecordsCommand({
        StreamName: 'clicks',
        Records: texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text })),
      }),
    );
  await write('before');
  await advance(1);
  const KinesisStreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
  await stream(
    'clicks',
    {},
    {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN: ROLE },
    },
  );
  await write('a', 'b', 'c', 'd');
  await advance(300);
  const texts = Object.values(await objects('clicks')).map((body) => body.toString());
  expect(texts.join('').split('').sort()).toEqual(['a', 'b', 'c', 'd']);
  const refused = firehose.send(
    new PutRecordCommand({ DeliveryStreamName: 'clicks', Record: { Data: Buffer.from('x') } }),
  );
  await expect(refused).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test.skipIf((await whyMissing('python3', ['-c', 'import boto3'])) !== undefined)(
  'boto3 puts bytes and texts',
  async () => {
    const env = cleanEnvironment({
      ENDPOINT: server.url,
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' },
    });
    const script = fileURLToPath(new URL('put_records.py', import.meta.url));
    const told = JSON.parse((await promisify(execFile)('python3', [script], { env })).stdout);
    expect(told).toMatchObject({
      failed: 0,
      ids: 2,
      status: 'ACTIVE',
      error: {
        Code: 'ResourceNotFoundException',
        Message: 'Firehose nothing under account 000000000000 not found.',
      },
    });
    await advance(60);
    expect(Object.values(await objects('boto3'))).toEqual([
      Buffer.concat([Buffer.from([0xff, 0]), Buffer.from('text')]),
    ]);
  },
);

test('lines of a log group, events of a rule and notifications of a topic become records', async () => {
  await stream('lines', {
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        { Type: 'Decompression', Parameters: [{ ParameterName: 'CompressionFormat', ParameterValue: 'GZIP' }] },
        {
          Type: 'CloudWatchLogProcessing',
          Parameters: [{ ParameterName: 'DataMessageExtraction', ParameterValue: 'true' }],
        },
        { Type: 'AppendDelimiterToRecord', Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }] },
      ],
    },
  });
  await stream('events', { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } });
  const arn = (name: string): string => `arn:aws:firehose:us-east-1:000000000000:deliverystream/${name}`;
  const [logGroupName, logStreamName] = ['/shop', 'one'];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const filter = { filterName: 'all', filterPattern: '', destinationArn: arn('lines'), roleArn: ROLE };
  await logs.send(new PutSubscriptionFilterCommand({ logGroupName, ...filter }));
  const timestamp = await nowMs();
  const logEvents = ['first', 'second'].map((message) => ({ timestamp, message }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  await events.send(new PutRuleCommand({ Name: 'sold', EventPattern: '{"source":["shop"]}' }));
  const Targets = [{ Id: '1', Arn: arn('events'), RoleArn: ROLE, InputPath: '$.detail' }];
  await events.send(new PutTargetsCommand({ Rule: 'sold', Targets }));
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'sold', Detail: '{"item":1}' }] }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'sold' }));
  const Attributes = { SubscriptionRoleArn: ROLE, RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'firehose', Endpoint: arn('events'), Attributes }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'tea' }));
  await advance(120);
  expect(Object.values(await objects('lines')).map(String)).toEqual(['first\nsecond\n']);
  expect(Object.values(await objects('events')).map(String)).toEqual(['{"item":1}tea']);
});

async function nowMs(): Promise<number> {
  const { now } = (await (await fetch(`${server.url}/_eddy/clock`)).json()) as { readonly now: string };
  return Date.parse(now);
}

describe('an HTTP endpoint', () => {
  const received: { readonly headers: unknown; readonly body: { records: { data: string }[] } }[] = [];
  let isDown = false;
  let endpoint: Server;
  let url: string;

  beforeAll(async () => {
    endpoint = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(pieces).toString());
        if (!isDown) received.push({ headers: request.headers, body });
        const { requestId, timestamp } = body;
        const answer = JSON.stringify({ requestId, timestamp, ...(isDown ? { errorMessage: 'down' } : {}) });
        const headers = { 'content-type': 'application/json', 'content-length': answer.length };
        response.writeHead(isDown ? 503 : 200, headers).end(answer);
      });
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/in`;
  });
  afterAll(() => {
    endpoint.closeAllConnections();
    endpoint.close();
  });

  test('gets batches; what it does not take within the retry duration is in the bucket', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'undelivered' }));
    const S3Configuration = { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::undelivered' };
    await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: 'partner',
        HttpEndpointDestinationConfiguration: {
          EndpointConfiguration: { Url: url, AccessKey: 'secret' },
          RequestConfiguration: { CommonAttributes: [{ AttributeName: 'stage', AttributeValue: 'test' }] },
          BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
          RetryOptions: { DurationInSeconds: 300 },
          RoleARN: ROLE,
          S3Configuration,
        },
      }),
    );
    await put('partner', { n: 1 });
    await advance(60);
    expect(received).toMatchObject([
      {
        headers: { 'x-amz-firehose-access-key': 'secret', 'x-amz-firehose-protocol-version': '1.0' },
        body: { records: [{ data: Buffer.from('{"n":1}').toString('base64') }] },
      },
    ]);
    isDown = true;
    await put('partner', { n: 2 });
    await advance(360);
    await advance(10);
    const [[key, body] = ['', Buffer.alloc(0)]] = Object.entries(await objects('undelivered'));
    expect(key).toBe('http-endpoint-failed/T/partner-1-X');
    expect(JSON.parse(body.toString())).toMatchObject({ rawData: Buffer.from('{"n":2}').toString('base64') });
    isDown = false;
    await put('partner', { n: 3 });
    await advance(60);
    expect(received).toHaveLength(2);
  });
});
