// Readers of streams through AWS's clients, with functions that run: code from a bucket, a mapping, a pipe, and what comes back of their settings.

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreatePipeCommand, DescribePipeCommand, PipesClient } from '@aws-sdk/client-pipes';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/testing.ts';

const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const ROLE = 'arn:aws:iam::000000000000:role/reader';
const CODE = `exports.handler = async (event) => {
  for (const record of event.Records) console.log('READ ' + Buffer.from(record.kinesis.data, 'base64'));
};`;

let server: TestServer;
let clients: ReturnType<typeof clientsOf>;

function clientsOf(endpoint: string) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  return {
    kinesis: new KinesisClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    pipes: new PipesClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
  };
}

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  clients = clientsOf(server.url);
  const { kinesis, lambda, s3 } = clients;
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 2 }));
  await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
  const Body = zipSync({ 'index.js': new TextEncoder().encode(CODE) });
  await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'reader.zip', Body }));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'reader',
      Role: ROLE,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'code', S3Key: 'reader.zip' },
    }),
  );
});

afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await server.close();
});

async function now(): Promise<Date> {
  const { nowMs } = (await (await fetch(`${server.url}/_eddy/clock`)).json()) as { nowMs: number };
  return new Date(nowMs - (nowMs % 1000));
}

test('a function whose code is an object reads a stream from a time on', async () => {
  const { kinesis, lambda, logs } = clients;
  const StartingPositionTimestamp = await now();
  const made = await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'reader',
      EventSourceArn: STREAM,
      StartingPosition: 'AT_TIMESTAMP',
      StartingPositionTimestamp,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::code' } },
    }),
  );
  for (const text of ['one', 'two', 'three']) {
    await kinesis.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: text, Data: Buffer.from(text) }));
  }
  // Moving the clock waits for whatever runs.
  await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body: JSON.stringify({ action: 'advance', ms: 1_000 }) });
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/reader', filterPattern: 'READ' }),
  );
  const read = events.map(({ message = '' }) => message.slice(message.indexOf('READ')).trim());
  expect(read.sort()).toEqual(['READ one', 'READ three', 'READ two']);
  const shown = await lambda.send(new GetEventSourceMappingCommand({ UUID: made.UUID }));
  expect(shown).toMatchObject({
    StartingPosition: 'AT_TIMESTAMP',
    StartingPositionTimestamp,
    LastProcessingResult: 'OK',
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::code' } },
  });
}, 60_000);

test('a pipe shows the parameters of its stream as they were given', async () => {
  const { pipes } = clients;
  const StartingPositionTimestamp = await now();
  const KinesisStreamParameters = {
    StartingPosition: 'AT_TIMESTAMP' as const,
    StartingPositionTimestamp,
    BatchSize: 10,
    MaximumRetryAttempts: 0,
  };
  const Target = 'arn:aws:lambda:us-east-1:000000000000:function:reader';
  await pipes.send(
    new CreatePipeCommand({
      ...{ Name: 'p', Source: STREAM, Target, RoleArn: ROLE, DesiredState: 'STOPPED' },
      SourceParameters: { KinesisStreamParameters },
    }),
  );
  const { SourceParameters } = await pipes.send(new DescribePipeCommand({ Name: 'p' }));
  expect(SourceParameters).toMatchObject({ KinesisStreamParameters });
});

test('a subscription filter comes back as it was put', async () => {
  const { logs } = clients;
  const filter = { filterName: 'all', filterPattern: '', destinationArn: STREAM, roleArn: ROLE };
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/shop' }));
  await logs.send(new PutSubscriptionFilterCommand({ logGroupName: '/shop', ...filter }));
  const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: '/shop' }));
  expect(subscriptionFilters).toMatchObject([{ ...filter, distribution: 'ByLogStream' }]);
});
