// Enhanced fan-out through AWS's clients: the SDK for JavaScript over HTTP/2 (its default) and over HTTP/1.1, and boto3.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateStreamCommand,
  DeregisterStreamConsumerCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';
import { cleanEnvironment, whyMissing } from '../../system/eddy-process.ts';

const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const SHARD = 'shardId-000000000000';
const boto3Missing = await whyMissing('python3', ['-c', 'import boto3']);

let server: TestServer;
let producer: KinesisClient;
const clients: KinesisClient[] = [];

function client(requestHandler?: NodeHttpHandler): KinesisClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const made = new KinesisClient({
    ...{ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 },
    ...(requestHandler === undefined ? {} : { requestHandler }),
  });
  clients.push(made);
  return made;
}

async function register(ConsumerName: string): Promise<string> {
  const { Consumer } = await producer.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  return Consumer?.ConsumerARN as string;
}

const put = (text: string) =>
  producer.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'k', Data: Buffer.from(text) }));

async function subscribe(via: KinesisClient, ConsumerARN: string, position: StartingPosition) {
  const command = new SubscribeToShardCommand({ ConsumerARN, ShardId: SHARD, StartingPosition: position });
  const { EventStream } = await via.send(command);
  const events = (EventStream as AsyncIterable<{ SubscribeToShardEvent?: SubscribeToShardEvent }>)[
    Symbol.asyncIterator
  ]();
  return {
    async next(): Promise<SubscribeToShardEvent | undefined> {
      const { value, done } = await events.next();
      return done === true ? undefined : value.SubscribeToShardEvent;
    },
  };
}

const textsOf = (event: SubscribeToShardEvent | undefined): string[] =>
  (event?.Records ?? []).map(({ Data }) => Buffer.from(Data as Uint8Array).toString());

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  producer = client();
  await producer.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
});

afterAll(async () => {
  for (const one of clients) one.destroy();
  await server.close();
  expect(server.problems).toEqual([]);
});

describe.each([
  ['over HTTP/2', () => undefined],
  ['over HTTP/1.1', () => new NodeHttpHandler()],
])('the SDK for JavaScript %s', (how, handler) => {
  test('is given records as they come, and learns of a take-over by an error', async () => {
    const arn = await register(how.replace(/\W/g, '-'));
    const listener = await subscribe(client(handler()), arn, { Type: 'LATEST' });
    expect(textsOf(await listener.next())).toEqual([]);
    await put('one');
    const first = await listener.next();
    expect(textsOf(first)).toEqual(['one']);
    expect(first?.MillisBehindLatest).toBe(0);
    await put('two');
    expect(textsOf(await listener.next())).toEqual(['two']);
    const position = { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: first?.ContinuationSequenceNumber } as const;
    await expect(subscribe(client(handler()), arn, position)).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await advance(5_000);
    expect(textsOf(await listener.next())).toEqual([]);
    const second = await subscribe(client(handler()), arn, position);
    await expect(listener.next()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    expect(textsOf(await second.next())).toEqual(['two']);
    await producer.send(new DeregisterStreamConsumerCommand({ ConsumerARN: arn }));
    await expect(second.next()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('sees the end of a subscription after five minutes', async () => {
    const listener = await subscribe(client(handler()), await register(`end-${how.replace(/\W/g, '-')}`), {
      Type: 'LATEST',
    });
    await listener.next();
    await advance(300_000);
    for (;;) if ((await listener.next()) === undefined) break;
  });
});

test.skipIf(boto3Missing !== undefined)('boto3', async () => {
  await put('first');
  const env = cleanEnvironment({
    ENDPOINT: server.url,
    CONSUMER: await register('boto3'),
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' },
  });
  const script = fileURLToPath(new URL('fan_out.py', import.meta.url));
  const told = JSON.parse((await promisify(execFile)('python3', [script], { env })).stdout);
  expect(told.texts.slice(-2)).toEqual(['first', 'last']);
  expect(told).toMatchObject({ behind: 0, next: expect.stringMatching(/^49\d{54}$/) });
});

test('a client that does not read holds up nobody', async () => {
  const ConsumerARN = await register('sleeper');
  const socket = await sleeper({ ConsumerARN, ShardId: SHARD, StartingPosition: { Type: 'LATEST' } });
  const Data = Buffer.alloc(900_000);
  for (let i = 0; i < 6; i += 1) {
    const Records = Array.from({ length: 2 }, () => ({ PartitionKey: 'k', Data }));
    await producer.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
  }
  const listener = await subscribe(client(), await register('awake'), { Type: 'LATEST' });
  await listener.next();
  await put('after');
  expect(textsOf(await listener.next())).toEqual(['after']);
  socket.destroy();
});

test('a server that stops ends the subscriptions', async () => {
  const other = await startTestServer();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const own = new KinesisClient({ endpoint: other.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  await own.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  const { Consumer } = await own.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'open' }));
  const listener = await subscribe(own, Consumer?.ConsumerARN as string, { Type: 'LATEST' });
  await listener.next();
  const closed = other.close();
  expect(await listener.next()).toBeUndefined();
  own.destroy();
  await closed;
});

async function sleeper(input: object): Promise<Socket> {
  const { port, host } = new URL(server.url);
  const body = JSON.stringify(input);
  const socket = connect(Number(port));
  const authorization =
    'AWS4-HMAC-SHA256 Credential=test/20260115/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0';
  socket.write(
    `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.SubscribeToShard\r\n` +
      `Authorization: ${authorization}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString('latin1').split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
  socket.pause();
  return socket;
}

async function advance(ms: number): Promise<void> {
  const body = JSON.stringify({ action: 'advance', ms });
  expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
}
