// Every kind of checksum that S3 knows, with AWS's own client: in headers, behind streams, of parts, of copies, of documents; asked back and
// compared by the client. It computes five of them by itself; the others it is given, the xxHash kinds from here: `src/base/xxhash.test.ts` holds
// them against the xxHash project's.

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { XxHash3 } from '#base/xxhash3.ts';
import { XxHash64 } from '#base/xxhash64.ts';
import { startTestServer, type TestServer } from '#server/testing.ts';

const Bucket = 'checksums';
const ALGORITHMS: readonly ChecksumAlgorithm[] = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'MD5',
  'SHA1',
  'SHA256',
  'SHA512',
  'XXHASH128',
  'XXHASH3',
  'XXHASH64',
];
let server: TestServer;
let s3: S3Client;

beforeAll(async () => {
  server = await startTestServer();
  s3 = new S3Client({
    ...settings(),
    requestStreamBufferSize: 65_536,
    checksumAlgorithms: {
      SHA512: forClient(() => createHash('sha512')),
      XXHASH64: forClient(() => new XxHash64()),
      XXHASH3: forClient(() => new XxHash3(64)),
      XXHASH128: forClient(() => new XxHash3(128)),
    },
  } as S3ClientConfig);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  expect(server.problems).toEqual([]);
  await server.close();
});

const settings = () => ({
  endpoint: server.url,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

interface Hash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** As the client wants its hashes. */
function forClient(begin: () => Hash) {
  return class {
    private readonly hash = begin();
    update(bytes: Uint8Array): void {
      this.hash.update(bytes);
    }
    async digest(): Promise<Uint8Array> {
      return this.hash.digest();
    }
    reset(): void {}
  };
}

const MIB = 2 ** 20;
const text = (bytes: number) => Buffer.alloc(bytes, 'the bytes of an object ');
const nameOf = (algorithm: ChecksumAlgorithm) => `Checksum${algorithm}` as const;

/** The client takes MD5 for the old Content-MD5; as a checksum that is kept it comes computed (botocore does likewise). */
function claim(algorithm: ChecksumAlgorithm, body: Uint8Array): object {
  if (algorithm !== 'MD5') return { ChecksumAlgorithm: algorithm };
  return { ChecksumMD5: createHash('md5').update(body).digest('base64') };
}

/** The bytes, once the client has compared them with their checksum. */
async function bytesOf(Key: string, rest: object = {}): Promise<Buffer> {
  const got = await s3.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED', ...rest }));
  return Buffer.from((await got.Body?.transformToByteArray()) ?? []);
}

async function checksumOf(Key: string): Promise<object | undefined> {
  const asked = { Bucket, Key, ObjectAttributes: ['Checksum' as const] };
  return (await s3.send(new GetObjectAttributesCommand(asked))).Checksum;
}

describe.each(ALGORITHMS)('%s', (ChecksumAlgorithm) => {
  test.each([0, 11, 700_000])('goes in a header with %i bytes, and comes back', async (bytes) => {
    const Key = `header-${ChecksumAlgorithm}-${bytes}`;
    const Body = text(bytes);
    const put = await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...claim(ChecksumAlgorithm, Body) }));
    expect(put).toMatchObject({ [nameOf(ChecksumAlgorithm)]: expect.any(String), ChecksumType: 'FULL_OBJECT' });
    expect(Buffer.compare(await bytesOf(Key), Body)).toBe(0);
  });

  test('is of the parts of an upload, or of the whole', async () => {
    const Key = `parts-${ChecksumAlgorithm}`;
    const begun = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm }));
    const upload = { Bucket, Key, UploadId: begun.UploadId };
    const bodies = [text(5 * MIB), text(3)];
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const part = await s3.send(
        new UploadPartCommand({ ...upload, PartNumber, Body, ...claim(ChecksumAlgorithm, Body) }),
      );
      const name = nameOf(ChecksumAlgorithm);
      Parts.push({ PartNumber, ETag: part.ETag, [name]: part[name] });
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const isWhole = ChecksumAlgorithm === 'CRC64NVME';
    expect(await checksumOf(Key)).toEqual({
      [nameOf(ChecksumAlgorithm)]: expect.stringMatching(isWhole ? /=$/ : /=-2$/),
      ChecksumType: isWhole ? 'FULL_OBJECT' : 'COMPOSITE',
    });
    expect(Buffer.compare(await bytesOf(Key), Buffer.concat(bodies))).toBe(0);
    expect((await bytesOf(Key, { PartNumber: 2 })).length).toBe(3);
  });

  test('is computed for a copy that asks for it', async () => {
    const Key = `copy-${ChecksumAlgorithm}`;
    const Body = text(99);
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key: `${Key}-same`, Body, ...claim(ChecksumAlgorithm, Body) }),
    );
    await s3.send(new PutObjectCommand({ Bucket, Key: 'plain', Body, ChecksumAlgorithm: 'SHA1' }));
    const input = { Bucket, Key, CopySource: `${Bucket}/plain`, ChecksumAlgorithm };
    const copied = await s3.send(new CopyObjectCommand(input));
    const expected = put[nameOf(ChecksumAlgorithm)];
    expect(copied.CopyObjectResult).toMatchObject({ [nameOf(ChecksumAlgorithm)]: expected });
    expect(await checksumOf(Key)).toMatchObject({ [nameOf(ChecksumAlgorithm)]: expected });
  });
});

describe.each(ALGORITHMS.filter((algorithm) => algorithm !== 'MD5'))(
  '%s, computed by the client',
  (ChecksumAlgorithm) => {
    test('goes behind a stream', async () => {
      const Key = `stream-${ChecksumAlgorithm}`;
      const Body = Readable.from([text(300_000), text(300_000)]);
      const input = { Bucket, Key, Body, ContentLength: 600_000, ChecksumAlgorithm };
      const put = await s3.send(new PutObjectCommand(input));
      expect(await checksumOf(Key)).toEqual({
        [nameOf(ChecksumAlgorithm)]: put[nameOf(ChecksumAlgorithm)],
        ChecksumType: 'FULL_OBJECT',
      });
      expect((await bytesOf(Key)).length).toBe(600_000);
    });

    test('of a document is compared', async () => {
      const Delete = { Objects: [{ Key: 'nothing' }] };
      const deleted = await s3.send(new DeleteObjectsCommand({ Bucket, Delete, ChecksumAlgorithm }));
      expect(deleted.Deleted).toEqual([{ Key: 'nothing' }]);
    });
  },
);

test('an upload without an algorithm makes an object with the CRC-64 of its bytes, whatever its parts come with', async () => {
  const Key = 'without-algorithm';
  // The client names one of its own accord where it is not told otherwise.
  const quiet = new S3Client({ ...settings(), requestChecksumCalculation: 'WHEN_REQUIRED' });
  const begun = await quiet.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  quiet.destroy();
  expect(begun.ChecksumAlgorithm).toBeUndefined();
  const upload = { Bucket, Key, UploadId: begun.UploadId };
  const bodies = [text(5 * MIB), text(3)];
  const Parts = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const ChecksumAlgorithm = index === 0 ? 'SHA256' : 'CRC32';
    const part = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm }));
    expect(part.ChecksumCRC64NVME).toBeUndefined();
    Parts.push({ PartNumber, ETag: part.ETag });
  }
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  const whole = { Bucket, Key: 'whole', Body: Buffer.concat(bodies), ChecksumAlgorithm: 'CRC64NVME' as const };
  const { ChecksumCRC64NVME } = await s3.send(new PutObjectCommand(whole));
  expect(done).toMatchObject({ ChecksumCRC64NVME, ChecksumType: 'FULL_OBJECT' });
  expect(await checksumOf(Key)).toEqual({ ChecksumCRC64NVME, ChecksumType: 'FULL_OBJECT' });
});

test('a read names a hash of a body that it does not have, and nobody minds', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'read', Body: 'bytes' }));
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const headers = { authorization, 'x-amz-content-sha256': createHash('sha256').update('other').digest('hex') };
  const answer = await fetch(`${server.url}/${Bucket}/read`, { headers });
  expect([answer.status, await answer.text()]).toEqual([200, 'bytes']);
});
