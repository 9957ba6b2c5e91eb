// S3 through AWS's client, against a whole server: what a program does with objects.

import { createHash, randomBytes } from 'node:crypto';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/testing.ts';

let server: TestServer;
let s3: S3Client;
const Bucket = 'client-tests';

beforeAll(async () => {
  server = await startTestServer();
  s3 = new S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  expect(server.problems).toEqual([]);
  await server.close();
});

const textOf = async (Key: string, rest: object = {}): Promise<string | undefined> =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, ...rest }))).Body?.transformToString();

describe("AWS's client", () => {
  test('puts an object and gets it back, with metadata, type and checksum', async () => {
    const Metadata = { origin: 'test' };
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key: 'a/ü +.txt', Body: 'hello', ContentType: 'text/plain', Metadata }),
    );
    expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/ü +.txt' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata, ContentLength: 5, ChecksumCRC32: 'NhCmhg==' });
    expect(await textOf('a/ü +.txt', { Range: 'bytes=1-2' })).toBe('el');
  });

  test('is told what is wrong by name', async () => {
    const missing = s3.send(new GetObjectCommand({ Bucket, Key: 'never' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'never' }))).rejects.toMatchObject({ name: 'NotFound' });
    const nowhere = s3.send(new PutObjectCommand({ Bucket: 'nowhere-at-all', Key: 'k', Body: 'x' }));
    await expect(nowhere).rejects.toMatchObject({ name: 'NoSuchBucket' });
    const again = s3.send(new PutObjectCommand({ Bucket, Key: 'a/ü +.txt', Body: 'x', IfNoneMatch: '*' }));
    await expect(again).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    const unchanged = s3.send(
      new GetObjectCommand({ Bucket, Key: 'a/ü +.txt', IfNoneMatch: '"5d41402abc4b2a76b9719d911017c592"' }),
    );
    await expect(unchanged).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    const { headers } = await unchanged.catch((error) => error.$response);
    expect(headers).toMatchObject({ etag: '"5d41402abc4b2a76b9719d911017c592"' });
    expect(headers).not.toHaveProperty('content-type');
  });

  // AWS keeps whole seconds: recorded in s3-sync-client #53.
  test('sees one time of an object in lists and in its head', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'time', Body: 'x' }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'time' }));
    const list = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'time' }));
    const versions = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'time' }));
    const copy = await s3.send(new CopyObjectCommand({ Bucket, Key: 'time-2', CopySource: `${Bucket}/time` }));
    expect(list.Contents?.[0]?.LastModified).toEqual(head.LastModified);
    expect(versions.Versions?.[0]?.LastModified).toEqual(head.LastModified);
    expect(copy.CopyObjectResult?.LastModified?.getMilliseconds()).toBe(0);
    const Objects = [{ Key: 'time' }, { Key: 'time-2' }];
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  });

  test('uploads in parts, copies what it uploaded, and lists page by page', async () => {
    const bytes = randomBytes(11 * 1024 * 1024);
    const upload = new Upload({ client: s3, params: { Bucket, Key: 'big', Body: bytes }, partSize: 5 * 1024 * 1024 });
    const done = await upload.done();
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
    const back = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(back.equals(bytes)).toBe(true);
    const copied = await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/big` }));
    expect(copied.CopyObjectResult?.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    for (let i = 0; i < 5; i += 1) await s3.send(new PutObjectCommand({ Bucket, Key: `list/${i}`, Body: 'x' }));
    const pages: string[][] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket, Prefix: 'list/' })) {
      pages.push((page.Contents ?? []).map(({ Key }) => Key ?? ''));
    }
    expect(pages).toEqual([['list/0', 'list/1'], ['list/2', 'list/3'], ['list/4']]);
    const rolled = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(rolled.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'list/' }]);
    expect(rolled.Contents?.map(({ Key }) => Key)).toEqual(['big', 'copy']);
  });

  test('keeps versions and deletes many at once', async () => {
    const name = 'client-versions';
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
    const put = (Body: string) => s3.send(new PutObjectCommand({ Bucket: name, Key: 'k', Body }));
    const [one, two] = [await put('one'), await put('two')];
    expect(one.VersionId).not.toBe(two.VersionId);
    const Objects = [{ Key: 'k' }, { Key: 'k', VersionId: one.VersionId }];
    const deleted = await s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects } }));
    expect(deleted.Deleted).toMatchObject([{ DeleteMarker: true }, { VersionId: one.VersionId }]);
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: name }));
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([[two.VersionId, false]]);
    expect(listed.DeleteMarkers).toMatchObject([{ Key: 'k', IsLatest: true }]);
  });
});
