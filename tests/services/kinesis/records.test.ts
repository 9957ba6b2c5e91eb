// Records through AWS's client over HTTP/2 (its default) and HTTP/1.1, in CBOR as clients in Java speak it, from writers at once, and past the end of
// the process.

import {
  CreateStreamCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../../src/wire/cbor.ts';
import { type EddyProcess, startEddy, temporaryFolder } from '../../system/eddy-process.ts';

const MEBIBYTE = 1024 * 1024;
let folder: ReturnType<typeof temporaryFolder>;
let server: EddyProcess;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await startEddy(['--data-dir', folder.path]);
});

afterAll(async () => {
  await server.end('SIGKILL');
  folder.remove();
});

function client(isHttp1 = false): KinesisClient {
  return new KinesisClient({
    ...{ endpoint: server.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...(isHttp1 ? { requestHandler: new NodeHttpHandler() } : {}),
  });
}

/** A shard to its end or to where nothing more is, then its children. */
async function readAll(kinesis: KinesisClient, StreamName: string, ShardId: string): Promise<Buffer[]> {
  const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
  let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start));
  const found: Buffer[] = [];
  while (ShardIterator !== undefined) {
    const page: GetRecordsCommandOutput = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    found.push(...(page.Records ?? []).map(({ Data }) => Buffer.from(Data ?? [])));
    for (const { ShardId: child = '' } of page.ChildShards ?? [])
      found.push(...(await readAll(kinesis, StreamName, child)));
    ShardIterator = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
  }
  return found;
}

describe.each([
  ['HTTP/2', false],
  ['HTTP/1.1', true],
])('over %s', (name, isHttp1) => {
  const StreamName = `large-${isHttp1 ? 1 : 2}`;

  test('ten mebibytes go in one record, and in five hundred', async () => {
    const kinesis = client(isHttp1);
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1, MaxRecordSizeInKiB: 10_240 }));
    const large = Buffer.alloc(10 * MEBIBYTE - 1, name);
    await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: large }));
    const part = Buffer.alloc(20_000, 'x');
    const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'k'.repeat(256), Data: part }));
    const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    expect(FailedRecordCount).toBe(0);
    const records = await readAll(kinesis, StreamName, 'shardId-000000000000');
    expect(records).toHaveLength(501);
    expect(records[0]?.equals(large)).toBe(true);
    expect(records.slice(1).every((record) => record.equals(part))).toBe(true);
    kinesis.destroy();
  }, 60_000);
});

test('clients in Java speak CBOR', async () => {
  const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-cbor-1.1',
        'X-Amz-Target': `Kinesis_20131202.${operation}`,
        Authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: encodeCbor(input) as never,
    });
    const body = new Uint8Array(await response.arrayBuffer());
    expect(response.headers.get('content-type')).toBe('application/x-amz-cbor-1.1');
    return (body.length === 0 ? {} : decodeCbor(body).value) as Record<string, unknown>;
  };
  await call('CreateStream', { StreamName: 'java', ShardCount: 1 });
  const Data = new Uint8Array([0, 255, 7]);
  const put = await call('PutRecords', { StreamName: 'java', Records: [{ PartitionKey: 'ü', Data }] });
  expect(put).toMatchObject({ FailedRecordCount: 0 });
  const shard = { StreamName: 'java', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await call('GetShardIterator', shard);
  const { Records, MillisBehindLatest } = await call('GetRecords', { ShardIterator });
  expect(MillisBehindLatest).toBe(0);
  expect(Records).toMatchObject([{ PartitionKey: 'ü', Data }]);
  expect(await call('GetRecords', { ShardIterator: 'AAAA' })).toMatchObject({ message: 'Invalid ShardIterator.' });
});

test('what was acknowledged is there in order after kill -9, whoever wrote at once and whatever was split', async () => {
  const StreamName = 'killed';
  const kinesis = client();
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const acknowledged: string[][] = [[], [], [], []];
  let isOver = false;
  const writers = acknowledged.map(async (own, writer) => {
    for (let i = 0; !isOver; i += 1) {
      const text = `${writer}-${i}`;
      const Data = Buffer.from(text);
      try {
        await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: `key-${writer}`, Data }));
      } catch {
        // The process was killed.
        return;
      }
      own.push(text);
    }
  });
  const isWritten = (count: number): boolean => acknowledged.every((own) => own.length >= count);
  while (!isWritten(20)) await new Promise((resolve) => setImmediate(resolve));
  const NewStartingHashKey = String(2n ** 127n);
  await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey }));
  while (!isWritten(40)) await new Promise((resolve) => setImmediate(resolve));
  await server.end('SIGKILL');
  isOver = true;
  await Promise.all(writers);
  kinesis.destroy();
  server = await startEddy(['--data-dir', folder.path]);
  const again = client();
  const texts = (await readAll(again, StreamName, 'shardId-000000000000')).map(String);
  for (const [writer, own] of acknowledged.entries()) {
    const read = texts.filter((text) => text.startsWith(`${writer}-`));
    // One more may have been durable without its answer having come.
    expect(read.slice(0, own.length)).toEqual(own);
    expect(read.length - own.length).toBeLessThan(2);
  }
  again.destroy();
}, 60_000);
