// Objects through the clients that people have, against the real program on disk with strict signatures; and what a kill -9 in the middle
// of uploads leaves behind.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
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

const KEY = { accessKeyId: 'AKIASYSTEMOBJECTS001', secretAccessKey: 'secretOfTheSystemTestsSecretOfTheSystemTe' };
const STRICT = { EDDY_ROOT_ACCESS_KEY_ID: KEY.accessKeyId, EDDY_ROOT_SECRET_ACCESS_KEY: KEY.secretAccessKey };
const boto3Missing = await whyMissing('python3', ['-c', 'import boto3']);
const awsMissing = await whyMissing('aws', ['--version']);

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

function environment(): NodeJS.ProcessEnv {
  return cleanEnvironment({
    ENDPOINT: server.url,
    AWS_ACCESS_KEY_ID: KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
  });
}

const client = (): S3Client =>
  new S3Client({ endpoint: server.url, region: 'us-east-1', credentials: KEY, forcePathStyle: true, maxAttempts: 1 });

test.skipIf(boto3Missing !== undefined)('boto3', async () => {
  const file = join(folder.path, 'boto3.bin');
  writeFileSync(file, randomBytes(12_000_000));
  const script = join(PROJECT, 'tests', 'system', 'boto3_objects.py');
  const { stdout, stderr } = await run('python3', [script, file], { env: environment() });
  expect(stderr.split('\n').filter((line) => /Error|Exception/.test(line))).toEqual([]);
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(Object.assign({}, ...told)).toEqual({
    CRC32: true,
    SHA1: true,
    SHA256: true,
    CRC32C: true,
    CRC64NVME: true,
    signed: 100_000,
    computed: 'jSnVw/bqjr4=',
    refused: 'BadDigest',
    parts: true,
    eTag: true,
    'url s3v4': 'hello world',
    'url None': 'hello world',
  });
});

test.skipIf(awsMissing !== undefined)('aws s3', async () => {
  const aws = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run('aws', ['--endpoint-url', server.url, 's3', ...args], {
      env: environment(),
    });
    expect(`${code} ${stderr}`).toBe('0 ');
    return stdout;
  };
  const source = join(folder.path, 'tree');
  const target = join(folder.path, 'tree.back');
  mkdirSync(join(source, 'a', 'b'), { recursive: true });
  writeFileSync(join(source, 'a', 'one.txt'), 'one');
  writeFileSync(join(source, 'a', 'b', 'two +ü.txt'), 'two');
  writeFileSync(join(source, 'large'), randomBytes(17_000_000));
  await aws('mb', 's3://aws-objects');
  await aws('sync', source, 's3://aws-objects/tree', '--no-progress');
  expect(await aws('sync', source, 's3://aws-objects/tree', '--no-progress')).toBe('');
  await aws('sync', 's3://aws-objects/tree', target, '--no-progress');
  for (const name of ['a/one.txt', 'a/b/two +ü.txt', 'large']) {
    expect(Buffer.compare(readFileSync(join(source, name)), readFileSync(join(target, name)))).toBe(0);
  }
  await aws('mv', 's3://aws-objects/tree/a/one.txt', 's3://aws-objects/moved.txt', '--no-progress');
  expect(await aws('cp', 's3://aws-objects/moved.txt', '-')).toBe('one');
  const url = (await aws('presign', 's3://aws-objects/moved.txt')).trim();
  expect(await (await fetch(url)).text()).toBe('one');
  await aws('rm', 's3://aws-objects', '--recursive', '--quiet');
  expect(await aws('ls', 's3://aws-objects', '--recursive').catch(() => '')).toBe('');
  await aws('rb', 's3://aws-objects');
});

test('kill -9 in the middle of uploads keeps what was acknowledged and nothing else', async () => {
  const Bucket = 'killed';
  let s3 = client();
  await s3.send(new CreateBucketCommand({ Bucket }));
  const kept = randomBytes(3_000_000);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: kept }));
  const failures: Promise<unknown>[] = [];
  for (const Key of ['one', 'two']) {
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key }));
    const sent = request(url, { method: 'PUT', headers: { 'Content-Length': 20_000_000 } });
    failures.push(new Promise((resolve) => sent.on('error', resolve)));
    await new Promise<void>((resolve) => sent.write(Buffer.alloc(10_000_000, 'x'), () => resolve()));
  }
  const blobs = join(folder.path, 'data', 'blobs');
  const unfinished = (): string[] => readdirSync(blobs).filter((name) => name.endsWith('.unfinished'));
  while (unfinished().length < 2) await new Promise((resolve) => setImmediate(resolve));
  await server.end('SIGKILL');
  await Promise.all(failures);
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
