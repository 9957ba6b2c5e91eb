// Answers of megabytes leave in pieces: over both HTTP versions the client gets every byte, for the first reader of a page and for the second.

import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';

const textOf = (i: number): string => `${i} `.padEnd(500, 'é');
let server: TestServer;
const made: KinesisClient[] = [];

function client(requestHandler?: NodeHttpHandler): KinesisClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const own = requestHandler === undefined ? {} : { requestHandler };
  const one = new KinesisClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1, ...own });
  made.push(one);
  return one;
}

beforeAll(async () => {
  server = await startTestServer();
  const producer = client();
  await producer.send(new CreateStreamCommand({ StreamName: 'large', ShardCount: 1 }));
  for (let from = 0; from < 2_000; from += 400) {
    const Records = Array.from({ length: 400 }, (_, i) => ({
      PartitionKey: `key "${from + i}"`,
      Data: Buffer.from(textOf(from + i)),
    }));
    await producer.send(new PutRecordsCommand({ StreamName: 'large', Records }));
  }
});

afterAll(async () => {
  for (const one of made) one.destroy();
  await server.close();
  expect(server.problems).toEqual([]);
});

test.each([
  ['HTTP/2', () => client()],
  ['HTTP/1.1', () => client(new NodeHttpHandler())],
])('over %s', async (_, open) => {
  const kinesis = open();
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName: 'large',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  for (let reader = 0; reader < 2; reader += 1) {
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records).toHaveLength(2_000);
    for (const [i, { Data, PartitionKey }] of Records.entries()) {
      if (PartitionKey !== `key "${i}"` || Buffer.from(Data as Uint8Array).toString() !== textOf(i)) {
        throw new Error(`record ${i} is another one`);
      }
    }
  }
});
