import { beforeEach, describe, expect, test } from 'vitest';
import type { AwsError } from '#model/aws-error.ts';
import { bodyOf, type S3Cell, s3Cell } from './testing.ts';

let s3: S3Cell;

beforeEach(async () => {
  s3 = await s3Cell();
});

const MINUTES = 3 * 60_000;

describe('an object', () => {
  test('is answered as it was put, with the blob it is in', async () => {
    const Body = bodyOf('hello', { CRC32: 'NhCmhg==' });
    const put = await s3.call('PutObject', { Key: 'a/b', Body, ContentType: 'text/plain', Metadata: { who: 'me' } });
    expect(put).toEqual({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ChecksumCRC32: 'NhCmhg==',
      ChecksumType: 'FULL_OBJECT',
    });
    const got = await s3.call('GetObject', { Key: 'a/b', ChecksumMode: 'ENABLED' });
    expect(got).toMatchObject({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ContentLength: 5,
      ContentType: 'text/plain',
      Metadata: { who: 'me' },
      ChecksumCRC32: 'NhCmhg==',
      AcceptRanges: 'bytes',
      Body: { parts: [{ blob: Body.blob, from: 0, to: 5 }], bytes: 5 },
    });
    expect(got).not.toHaveProperty('VersionId');
    expect(await s3.call('HeadObject', { Key: 'a/b' })).not.toHaveProperty('ChecksumCRC32');
  });

  // AWS: S3 user guide, "Working with object metadata", which has this example.
  test('gives metadata that is not US-ASCII back as RFC 2047 has it', async () => {
    const sent = Buffer.from('ÄMÄZÕÑ S3').toString('latin1');
    await s3.put('k', 'x', { Metadata: { nonascii: sent, ascii: 'AMAZONS3', encoded: '=?UTF-8?Q?=C3=84?=' } });
    for (const operation of ['GetObject', 'HeadObject']) {
      expect(await s3.call(operation, { Key: 'k' })).toMatchObject({
        Metadata: {
          nonascii: '=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=',
          ascii: 'AMAZONS3',
          encoded: '=?UTF-8?Q?=C3=84?=',
        },
      });
    }
  });

  // AWS: HeadObject's x-amz-tagging-count (a member of its output since 2025; in its answers before, aws-sdk-go-v2 #1331).
  test('with tags tells how many it has, to HEAD, too', async () => {
    await s3.put('tagged', 'x', { Tagging: 'a=1&b=2' });
    expect(await s3.call('GetObject', { Key: 'tagged' })).toMatchObject({ TagCount: 2 });
    expect(await s3.call('HeadObject', { Key: 'tagged' })).toMatchObject({ TagCount: 2 });
    await s3.put('plain');
    expect(await s3.call('HeadObject', { Key: 'plain' })).not.toHaveProperty('TagCount');
  });

  test('without bytes has no blob, and the one that came is deleted', async () => {
    const Body = bodyOf('');
    await s3.call('PutObject', { Key: 'empty', Body });
    expect(await s3.call('GetObject', { Key: 'empty' })).toMatchObject({ Body: { parts: [], bytes: 0 } });
    expect(s3.deleted).toEqual([Body.blob]);
  });

  test.each([
    ['bytes=1-3', 'bytes 1-3/10', 3],
    ['bytes=7-', 'bytes 7-9/10', 3],
    ['bytes=-4', 'bytes 6-9/10', 4],
    ['bytes=8-100', 'bytes 8-9/10', 2],
  ])('of ten bytes answers %s with %s', async (Range, ContentRange, ContentLength) => {
    await s3.put('k', '0123456789');
    expect(await s3.call('GetObject', { Key: 'k', Range })).toMatchObject({ ContentRange, ContentLength });
  });

  test.each(['bytes=10-', 'bytes=-0', 'bytes=12-13'])('of ten bytes has nothing for %s', async (Range) => {
    await s3.put('k', '0123456789');
    expect(await s3.refusal('GetObject', { Key: 'k', Range })).toBe('416 InvalidRange');
  });

  test.each(['bytes=3-1', 'lines=1-2', 'bytes=a-b', 'bytes=-', 'bytes=1-2,4-5'])(
    'is answered whole for %s',
    async (Range) => {
      await s3.put('k', '0123456789');
      const got = await s3.call('GetObject', { Key: 'k', Range });
      expect(got).toMatchObject({ ContentLength: 10 });
      expect(got).not.toHaveProperty('ContentRange');
    },
  );

  test('takes the place of the one before, whose blob goes a minute or two later', async () => {
    const Body = bodyOf('one');
    await s3.call('PutObject', { Key: 'k', Body });
    await s3.put('k', 'two');
    await s3.cell.settle();
    expect(s3.deleted).toEqual([]);
    await s3.cell.advance(MINUTES);
    expect(s3.deleted).toEqual([Body.blob]);
  });

  test('is gone when it was deleted, and a key that never was is deleted alike', async () => {
    await s3.put('k');
    expect(await s3.call('DeleteObject', { Key: 'k' })).toEqual({});
    expect(await s3.call('DeleteObject', { Key: 'k' })).toEqual({});
    expect(await s3.refusal('GetObject', { Key: 'k' })).toBe('404 NoSuchKey');
    expect(await s3.refusal('HeadObject', { Key: 'k' })).toBe('404 NoSuchKey');
  });

  test('with a key that looks like a path is a name like any other', async () => {
    const hostile = [
      '../../etc/passwd',
      '/',
      '//',
      '..',
      '.',
      'a/../b',
      'con',
      'a\0b',
      '%2e%2e',
      'ключ 😀',
      '\\',
      '__proto__',
    ];
    for (const key of hostile) await s3.put(key, key);
    expect((await s3.keys()).sort()).toEqual([...hostile].sort());
    for (const Key of hostile) {
      const got = await s3.call<{ ContentLength: number }>('GetObject', { Key });
      expect(got.ContentLength).toBe(Buffer.byteLength(Key));
    }
    expect(await s3.refusal('PutObject', { Key: 'é'.repeat(513), Body: bodyOf('x') })).toBe('400 KeyTooLongError');
    for (const operation of ['GetObject', 'HeadObject', 'DeleteObject', 'GetObjectTagging', 'GetObjectAcl']) {
      expect(await s3.refusal(operation, { Key: 'k'.repeat(1025) })).toBe('400 KeyTooLongError');
    }
    expect(await s3.refusal('PutObject', { Key: '', Body: bodyOf('x') })).toBe('400 InvalidArgument');
  });
});

describe('conditions', () => {
  const ETag = '"8b1a9953c4611296a827abf8c47804d7"';

  test('on reading follow the order of RFC 7232', async () => {
    await s3.put('k', 'Hello');
    const { LastModified: at } = await s3.call<{ LastModified: number }>('HeadObject', { Key: 'k' });
    const asked = (conditions: object) => s3.refusal('GetObject', { Key: 'k', ...conditions });
    expect(await asked({ IfMatch: ETag })).toBe('not refused');
    expect(await asked({ IfMatch: '"other"' })).toBe('412 PreconditionFailed');
    expect(await asked({ IfNoneMatch: ETag })).toBe('304 NotModified');
    expect(await asked({ IfModifiedSince: at })).toBe('304 NotModified');
    expect(await asked({ IfModifiedSince: at - 1000 })).toBe('not refused');
    expect(await asked({ IfModifiedSince: at + 60_000 })).toBe('not refused');
    expect(await asked({ IfUnmodifiedSince: at - 1000 })).toBe('412 PreconditionFailed');
    expect(await asked({ IfMatch: ETag, IfUnmodifiedSince: at - 1000 })).toBe('not refused');
    expect(await asked({ IfNoneMatch: '"other"', IfModifiedSince: at })).toBe('not refused');
    expect(await asked({ IfMatch: '"other"', Range: 'bytes=100-' })).toBe('412 PreconditionFailed');
  });

  // AWS's replies, quoted in moto #8534 and asserted by ceph's s3-tests; RFC 9110, 15.4.5.
  test('that say "not modified" tell what a cache keeps of the object', async () => {
    await s3.put('k', 'Hello', { CacheControl: 'max-age=60', Expires: 'Thu, 01 Dec 2033 16:00:00 GMT' });
    for (const operation of ['GetObject', 'HeadObject']) {
      const { refused } = (await s3.cell.reply('s3', operation, { Bucket: 'orders', Key: 'k', IfNoneMatch: ETag })) as {
        refused: AwsError;
      };
      expect(refused.headers).toEqual({
        ETag,
        'Last-Modified': expect.stringMatching(/ GMT$/),
        'Cache-Control': 'max-age=60',
        Expires: 'Thu, 01 Dec 2033 16:00:00 GMT',
      });
    }
    await s3.call('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } });
    const reply = await s3.cell.reply('s3', 'GetObject', { Bucket: 'orders', Key: 'k', IfNoneMatch: '*' });
    expect(reply).toMatchObject({ refused: { headers: { ETag, 'x-amz-version-id': 'null' } } });
  });

  test('on writing keep what is there', async () => {
    expect(await s3.refusal('PutObject', { Key: 'k', Body: bodyOf('Hello'), IfMatch: ETag })).toBe('404 NoSuchKey');
    await s3.put('k', 'Hello', { IfNoneMatch: '*' });
    expect(await s3.refusal('PutObject', { Key: 'k', Body: bodyOf('x'), IfNoneMatch: '*' })).toBe(
      '412 PreconditionFailed',
    );
    expect(await s3.refusal('PutObject', { Key: 'k', Body: bodyOf('x'), IfMatch: '"o"' })).toBe(
      '412 PreconditionFailed',
    );
    expect(await s3.refusal('PutObject', { Key: 'k', Body: bodyOf('x'), IfNoneMatch: ETag })).toBe(
      '501 NotImplemented',
    );
    expect(await s3.refusal('DeleteObject', { Key: 'k', IfMatch: '"o"' })).toBe('412 PreconditionFailed');
    const both = { Key: 'k', Body: bodyOf('x'), IfMatch: ETag, IfNoneMatch: '*' };
    expect(await s3.refusal('PutObject', both)).toBe('501 NotImplemented');
    expect(await s3.refusal('PutObject', { Key: 'k', Body: bodyOf('x'), IfMatch: '*' })).toBe('501 NotImplemented');
    await s3.call('DeleteObject', { Key: 'k', IfMatch: ETag });
    expect(await s3.keys()).toEqual([]);
  });
});

describe('what is not done is refused by name', () => {
  test.each([
    [{ ServerSideEncryption: 'aws:kms' }, '501 NotImplemented'],
    [{ SSECustomerAlgorithm: 'AES256' }, '501 NotImplemented'],
    [{ StorageClass: 'GLACIER' }, '501 NotImplemented'],
    [{ StorageClass: 'COLD' }, '400 InvalidStorageClass'],
    [{ ACL: 'public-read' }, '400 AccessControlListNotSupported'],
    [{ ObjectLockMode: 'GOVERNANCE' }, '501 NotImplemented'],
    [{ WebsiteRedirectLocation: '/x' }, '501 NotImplemented'],
    [{ Metadata: { x: 'y'.repeat(2048) } }, '400 MetadataTooLarge'],
    [{ Tagging: 'a=1&a=2' }, '400 InvalidArgument'],
    [{ Tagging: 'a=%ZZ' }, '400 InvalidArgument'],
    [{ Tagging: 'a=1,b=2' }, '400 InvalidArgument'],
    [{ ExpectedBucketOwner: '111122223333' }, '403 AccessDenied'],
    [{ Bucket: 'other' }, '404 NoSuchBucket'],
  ])('%j', async (input, expected) => {
    expect(await s3.refusal('PutObject', { Key: 'k', Body: bodyOf('x'), ...input })).toBe(expected);
    expect(await s3.keys()).toEqual([]);
  });
});

test.each([true, false])('everything is there after a restart (clean: %s)', async (clean) => {
  await s3.put('😀');
  await s3.put('a/1', 'one', { Metadata: { x: 'y' }, Tagging: 'k=v' });
  const left = bodyOf('gone');
  await s3.call('PutObject', { Key: 'gone', Body: left });
  await s3.call('DeleteObject', { Key: 'gone' });
  const before = await s3.call('GetObject', { Key: 'a/1' });
  const after = await s3.restart({ clean });
  expect(await after.keys()).toEqual(['a/1', '😀']);
  expect(await after.call('GetObject', { Key: 'a/1' })).toEqual(before);
});

test('blobs that no object knows go after the start, those of objects stay', async () => {
  const blobs: string[] = ['s3/11111111-1111-4111-8111-111111111111'];
  s3 = await s3Cell({ blobs });
  const Body = bodyOf('kept');
  await s3.call('PutObject', { Key: 'k', Body });
  blobs.push(Body.blob);
  const after = await s3.restart({ clean: true });
  await after.cell.advance(MINUTES);
  expect(s3.deleted).toContain(blobs[0]);
  expect(s3.deleted).not.toContain(Body.blob);
});
