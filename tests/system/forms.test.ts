// Browsers' forms against the real program on disk with strict signatures: as boto3 presigns them; and what a kill -9 or a browser that goes
// away in the middle of one leaves behind.

import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  cleanEnvironment,
  type EddyProcess,
  PROJECT,
  run,
  startEddy,
  temporaryFolder,
  whyMissing,
} from './eddy-process.ts';

const KEY = { accessKeyId: 'AKIASYSTEMFORMS00001', secretAccessKey: 'secretOfTheSystemTestsSecretOfTheSystemTe' };
const STRICT = { EDDY_ROOT_ACCESS_KEY_ID: KEY.accessKeyId, EDDY_ROOT_SECRET_ACCESS_KEY: KEY.secretAccessKey };
const boto3Missing = await whyMissing('python3', ['-c', 'import boto3']);

let folder: ReturnType<typeof temporaryFolder>;
let server: EddyProcess;
const start = (): Promise<EddyProcess> =>
  startEddy(['--auth', 'strict', '--data-dir', join(folder.path, 'data')], STRICT);

beforeAll(async () => {
  folder = temporaryFolder();
  server = await start();
});

afterAll(async () => {
  expect(await server.end()).toBe(0);
  folder.remove();
});

const client = (): S3Client =>
  new S3Client({ endpoint: server.url, region: 'us-east-1', credentials: KEY, forcePathStyle: true, maxAttempts: 1 });

test.skipIf(boto3Missing !== undefined)('boto3', async () => {
  const script = join(PROJECT, 'tests', 'system', 'boto3_forms.py');
  const { stdout, stderr } = await run('python3', [script], {
    env: cleanEnvironment({
      ENDPOINT: server.url,
      AWS_ACCESS_KEY_ID: KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
    }),
  });
  expect(stderr.split('\n').filter((line) => /Error|Exception/.test(line))).toEqual([]);
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const plain = ['s3v4', 's3', 'None'].flatMap((version) => [`${version} path/ü`, `${version} auto/ü`]);
  expect(Object.assign({}, ...told)).toEqual({
    ...Object.fromEntries(plain.map((key) => [key, [204, 'hello world']])),
    created: [201, true],
    head: ['image/jpeg', { from: 'shop' }, 11],
    large: [400, 'EntityTooLarge'],
    small: [400, 'EntityTooSmall'],
    other: [403, 'AccessDenied'],
    extra: [403, 'AccessDenied'],
    late: [403, 'AccessDenied'],
    foreign: [403, 'AccessDenied'],
    wrong: [403, 'SignatureDoesNotMatch'],
    nobody: [403, 'InvalidAccessKeyId'],
    session: 204,
    tokenless: [400, 'InvalidToken'],
    keys: [...plain, 'in/cat.jpg', 'session'].sort(),
  });
});

/** Signed in version 2, which takes one line. */
function fieldsOf(bucket: string, key: string): Record<string, string> {
  const expiration = new Date(Date.now() + 60_000).toISOString();
  const policy = Buffer.from(JSON.stringify({ expiration, conditions: [{ bucket }, { key }] })).toString('base64');
  const signature = createHmac('sha1', KEY.secretAccessKey).update(policy).digest('base64');
  return { key, AWSAccessKeyId: KEY.accessKeyId, policy, signature };
}

/** A form whose file is announced with 20 MB, and half of it sent. */
async function halfSent(bucket: string, key: string): Promise<{ sent: ClientRequest; failure: Promise<unknown> }> {
  const part = (name: string, value: string) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
  const fields = Object.entries(fieldsOf(bucket, key)).map(([name, value]) => `${part(name, value)}\r\n`);
  const sent = request(`${server.url}/${bucket}`, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=b', 'Content-Length': 20_000_000 },
  });
  const failure = new Promise((resolve) => sent.on('error', resolve));
  await new Promise<void>((resolve) => {
    sent.write(`${fields.join('')}${part('file', '')}`);
    sent.write(Buffer.alloc(10_000_000, 'x'), () => resolve());
  });
  return { sent, failure };
}

const files = (): string[] => readdirSync(join(folder.path, 'data', 'blobs'));
const unfinished = (): string[] => files().filter((name) => name.endsWith('.unfinished'));
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

test('kill -9 keeps the forms that were answered, and nothing of one that was under way', async () => {
  const Bucket = 'killed-forms';
  let s3 = client();
  await s3.send(new CreateBucketCommand({ Bucket }));
  const kept = randomBytes(3_000_000);
  const form = new FormData();
  for (const [name, value] of Object.entries(fieldsOf(Bucket, 'kept'))) form.append(name, value);
  form.append('file', new Blob([kept]), 'kept.bin');
  expect((await fetch(`${server.url}/${Bucket}`, { method: 'POST', body: form })).status).toBe(204);
  const { failure } = await halfSent(Bucket, 'half');
  await until(() => unfinished().length === 1);
  await server.end('SIGKILL');
  await failure;
  s3.destroy();
  server = await start();
  s3 = client();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual(['kept']);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'kept' }));
  expect(Buffer.compare((await got.Body?.transformToByteArray()) ?? new Uint8Array(0), kept)).toBe(0);
  expect(unfinished()).toEqual([]);
  s3.destroy();
});

test('a browser that goes away in the middle of its file leaves nothing behind', async () => {
  const Bucket = 'left-forms';
  const s3 = client();
  await s3.send(new CreateBucketCommand({ Bucket }));
  const before = files();
  const { sent, failure } = await halfSent(Bucket, 'half');
  await until(() => unfinished().length === 1);
  sent.destroy();
  await failure;
  await until(() => unfinished().length === 0);
  expect(files()).toEqual(before);
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  s3.destroy();
});
