// Objects and kill -9, with the real program: what was answered is there, byte for byte; what was not is whole or not there at all; and the store
// holds no bytes that no object knows.

import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EddyProcess, startEddy, temporaryFolder } from './eddy-process.ts';

const Bucket = 'crashes';
const ROUNDS = 3;
let folder: ReturnType<typeof temporaryFolder>;
let server: EddyProcess;
let s3: S3Client;

beforeAll(async () => {
  folder = temporaryFolder();
  await start();
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  await server.end('SIGKILL');
  folder.remove();
});

async function start(): Promise<void> {
  server = await startEddy(['--data-dir', join(folder.path, 'data')]);
  s3 = new S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

async function read(Key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
}

async function keys(): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key ?? '');
}

/** Writes, overwrites and deletes until the server is gone; tells what was answered last about each key, and what was asked behind it. */
class Writer {
  /** MD5 of the bytes, or undefined for a key that was deleted. */
  readonly answered = new Map<string, string | undefined>();
  /** What was under way when the server went: it may have happened or not. */
  readonly asked = new Map<string, string | undefined>();

  constructor(private readonly name: string) {}

  async run(): Promise<void> {
    for (let step = 0; ; step += 1) {
      const Key = `${this.name}/${step % 5}`;
      const Body = step % 7 === 6 ? undefined : randomBytes(step % 3 === 0 ? 3_000_000 : 2_000);
      const sum = Body === undefined ? undefined : md5(Body);
      this.asked.set(Key, sum);
      try {
        if (Body === undefined) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
        else await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      } catch {
        return;
      }
      this.asked.delete(Key);
      this.answered.set(Key, sum);
    }
  }
}

test('what was answered survives, and the rest is whole or not there', { timeout: 240_000 }, async () => {
  const expected = new Map<string, string | undefined>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const writers = ['a', 'b', 'c'].map((name) => new Writer(name));
    const running = writers.map((writer) => writer.run());
    // Far enough that each has overwritten something; then in the middle of whatever it does.
    while (writers.some(({ answered }) => answered.size < 5)) await new Promise((resolve) => setImmediate(resolve));
    await server.end('SIGKILL');
    await Promise.all(running);
    s3.destroy();
    await start();
    const asked = new Map(writers.flatMap((writer) => [...writer.asked]));
    for (const writer of writers) for (const [key, sum] of writer.answered) expected.set(key, sum);
    const listed = await keys();
    for (const key of new Set([...expected.keys(), ...asked.keys()])) {
      const found = listed.includes(key) ? md5(await read(key)) : undefined;
      const possible = asked.has(key) ? [expected.get(key), asked.get(key)] : [expected.get(key)];
      expect(possible, key).toContain(found);
      expected.set(key, found);
    }
  }
});

test('no bytes are left that no object knows', { timeout: 120_000 }, async () => {
  const Key = 'in parts';
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Body = randomBytes(1_000);
  const part = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }));
  await server.end('SIGKILL');
  s3.destroy();
  await start();
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads.map((upload) => upload.UploadId)).toEqual([UploadId]);
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
  expect(md5(await read(Key))).toBe(md5(Body));
  for (const command of [{ action: 'freeze' }, { action: 'advance', ms: 180_000 }]) {
    const answer = await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body: JSON.stringify(command) });
    expect(answer.status).toBe(200);
  }
  const listed = await keys();
  const blobs = (): string[] =>
    readdirSync(join(folder.path, 'data', 'blobs')).filter((file) => file.startsWith('s3.'));
  await expect.poll(() => blobs().length, { timeout: 30_000 }).toBe(listed.length);
});
