// Logs of a bus and of a pipe in buckets and delivery streams, through AWS's clients against the real program's parts.

import { gunzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateDeliveryCommand,
  GetDeliveryCommand,
  PutDeliveryDestinationCommand,
  PutDeliverySourceCommand,
  UpdateDeliveryConfigurationCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreatePipeCommand, DescribePipeCommand, PipesClient } from '@aws-sdk/client-pipes';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';

const ACCOUNT = '000000000000';
const STREAM_ARN = `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/lines`;
let server: TestServer;
let logs: CloudWatchLogsClient;
let events: EventBridgeClient;
let firehose: FirehoseClient;
let pipes: PipesClient;
let s3: S3Client;

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  [logs, events, firehose] = [
    new CloudWatchLogsClient(config),
    new EventBridgeClient(config),
    new FirehoseClient(config),
  ];
  [pipes, s3] = [new PipesClient(config), new S3Client({ ...config, forcePathStyle: true })];
  for (const Bucket of ['lines', 'records']) await s3.send(new CreateBucketCommand({ Bucket }));
  const RoleARN = `arn:aws:iam::${ACCOUNT}:role/firehose`;
  const BufferingHints = { SizeInMBs: 1, IntervalInSeconds: 60 };
  const ExtendedS3DestinationConfiguration = { RoleARN, BucketARN: 'arn:aws:s3:::records', BufferingHints };
  await firehose.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName: 'lines', ExtendedS3DestinationConfiguration }),
  );
});

afterAll(async () => {
  for (const client of [logs, events, firehose, pipes, s3]) client.destroy();
  await server.close();
  expect(server.problems).toEqual([]);
});

async function advance(seconds: number): Promise<void> {
  const body = JSON.stringify({ action: 'advance', ms: seconds * 1_000 });
  expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
}

/** By key. */
async function objects(Bucket: string, Prefix: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const found = new Map<string, Uint8Array>();
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    found.set(Key, (await Body?.transformToByteArray()) ?? new Uint8Array());
  }
  return found;
}

const linesOf = (bytes: Uint8Array | undefined) =>
  gunzipSync(bytes ?? new Uint8Array())
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function deliver(name: string, destinationResourceArn: string) {
  const configuration = { deliveryDestinationConfiguration: { destinationResourceArn } };
  const { deliveryDestination } = await logs.send(new PutDeliveryDestinationCommand({ name, ...configuration }));
  const ends = { deliverySourceName: 'info', deliveryDestinationArn: deliveryDestination?.arn ?? '' };
  const { delivery } = await logs.send(new CreateDeliveryCommand(ends));
  return delivery;
}

test('a bus logs to a bucket and to a delivery stream', async () => {
  const { EventBusArn } = await events.send(
    new CreateEventBusCommand({ Name: 'shop', LogConfig: { Level: 'INFO', IncludeDetail: 'FULL' } }),
  );
  await logs.send(new PutDeliverySourceCommand({ name: 'info', resourceArn: EventBusArn, logType: 'INFO_LOGS' }));
  const toBucket = await deliver('bucket', 'arn:aws:s3:::lines');
  const toStream = await deliver('stream', STREAM_ARN);
  expect([toBucket?.deliveryDestinationType, toStream?.deliveryDestinationType]).toEqual(['S3', 'FH']);
  const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: 'lines' }));
  expect(JSON.parse(Policy)).toMatchObject({ Statement: [{ Principal: { Service: 'delivery.logs.amazonaws.com' } }] });
  const Entries = [{ EventBusName: 'shop', Source: 'shop', DetailType: 'sold', Detail: '{"tea":1}' }];
  const { Entries: [{ EventId } = {}] = [] } = await events.send(new PutEventsCommand({ Entries }));
  await advance(60);
  const [record = new Uint8Array()] = [...(await objects('records', '')).values()];
  expect(Buffer.from(record).toString()).toContain(EventId);
  await advance(240);
  const found = await objects('lines', `AWSLogs/${ACCOUNT}/EventBusLogs/shop.`);
  expect([...found.keys()]).toEqual([expect.stringMatching(/shop\.\d{4}-\d\d-\d\d-\d\d\.[0-9a-f]{16}\.gz$/)]);
  const lines = linesOf([...found.values()][0]);
  expect(lines.map(({ message_type }) => message_type)).toContain('EVENT_INGEST_SUCCESS');
  expect(lines.every(({ event_id }) => event_id === EventId)).toBe(true);

  const s3DeliveryConfiguration = { suffixPath: 'bus/{yyyy}', enableHiveCompatiblePath: true };
  await logs.send(new UpdateDeliveryConfigurationCommand({ id: toBucket?.id, s3DeliveryConfiguration }));
  const { delivery } = await logs.send(new GetDeliveryCommand({ id: toBucket?.id }));
  expect(delivery?.s3DeliveryConfiguration).toEqual(s3DeliveryConfiguration);
  await events.send(new PutEventsCommand({ Entries }));
  await advance(300);
  expect([...(await objects('lines', 'bus/')).keys()]).toEqual([expect.stringMatching(/^bus\/year=\d{4}\/shop\./)]);
});

test('a pipe logs to a bucket and to a delivery stream', async () => {
  const sqs = server.sqs();
  for (const QueueName of ['from', 'to']) await sqs.send(new CreateQueueCommand({ QueueName }));
  const LogConfiguration = {
    Level: 'INFO',
    FirehoseLogDestination: { DeliveryStreamArn: STREAM_ARN },
    S3LogDestination: { BucketName: 'lines', BucketOwner: ACCOUNT, Prefix: 'pipes', OutputFormat: 'json' },
  } as const;
  const queueArn = (name: string) => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
  await pipes.send(
    new CreatePipeCommand({
      Name: 'orders',
      Source: queueArn('from'),
      Target: queueArn('to'),
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/pipe`,
      LogConfiguration,
    }),
  );
  expect(await pipes.send(new DescribePipeCommand({ Name: 'orders' }))).toMatchObject({ LogConfiguration });
  await sqs.send(new SendMessageCommand({ QueueUrl: `${server.url}/${ACCOUNT}/from`, MessageBody: 'tea' }));
  await advance(300);
  const found = await objects('lines', `pipes/AWSLogs/${ACCOUNT}/PipesLogs/us-east-1/`);
  const lines = linesOf([...found.values()][0]);
  const steps = ['ExecutionStarted', 'TargetStageEntered', 'TargetStageSucceeded', 'ExecutionSucceeded'];
  expect(lines.map(({ messageType }) => messageType)).toEqual(steps);
  const records = [...(await objects('records', '')).values()].map((bytes) => Buffer.from(bytes).toString()).join('');
  for (const step of steps) expect(records).toContain(`"messageType":"${step}"`);
});
