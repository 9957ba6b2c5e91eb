// Functions and buckets: code that is an object, and objects as destinations of what failed.

import { zipSync } from 'fflate';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoredBody } from '#cell/objects-door.ts';
import { STORE_TEXT } from '#cell/objects-door.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { s3 } from '#services/s3/service.ts';
import { FakeStream, fakeStreams, woken } from '../streams/fake-stream.ts';
import { LambdaTest, ROLE } from './lambda-cell.ts';

const BUCKET = 'arn:aws:s3:::failures';
let tested: LambdaTest;
let stream: FakeStream;
const texts = new Map<string, string>();

beforeEach(async () => {
  stream = new FakeStream();
  let serial = 0;
  texts.clear();
  tested = await LambdaTest.open({
    more: [s3, fakeStreams([stream])],
    performers: {
      'list-blobs': async () => [],
      'delete-blobs': async () => {},
      [STORE_TEXT]: async ({ input }): Promise<StoredBody> => {
        const { text } = input as { readonly text: string };
        serial += 1;
        const blob = `s3/stored-${serial}`;
        texts.set(blob, text);
        return { blob, bytes: Buffer.byteLength(text), md5: nodeDigest.md5Hex(text), checksums: {} };
      },
    },
  });
  await tested.cell.call('s3', 'CreateBucket', { Bucket: 'failures' });
});

const keys = async (): Promise<string[]> => {
  const listed = await tested.cell.call<{ Contents?: { Key: string }[] }>('s3', 'ListObjectsV2', {
    Bucket: 'failures',
  });
  return (listed.Contents ?? []).map(({ Key }) => Key);
};

describe('code', () => {
  const upload = async (Key: string, bytes: Uint8Array): Promise<void> => {
    const blob = `s3/code-${Key}`;
    await tested.cell.engine.blobs.put(blob, bytes);
    const Body: StoredBody = { blob, bytes: bytes.length, md5: 'a'.repeat(32), checksums: {} };
    await tested.cell.call('s3', 'PutObject', { Bucket: 'failures', Key, Body });
  };
  const zip = (text: string) => zipSync({ 'app.py': new TextEncoder().encode(text) }, { mtime: new Date(2026, 0, 1) });
  const Code = { S3Bucket: 'failures', S3Key: 'code.zip' };

  test('of a function is an object, and is kept when the object changes', async () => {
    await upload('code.zip', zip('one'));
    const made = await tested.call('CreateFunction', {
      ...{ FunctionName: 'tested', Role: ROLE, Runtime: 'python3.12', Handler: 'app.handler', Code },
    });
    expect(made.CodeSize).toBe(zip('one').length);
    await tested.invoke({});
    const blob = tested.requests[0]?.code ?? '';
    expect(await tested.cell.engine.blobs.get(blob)).toEqual(zip('one'));
    await upload('other.zip', zip('two'));
    const updated = await tested.call('UpdateFunctionCode', {
      FunctionName: 'tested',
      S3Bucket: 'failures',
      S3Key: 'other.zip',
    });
    expect(updated.CodeSha256).not.toBe(made.CodeSha256);
  });

  test.each<[string, object, string]>([
    [
      'an object that is not there',
      Code,
      'S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    ],
    ['a bucket that is not there', { ...Code, S3Bucket: 'nowhere' }, 'S3 Error Code: NoSuchBucket.'],
    ['a bucket alone', { S3Bucket: 'failures' }, 'Please provide a S3 key.'],
    ['a key alone', { S3Key: 'code.zip' }, 'Please provide a S3 bucket.'],
    ['a package besides', { ...Code, ZipFile: zip('x') }, 'Please do not provide other FunctionCode parameters'],
  ])('%s is refused', async (_title, code, text) => {
    const input = { FunctionName: 'tested', Role: ROLE, Runtime: 'python3.12', Handler: 'app.handler', Code: code };
    const refusal = await tested.refusal('CreateFunction', input as never);
    expect(refusal).toContain('InvalidParameterValueException');
    expect(refusal).toContain(text);
  });

  test('that is no package is refused', async () => {
    await upload('code.zip', new TextEncoder().encode('no zip'));
    const input = { FunctionName: 'tested', Role: ROLE, Runtime: 'python3.12', Handler: 'app.handler', Code };
    expect(await tested.refusal('CreateFunction', input as never)).toContain('Could not unzip uploaded file');
  });
});

describe('a bucket as destination', () => {
  beforeEach(async () => {
    await tested.create();
    tested.handler = () => {
      throw new Error('cannot');
    };
  });

  const configure = (Destination = BUCKET) =>
    tested.call('PutFunctionEventInvokeConfig', {
      FunctionName: 'tested',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination } },
    });

  test('gets the record of a failed event', async () => {
    await configure();
    await tested.invoke({ order: 1 }, { InvocationType: 'Event' });
    await tested.cell.settle();
    expect(await keys()).toEqual([
      expect.stringMatching(/^aws\/lambda\/async\/tested\/2026\/01\/15\/2026-01-15T12\.00\.00-[0-9a-f-]{36}$/),
    ]);
    expect(JSON.parse([...texts.values()][0] ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { order: 1 },
      responseContext: { functionError: 'Unhandled' },
    });
    expect(tested.cell.cell.payloads.count).toBeLessThan(3);
  });

  test('that is missing is told with the end of the event', async () => {
    await configure('arn:aws:s3:::nowhere');
    tested.cell.takeFacts();
    await tested.invoke({}, { InvocationType: 'Event' });
    await tested.cell.settle();
    const ended = tested.cell.takeFacts().find(({ name }) => name === 'AsyncInvocationEnded');
    expect(ended?.fact).toMatchObject({ outcome: 'reported', detail: expect.stringContaining('NoSuchBucket') });
  });

  test('takes no successes', async () => {
    const refusal = await tested.refusal('PutFunctionEventInvokeConfig', {
      FunctionName: 'tested',
      DestinationConfig: { OnSuccess: { Destination: BUCKET } },
    });
    expect(refusal).toContain('A destination of s3 is not available');
  });

  test('gets the record of discarded stream records with the whole event, and reading goes on', async () => {
    const { UUID } = await tested.call('CreateEventSourceMapping', {
      FunctionName: 'tested',
      EventSourceArn: stream.arn,
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: BUCKET } },
    });
    const shard = 'shardId-000000000000';
    stream.add(shard, { key: 'k', data: 'bad', atMs: tested.cell.clock.nowMs() });
    await woken(tested.cell, stream);
    expect(await keys()).toEqual([
      expect.stringMatching(new RegExp(`^aws/lambda/${UUID}/${shard}/2026/01/15/2026-01-15T12\\.00\\.00-`)),
    ]);
    const record = JSON.parse([...texts.values()][0] ?? '') as { readonly payload: string };
    expect(record).toMatchObject({ KinesisBatchInfo: { batchSize: 1, shardId: shard } });
    expect(JSON.parse(record.payload)).toMatchObject({ Records: [{ kinesis: { partitionKey: 'k' } }] });
    tested.handler = () => null;
    tested.requests.length = 0;
    stream.add(shard, { key: 'k', data: 'good', atMs: tested.cell.clock.nowMs() });
    await woken(tested.cell, stream);
    expect(tested.requests).toHaveLength(1);
  });
});
