// Delivery streams of the real program, from its bundle: the worker thread, jq's WebAssembly and the destinations are loaded from there.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamCommandInput,
  FirehoseClient,
  PutRecordBatchCommand,
} from '@aws-sdk/client-firehose';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateRegistryCommand, CreateSchemaCommand, SchemasClient } from '@aws-sdk/client-schemas';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EddyProcess, startEddy, temporaryFolder } from './eddy-process.ts';

const ROLE = 'arn:aws:iam::000000000000:role/firehose';
const BUFFER = { SizeInMBs: 64, IntervalInSeconds: 60 };
const S3 = { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::lake' };

let folder: ReturnType<typeof temporaryFolder>;
let server: EddyProcess;
let firehose: FirehoseClient;
let s3: S3Client;
let schemas: SchemasClient;
let destination: Server;
let url: string;
const asked: { readonly path: string; readonly body: string }[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  server = await startEddy(['--data-dir', join(folder.path, 'data'), '--clock', 'frozen']);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  firehose = new FirehoseClient(config);
  s3 = new S3Client({ ...config, forcePathStyle: true });
  schemas = new SchemasClient(config);
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  destination = createServer((request, response) => {
    bodyOf(request).then((body) => {
      const path = (request.url ?? '').replace(/\?.*/, '');
      asked.push({ path, body });
      const answer = JSON.stringify(answerTo(path, body));
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(answer) });
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => destination.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(destination.address() as AddressInfo).port}`;
});

afterAll(async () => {
  for (const client of [firehose, s3, schemas]) client.destroy();
  destination.closeAllConnections();
  destination.close();
  await server.end('SIGKILL');
  folder.remove();
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function answerTo(path: string, body: string): unknown {
  if (path === '/services/collector/raw') return { text: 'Success', code: 0, ackId: 7 };
  if (path === '/services/collector/ack') return { acks: { 7: true } };
  const documents = body.split('\n').length >> 1;
  const item = { index: { _index: 'orders', _id: '1', status: 201 } };
  return { errors: false, items: Array.from({ length: documents }, () => item) };
}

async function deliver(name: string, input: Partial<CreateDeliveryStreamCommandInput>, records: readonly string[]) {
  await firehose.send(new CreateDeliveryStreamCommand({ DeliveryStreamName: name, ...input }));
  const Records = records.map((record) => ({ Data: Buffer.from(record) }));
  await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: name, Records }));
  for (const ms of [60_000, 60_000]) {
    const body = JSON.stringify({ action: 'advance', ms });
    expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
  }
}

async function objects(Prefix: string): Promise<Readonly<Record<string, Buffer>>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix }));
  const found: Record<string, Buffer> = {};
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key }));
    found[Key.slice(0, Key.lastIndexOf('/') + 1).replace(/\/\d{4}\//, '/')] = Buffer.from(
      await Body!.transformToByteArray(),
    );
  }
  return found;
}

test('partitions by jq, each as Parquet', async () => {
  await schemas.send(new CreateRegistryCommand({ RegistryName: 'shop' }));
  const Columns = [
    { Name: 'id', Type: 'bigint' },
    { Name: 'customer', Type: 'struct<name:string,country:string>' },
    { Name: 'total', Type: 'decimal(10,2)' },
    { Name: 'at', Type: 'timestamp' },
  ];
  const Content = JSON.stringify({
    $schema: 'http://json-schema.org/draft-04/schema#',
    StorageDescriptor: { Columns },
  });
  await schemas.send(
    new CreateSchemaCommand({ RegistryName: 'shop', SchemaName: 'orders', Type: 'JSONSchemaDraft4', Content }),
  );
  const order = (id: number, country: string): string =>
    JSON.stringify({ id, customer: { name: 'n', country }, total: 12.5, at: '2026-02-25 13:00:00' });
  await deliver(
    'orders',
    {
      ExtendedS3DestinationConfiguration: {
        ...S3,
        Prefix: 'orders/!{timestamp:yyyy}/country=!{partitionKeyFromQuery:country}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
        BufferingHints: BUFFER,
        DynamicPartitioningConfiguration: { Enabled: true },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'MetadataExtraction',
              Parameters: [
                { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{country: .customer.country}' },
                { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
              ],
            },
          ],
        },
        DataFormatConversionConfiguration: {
          SchemaConfiguration: { RoleARN: ROLE, DatabaseName: 'shop', TableName: 'orders' },
          InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
        },
      },
    },
    [order(1, 'de'), order(2, 'fr'), 'no json', order(3, 'de')],
  );
  const found = await objects('orders/');
  expect(Object.keys(found)).toEqual(['orders/country=de/', 'orders/country=fr/']);
  const file = new Uint8Array(found['orders/country=de/']!).buffer;
  expect(await parquetReadObjects({ file })).toEqual([
    { id: 1n, customer: { name: 'n', country: 'de' }, total: 12.5, at: new Date('2026-02-25T13:00:00Z') },
    { id: 3n, customer: { name: 'n', country: 'de' }, total: 12.5, at: new Date('2026-02-25T13:00:00Z') },
  ]);
  const failures = Object.values(await objects('errors/')).map((body) => JSON.parse(body.toString()));
  expect(failures).toMatchObject([{ errorCode: 'DynamicPartitioning.MetadataExtractionFailed' }]);
});

test('batches to Splunk, acknowledged', async () => {
  await deliver(
    'logs',
    {
      SplunkDestinationConfiguration: {
        HECEndpoint: url,
        HECEndpointType: 'Raw',
        HECToken: 'token',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 },
        S3Configuration: { ...S3, Prefix: 'splunk/' },
      },
    },
    ['one\n', 'two\n'],
  );
  expect(asked).toContainEqual({ path: '/services/collector/raw', body: 'one\ntwo\n' });
  expect(asked).toContainEqual({ path: '/services/collector/ack', body: '{"acks":[7]}' });
  expect(await objects('splunk')).toEqual({});
});

test('documents to OpenSearch', async () => {
  await deliver(
    'documents',
    {
      AmazonopensearchserviceDestinationConfiguration: {
        RoleARN: ROLE,
        ClusterEndpoint: url,
        IndexName: 'orders',
        IndexRotationPeriod: 'NoRotation',
        DocumentIdOptions: { DefaultDocumentIdFormat: 'NO_DOCUMENT_ID' },
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        S3Configuration: { ...S3, Prefix: 'search/' },
      },
    },
    ['{"id":1}', '{"id":2}'],
  );
  const bulk = asked.filter(({ path }) => path === '/_bulk').map(({ body }) => body);
  const action = '{"index":{"_index":"orders"}}';
  expect(bulk).toEqual([`${action}\n{"id":1}\n${action}\n{"id":2}\n`]);
  expect(await objects('search')).toEqual({});
});

test('the thread ends with the server', async () => {
  expect(await server.end('SIGTERM')).toBe(0);
});
