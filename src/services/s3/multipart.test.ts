import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { needsCrc64 } from './part-checksums.ts';
import { bodyOf, bodyOfSize, type S3Cell, s3Cell } from './testing.ts';

const MB5 = 5 * 1024 * 1024;
const MINUTES = 3 * 60_000;
let s3: S3Cell;

beforeEach(async () => {
  s3 = await s3Cell({
    performers: {
      'digest-pieces': async ({ input }) => {
        const { pieces, algorithms } = input as { pieces: unknown[]; algorithms: string[] };
        const md5 = createHash('md5').update(JSON.stringify(pieces)).digest('hex');
        return { md5, checksums: Object.fromEntries(algorithms.map((name) => [name, `${name}==`])) };
      },
    },
  });
});

const begin = async (input: object = {}): Promise<string> => {
  const { UploadId } = await s3.call<{ UploadId: string }>('CreateMultipartUpload', { Key: 'big', ...input });
  return UploadId;
};

const part = (UploadId: string, PartNumber: number, Body = bodyOfSize(MB5)) =>
  s3.call<{ ETag: string }>('UploadPart', { Key: 'big', UploadId, PartNumber, Body });

const complete = (UploadId: string, Parts: object[], rest: object = {}) => ({
  Key: 'big',
  UploadId,
  MultipartUpload: { Parts },
  ...rest,
});

describe('an upload in parts', () => {
  test('is the parts in their order, with the ETag of their MD5s, and no byte copied', async () => {
    const UploadId = await begin({ ContentType: 'a/b', Tagging: 'x=1' });
    const [one, two] = [bodyOfSize(MB5), bodyOf('end')];
    await part(UploadId, 7, two);
    await part(UploadId, 2, one);
    expect(await s3.keys()).toEqual([]);
    const Parts = [
      { PartNumber: 2, ETag: `"${one.md5}"` },
      { PartNumber: 7, ETag: two.md5 },
    ];
    const done = await s3.call<{ ETag: string }>('CompleteMultipartUpload', complete(UploadId, Parts));
    const sum = createHash('md5')
      .update(Buffer.from(one.md5 + two.md5, 'hex'))
      .digest('hex');
    expect(done).toMatchObject({ ETag: `"${sum}-2"`, Bucket: 'orders', Key: 'big' });
    expect(await s3.call('GetObject', { Key: 'big' })).toMatchObject({
      ContentLength: MB5 + 3,
      ContentType: 'a/b',
      TagCount: 1,
      Body: {
        parts: [
          { blob: one.blob, from: 0, to: MB5 },
          { blob: two.blob, from: 0, to: 3 },
        ],
      },
    });
    expect(await s3.call('GetObject', { Key: 'big', Range: `bytes=${MB5 - 1}-${MB5}` })).toMatchObject({
      Body: {
        parts: [
          { blob: one.blob, from: MB5 - 1, to: MB5 },
          { blob: two.blob, from: 0, to: 1 },
        ],
      },
    });
    expect(await s3.call('HeadObject', { Key: 'big', PartNumber: 2 })).toMatchObject({
      ContentLength: 3,
      PartsCount: 2,
      ContentRange: `bytes ${MB5}-${MB5 + 2}/${MB5 + 3}`,
    });
    expect(await s3.refusal('GetObject', { Key: 'big', PartNumber: 3 })).toBe('416 InvalidPartNumber');
    const again = complete(UploadId, Parts, { IfNoneMatch: '*' });
    for (const clean of [true, false]) {
      expect(await s3.call('CompleteMultipartUpload', again)).toEqual(done);
      s3 = await s3.restart({ clean });
    }
    expect(await s3.refusal('CompleteMultipartUpload', complete(UploadId, [{ PartNumber: 2, ETag: one.md5 }]))).toBe(
      '404 NoSuchUpload',
    );
    await s3.cell.advance(MINUTES);
    expect(s3.deleted).toEqual([]);
  });

  test('leaves nothing when it is given up; a part that was sent again takes the place of the first', async () => {
    const UploadId = await begin();
    const [one, again] = [bodyOfSize(MB5), bodyOfSize(MB5)];
    await part(UploadId, 1, one);
    await part(UploadId, 1, again);
    await s3.call('AbortMultipartUpload', { Key: 'big', UploadId });
    expect(await s3.refusal('ListParts', { Key: 'big', UploadId })).toBe('404 NoSuchUpload');
    await s3.cell.advance(MINUTES);
    expect(s3.deleted.sort()).toEqual([one.blob, again.blob].sort());
  });

  test('parts that are not in the list go', async () => {
    const UploadId = await begin();
    const [kept, left] = [bodyOf('kept'), bodyOfSize(MB5)];
    await part(UploadId, 1, kept);
    await part(UploadId, 2, left);
    const Parts = [{ PartNumber: 1, ETag: kept.md5 }];
    await s3.call('CompleteMultipartUpload', complete(UploadId, Parts));
    await s3.cell.advance(MINUTES);
    expect(s3.deleted).toEqual([left.blob]);
  });

  test('is refused with parts too small, missing, changed or out of order', async () => {
    const UploadId = await begin();
    const [small, large] = [bodyOf('small'), bodyOfSize(MB5)];
    await part(UploadId, 1, small);
    await part(UploadId, 2, large);
    const [one, two] = [
      { PartNumber: 1, ETag: small.md5 },
      { PartNumber: 2, ETag: large.md5 },
    ];
    const refusal = (Parts: object[], rest: object = {}) =>
      s3.refusal('CompleteMultipartUpload', complete(UploadId, Parts, rest));
    expect(await refusal([one, two])).toBe('400 EntityTooSmall');
    expect(await refusal([two, one])).toBe('400 InvalidPartOrder');
    expect(await refusal([two, two])).toBe('400 InvalidPartOrder');
    expect(await refusal([{ PartNumber: 3, ETag: 'x' }])).toBe('400 InvalidPart');
    expect(await refusal([{ PartNumber: 1, ETag: large.md5 }])).toBe('400 InvalidPart');
    expect(await refusal([])).toBe('400 MalformedXML');
    expect(await refusal([two], { MpuObjectSize: 1 })).toBe('400 InvalidRequest');
    await s3.cell.advance(1);
    const { ETag } = await s3.put('big');
    expect(await refusal([two], { IfNoneMatch: '*' })).toBe('412 PreconditionFailed');
    expect(await refusal([two], { IfMatch: '"other"' })).toBe('412 PreconditionFailed');
    expect(await refusal([two], { IfMatch: ETag })).toBe('409 ConditionalRequestConflict');
    expect(await refusal([two])).toBe('not refused');
  });

  test.each([true, false])('goes on after a restart (clean: %s)', async (clean) => {
    const UploadId = await begin({ ChecksumAlgorithm: 'CRC32' });
    const Body = { ...bodyOfSize(MB5), checksums: { CRC32: 'AAAAAA==' } };
    await part(UploadId, 1, Body);
    s3 = await s3.restart({ clean });
    expect(await s3.call('ListParts', { Key: 'big', UploadId })).toMatchObject({
      Parts: [{ PartNumber: 1, Size: MB5, ETag: `"${Body.md5}"`, ChecksumCRC32: 'AAAAAA==' }],
      ChecksumAlgorithm: 'CRC32',
      ChecksumType: 'COMPOSITE',
      IsTruncated: false,
    });
    expect(await s3.call('ListMultipartUploads', {})).toMatchObject({ Uploads: [{ Key: 'big', UploadId }] });
  });
});

describe('checksums of parts', () => {
  const withCrc = (text: string) => {
    const { crc32 } = process.getBuiltinModule('node:zlib');
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(text));
    return { body: bodyOf(text, { CRC32: sum.toString('base64') }), sum };
  };

  test('make the composite one of the object, which ends with their number', async () => {
    const UploadId = await begin({ ChecksumAlgorithm: 'CRC32' });
    const one = withCrc('only part');
    await part(UploadId, 1, one.body);
    const listed = { PartNumber: 1, ETag: one.body.md5 };
    expect(await s3.refusal('CompleteMultipartUpload', complete(UploadId, [listed]))).toBe('400 InvalidRequest');
    const Parts = [{ ...listed, ChecksumCRC32: one.body.checksums.CRC32 }];
    const done = await s3.call('CompleteMultipartUpload', complete(UploadId, Parts));
    expect(done).toMatchObject({ ChecksumCRC32: expect.stringMatching(/==-1$/), ChecksumType: 'COMPOSITE' });
    const got = await s3.call('GetObjectAttributes', { Key: 'big', ObjectAttributes: ['Checksum', 'ObjectParts'] });
    expect(got).toMatchObject({
      Checksum: { ChecksumType: 'COMPOSITE' },
      ObjectParts: { TotalPartsCount: 1, Parts: [{ PartNumber: 1, Size: 9 }] },
    });
  });

  test('make that of the whole object where it was asked for, and a wrong claim is refused', async () => {
    const { crc32 } = process.getBuiltinModule('node:zlib');
    const UploadId = await begin({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const one = withCrc('x'.repeat(MB5));
    const two = withCrc('the end');
    await part(UploadId, 1, one.body);
    await part(UploadId, 2, two.body);
    const Parts = [
      { PartNumber: 1, ETag: one.body.md5 },
      { PartNumber: 2, ETag: two.body.md5 },
    ];
    const whole = Buffer.alloc(4);
    whole.writeUInt32BE(crc32(`${'x'.repeat(MB5)}the end`));
    const wrong = complete(UploadId, Parts, { ChecksumCRC32: 'AAAAAA==' });
    expect(await s3.refusal('CompleteMultipartUpload', wrong)).toBe('400 BadDigest');
    expect(await s3.call('CompleteMultipartUpload', complete(UploadId, Parts))).toMatchObject({
      ChecksumCRC32: whole.toString('base64'),
      ChecksumType: 'FULL_OBJECT',
    });
  });

  test('of an upload without an algorithm are shown as they came, and make a CRC-64 of the whole', async () => {
    const UploadId = await begin();
    const state = s3.cell.cell.registry.services.get('s3')?.state;
    expect(needsCrc64(state, { Bucket: 'orders', UploadId })).toBe(true);
    const crc = await begin({ ChecksumAlgorithm: 'CRC32' });
    for (const input of [{ Bucket: 'orders', UploadId: crc }, { Bucket: 'orders' }, { Bucket: 'nobody', UploadId }]) {
      expect(needsCrc64(state, input as { Bucket: string; UploadId: string })).toBe(false);
    }
    await s3.put('from');
    const Body = bodyOf('only part', { CRC32: 'AAAAAA==', CRC64NVME: 'AAAAAAAAAAA=' });
    const answered = await part(UploadId, 1, Body);
    expect(answered).toEqual({ ETag: `"${Body.md5}"`, ChecksumCRC32: 'AAAAAA==' });
    const listed = await s3.call<{ Parts: object[] }>('ListParts', { Key: 'big', UploadId });
    expect(listed.Parts[0]).not.toHaveProperty('ChecksumCRC64NVME');
    await s3.call('UploadPartCopy', { Key: 'big', UploadId, PartNumber: 2, CopySource: 'orders/from' });
    const Parts = [{ PartNumber: 1, ETag: Body.md5, ChecksumCRC32: 'AAAAAA==' }];
    expect(await s3.call('CompleteMultipartUpload', complete(UploadId, Parts))).toMatchObject({
      ChecksumCRC64NVME: 'AAAAAAAAAAA=',
      ChecksumType: 'FULL_OBJECT',
    });
  });

  test('are those of the whole object by CRC-64 where nobody asked for any', async () => {
    const UploadId = await begin();
    const Body = bodyOf('only part', { CRC64NVME: 'AAAAAAAAAAA=' });
    await part(UploadId, 1, Body);
    const Parts = [{ PartNumber: 1, ETag: Body.md5 }];
    expect(await s3.call('CompleteMultipartUpload', complete(UploadId, Parts))).toMatchObject({
      ChecksumCRC64NVME: 'AAAAAAAAAAA=',
      ChecksumType: 'FULL_OBJECT',
    });
  });

  // The values of "hello world" and of its checksum: openssl, and the xxHash project's library.
  test.each([
    ['SHA512', 'MJ7MSJwS1utMxA9QyQLytNDtd+5RGnx6m808qG1M2G+YndNbxf9JlnDaNCVbRbDP2DDoH2Bdz33FVC6TrpzXbw==', 'Dpv/aR9'],
    ['MD5', 'XrY7u+Ae7tCTyyK7j1rNww==', 'JB2KJ8g2QnvX8ERhtg5zWQ==-1'],
    ['XXHASH64', 'RatnNLIeaWg=', 'eLjv0gsUMwM=-1'],
    ['XXHASH3', '1Eex6kDmmIs=', 'HU6AWAF3/zk=-1'],
    ['XXHASH128', '340J6T+HSQCpm4d1zBW2xw==', 'FXOQBxPaqnja7ygbpTYBFw==-1'],
  ] as const)('are composite by %s; it is in every answer, after a restart, too', async (algorithm, sum, whole) => {
    const UploadId = await begin({ ChecksumAlgorithm: algorithm });
    const name = `Checksum${algorithm}`;
    const Body = bodyOf('hello world', { [algorithm]: sum });
    expect(await part(UploadId, 1, Body)).toMatchObject({ [name]: sum });
    s3 = await s3.restart({ clean: true });
    expect(await s3.call('ListParts', { Key: 'big', UploadId })).toMatchObject({
      ChecksumAlgorithm: algorithm,
      ChecksumType: 'COMPOSITE',
      Parts: [{ [name]: sum }],
    });
    const Parts = [{ PartNumber: 1, ETag: Body.md5, [name]: sum }];
    const answered = { [name]: expect.stringContaining(whole), ChecksumType: 'COMPOSITE' };
    expect(await s3.call('CompleteMultipartUpload', complete(UploadId, Parts))).toMatchObject(answered);
    for (const clean of [true, false]) {
      s3 = await s3.restart({ clean });
      const ChecksumMode = 'ENABLED';
      expect(await s3.call('GetObject', { Key: 'big', ChecksumMode })).toMatchObject(answered);
      // AWS: of a part asked for by its number, the part's own.
      expect(await s3.call('HeadObject', { Key: 'big', ChecksumMode, PartNumber: 1 })).toMatchObject({ [name]: sum });
      expect(
        await s3.call('GetObjectAttributes', { Key: 'big', ObjectAttributes: ['Checksum', 'ObjectParts'] }),
      ).toMatchObject({ Checksum: answered, ObjectParts: { Parts: [{ [name]: sum }] } });
      expect(await s3.call('ListObjectsV2', {})).toMatchObject({ Contents: [{ ChecksumAlgorithm: [algorithm] }] });
    }
  });

  test('of the full object may be left out with its parts: they are computed', async () => {
    const UploadId = await begin({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const unclaimed = bodyOf('x', { CRC64NVME: 'AAAAAAAAAAA=' });
    expect(await part(UploadId, 1, unclaimed)).toMatchObject({ ChecksumCRC32: 'CRC32==' });
    const claimed = { ...unclaimed, isChecksumClaimed: true };
    const input = { Key: 'big', UploadId, PartNumber: 1, Body: claimed };
    expect(await s3.refusal('UploadPart', input)).toBe('400 InvalidRequest');
  });

  // Codes and texts: replies of AWS recorded in the cross-compatibility tests of OpenStack Swift.
  test('are refused in a completion as AWS refuses them', async () => {
    const UploadId = await begin({ ChecksumAlgorithm: 'CRC32' });
    const one = withCrc('only part');
    await part(UploadId, 1, one.body);
    const good = one.body.checksums.CRC32 as string;
    const refusal = async (claims: object, rest: object = {}) => {
      const Parts = [{ PartNumber: 1, ETag: one.body.md5, ...claims }];
      const input = { Bucket: 'orders', ...complete(UploadId, Parts, rest) };
      const reply = await s3.cell.reply('s3', 'CompleteMultipartUpload', input);
      return 'refused' in reply ? reply.refused : undefined;
    };
    const unreadable = 'Invalid Base64 or multiple checksums present in request';
    expect(await refusal({ ChecksumCRC32: 'y/Q5Jh==' })).toMatchObject({
      code: 'InvalidArgument',
      message: unreadable,
      members: { ArgumentName: 'Checksum', ArgumentValue: 'CRC32:y/Q5Jh==;' },
    });
    expect(await refusal({ ChecksumCRC32C: 'AAAAAA==', ChecksumCRC32: good })).toMatchObject({
      members: { ArgumentValue: `CRC32:${good};CRC32C:AAAAAA==;` },
    });
    expect(await refusal({ ChecksumCRC32C: 'AAAAAA==' })).toMatchObject({
      code: 'BadDigest',
      message: 'The crc32c you specified for part 1 did not match what we received.',
    });
    const bad = { ChecksumCRC32: 'AAAAAA==' };
    expect(await refusal(bad)).toMatchObject({ code: 'InvalidPart' });
    const badWhole = 'The crc32 you specified did not match the calculated checksum.';
    expect(await refusal({ ChecksumCRC32: good }, bad)).toMatchObject({ code: 'BadDigest', message: badWhole });
    expect(await refusal(bad, { ChecksumCRC32: good })).toMatchObject({ code: 'BadDigest', message: badWhole });
    for (const wrong of [{ ChecksumCRC32: 'y/Q5Jh==' }, { ChecksumCRC32: `${good}-a` }]) {
      const message = 'Value for x-amz-checksum-crc32 header is invalid.';
      expect(await refusal({ ChecksumCRC32: good }, wrong)).toMatchObject({ code: 'InvalidRequest', message });
    }
    expect(await refusal({ ChecksumCRC32: good }, { ChecksumType: 'FULL_OBJECT' })).toMatchObject({
      message:
        'The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.',
    });
    expect(await refusal({ ChecksumCRC32: good })).toBeUndefined();
  });

  test.each([
    [
      { ChecksumType: 'FULL_OBJECT' },
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm',
    ],
    [{ ChecksumAlgorithm: 'CRC32', ChecksumType: 'OTHER' }, 'Value for x-amz-checksum-type header is invalid.'],
    [{ ChecksumAlgorithm: 'CRC32,CRC32C' }, 'Invalid types are specified in x-amz-checksum-algorithm header.'],
    [
      { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' },
      'The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.',
    ],
    [
      { ChecksumAlgorithm: 'XXHASH3', ChecksumType: 'FULL_OBJECT' },
      'The FULL_OBJECT checksum type cannot be used with the xxhash3 checksum algorithm.',
    ],
    [
      { ChecksumAlgorithm: 'MD4' },
      'any of the valid types: [CRC32, CRC32C, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]',
    ],
  ])('cannot be begun with %j', async (input, text) => {
    const reply = await s3.cell.reply('s3', 'CreateMultipartUpload', { Bucket: 'orders', Key: 'k', ...input });
    expect(reply).toMatchObject({ refused: { code: 'InvalidRequest', message: expect.stringContaining(text) } });
  });

  test('are given back only in a mode that there is', async () => {
    await s3.put('k');
    expect(await s3.refusal('GetObject', { Key: 'k', ChecksumMode: 'ON' })).toBe('400 InvalidRequest');
    expect(await s3.refusal('HeadObject', { Key: 'k', ChecksumMode: 'ENABLED' })).toBe('not refused');
  });

  test('must come with the parts, and their types be possible', async () => {
    const UploadId = await begin({ ChecksumAlgorithm: 'SHA256' });
    const input = { Key: 'big', UploadId, PartNumber: 1, Body: bodyOf('x') };
    expect(await s3.refusal('UploadPart', input)).toBe('400 InvalidRequest');
    const impossible = { Key: 'k', ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' };
    expect(await s3.refusal('CreateMultipartUpload', impossible)).toBe('400 InvalidRequest');
    expect(await s3.refusal('CreateMultipartUpload', { Key: 'k', ChecksumAlgorithm: 'MD4' })).toBe(
      '400 InvalidRequest',
    );
  });
});

describe('a copy', () => {
  test('shares the blob, which goes with the last of the two', async () => {
    const Body = bodyOf('bytes', { CRC32: 'AAAAAA==' });
    await s3.call('PutObject', { Key: 'from', Body, ContentType: 'a/b', Metadata: { m: '1' }, Tagging: 't=1' });
    const copied = await s3.call('CopyObject', { Key: 'to', CopySource: 'orders/from' });
    expect(copied).toMatchObject({ CopyObjectResult: { ETag: `"${Body.md5}"`, ChecksumCRC32: 'AAAAAA==' } });
    expect(await s3.call('GetObject', { Key: 'to' })).toMatchObject({
      ContentType: 'a/b',
      Metadata: { m: '1' },
      TagCount: 1,
      Body: { parts: [{ blob: Body.blob, from: 0, to: 5 }] },
    });
    await s3.call('DeleteObject', { Key: 'from' });
    s3 = await s3.restart({ clean: true });
    await s3.cell.advance(MINUTES);
    expect(s3.deleted).toEqual([]);
    await s3.call('DeleteObject', { Key: 'to' });
    await s3.cell.advance(MINUTES);
    expect(s3.deleted).toEqual([Body.blob]);
  });

  test('onto itself must change something', async () => {
    await s3.put('k', 'x', { Metadata: { m: '1' } });
    expect(await s3.refusal('CopyObject', { Key: 'k', CopySource: 'orders/k' })).toBe('400 InvalidRequest');
    const named = { Key: 'k', CopySource: 'orders/k', StorageClass: 'STANDARD' };
    expect(await s3.refusal('CopyObject', named)).toBe('not refused');
    const replace = { Key: 'k', CopySource: '/orders/k', MetadataDirective: 'REPLACE', Metadata: { m: '2' } };
    await s3.call('CopyObject', replace);
    expect(await s3.call('HeadObject', { Key: 'k' })).toMatchObject({ Metadata: { m: '2' } });
    await s3.cell.advance(MINUTES);
    expect(s3.deleted).toEqual([]);
  });

  test.each([
    ['', '400 InvalidArgument'],
    ['orders', '400 InvalidArgument'],
    ['orders/', '400 InvalidArgument'],
    ['orders/%ZZ', '400 InvalidArgument'],
    ['orders/none', '404 NoSuchKey'],
    ['nobody/k', '404 NoSuchBucket'],
  ])('of %j is refused', async (CopySource, expected) => {
    expect(await s3.refusal('CopyObject', { Key: 'to', CopySource })).toBe(expected);
  });

  test.each([
    'orders/a b+c/ü',
    '/orders/a%20b%2Bc/%C3%BC',
    'orders%2Fa+b%2Bc%2F%C3%BC',
    'orders/a%20b%2Bc/%C3%BC?versionId=null',
  ])('is found by its source however it is encoded: %s', async (CopySource) => {
    await s3.put(CopySource === 'orders/a b+c/ü' ? 'a b c/ü' : 'a b+c/ü');
    expect(await s3.refusal('CopyObject', { Key: 'to', CopySource })).toBe('not refused');
  });

  test('asks the conditions of its source', async () => {
    await s3.put('a b', 'x');
    const copy = (rest: object) => s3.refusal('CopyObject', { Key: 'to', CopySource: 'orders/a%20b', ...rest });
    expect(await copy({ CopySourceIfMatch: '"no"' })).toBe('412 PreconditionFailed');
    expect(await copy({ CopySourceIfNoneMatch: '*' })).toBe('412 PreconditionFailed');
    const now = s3.cell.clock.nowMs();
    expect(await copy({ CopySourceIfModifiedSince: now })).toBe('412 PreconditionFailed');
    expect(await copy({ CopySourceIfModifiedSince: now + 60_000 })).toBe('not refused');
    expect(await copy({ CopySourceIfUnmodifiedSince: now - 60_000 })).toBe('412 PreconditionFailed');
    expect(await copy({})).toBe('not refused');
  });

  test('of an object of parts is of one piece, with the MD5 of its bytes', async () => {
    const UploadId = await begin();
    const Body = bodyOf('x');
    await part(UploadId, 1, Body);
    await s3.call('CompleteMultipartUpload', complete(UploadId, [{ PartNumber: 1, ETag: Body.md5 }]));
    const copied = await s3.call('CopyObject', { Key: 'to', CopySource: 'orders/big' });
    expect(copied).toMatchObject({ CopyObjectResult: { ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) } });
    expect(await s3.call('GetObject', { Key: 'to' })).toMatchObject({ Body: { parts: [{ blob: Body.blob }] } });
  });

  test('into a part shares a run of the source', async () => {
    const Body = bodyOf('0123456789');
    await s3.call('PutObject', { Key: 'from', Body });
    const UploadId = await begin();
    const input = { Key: 'big', UploadId, PartNumber: 1, CopySource: 'orders/from' };
    const copied = await s3.call<{ CopyPartResult: { ETag: string } }>('UploadPartCopy', {
      ...input,
      CopySourceRange: 'bytes=2-5',
    });
    await s3.call('DeleteObject', { Key: 'from' });
    const Parts = [{ PartNumber: 1, ETag: copied.CopyPartResult.ETag }];
    await s3.call('CompleteMultipartUpload', complete(UploadId, Parts));
    await s3.cell.advance(MINUTES);
    expect(s3.deleted).toEqual([]);
    expect(await s3.call('GetObject', { Key: 'big' })).toMatchObject({
      ContentLength: 4,
      Body: { parts: [{ blob: Body.blob, from: 2, to: 6 }] },
    });
    expect(await s3.refusal('UploadPartCopy', { ...input, CopySource: 'orders/big' })).toBe('404 NoSuchUpload');
  });
});
