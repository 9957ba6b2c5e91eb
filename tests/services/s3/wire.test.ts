// S3 on the wire, against a whole server with strict signatures: bodies in chunks, presigned URLs, hosts, refusals before the body, pages of
// other origins. What AWS's client does not do by itself is done by hand.

import { createHash, createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawClient } from '#runtime/http/raw-client.ts';
import { startTestServer, type TestServer } from '#server/testing.ts';

const KEY = { accessKeyId: 'AKIAS3WIRETESTS00001', secretAccessKey: 'secretOfTheWireTestsSecretOfTheWireTests' };
const Bucket = 'wire-tests';
let server: TestServer;
let s3: S3Client;
let host: string;

beforeAll(async () => {
  server = await startTestServer(['--auth', 'strict'], {
    EDDY_ROOT_ACCESS_KEY_ID: KEY.accessKeyId,
    EDDY_ROOT_SECRET_ACCESS_KEY: KEY.secretAccessKey,
  });
  host = new URL(server.url).host;
  s3 = clientOf(KEY);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  expect(server.problems).toEqual([]);
  await server.close();
});

function clientOf(credentials: typeof KEY, rest: object = {}): S3Client {
  const endpoint = server.url;
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 1, ...rest });
}

const textOf = async (Key: string): Promise<string | undefined> =>
  (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const keys = async (): Promise<(string | undefined)[]> =>
  ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Any request, whatever its Host header says. */
function ask(method: string, target: string, options: { headers?: object; body?: string } = {}): Promise<Answer> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const headers = { host, ...options.headers };
    const sent = request({ host: '127.0.0.1', port, method, path: target, headers, agent: false }, (answer) => {
      let body = '';
      answer.on('data', (piece: Buffer) => {
        body += piece.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const pathOf = (url: string): string => url.slice(server.url.length);

describe('bodies', () => {
  test('a stream goes in chunks with its checksum behind it', async () => {
    const Body = (): Readable => Readable.from(['hello ', 'wor', 'ld'].map((each) => Buffer.from(each)));
    const gathering = clientOf(KEY, { requestStreamBufferSize: 65_536 });
    const put = await gathering.send(
      new PutObjectCommand({ Bucket, Key: 'streamed', Body: Body(), ContentLength: 11 }),
    );
    gathering.destroy();
    expect(put.ChecksumCRC32).toBe('DUoRhQ==');
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'streamed' }));
    expect(head).toMatchObject({ ContentLength: 11, ETag: '"5eb63bbbe01eeed093cb22bb8f5acdc3"' });
    expect(head.ContentEncoding).toBeUndefined();
    expect(await textOf('streamed')).toBe('hello world');
    // AWS takes small chunks for an error, and its client says what to do about it.
    const small = s3.send(new PutObjectCommand({ Bucket, Key: 'small', Body: Body(), ContentLength: 11 }));
    await expect(small).rejects.toMatchObject({ name: 'InvalidChunkSizeError' });
  });

  test('an object keeps its own Content-Encoding and is not unpacked', async () => {
    const Body = Buffer.from([0x1f, 0x8b, 1, 2, 3]);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'packed', Body, ContentEncoding: 'gzip' }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'packed' }));
    expect(got.ContentEncoding).toBe('gzip');
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Body);
  });

  test.each([1, 300_000, 1_048_576, 5_000_001])('%i bytes come back as they went', async (length) => {
    const Body = Buffer.alloc(length, 'the bytes of an object ');
    await s3.send(new PutObjectCommand({ Bucket, Key: `of-${length}`, Body }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: `of-${length}` }));
    expect(Buffer.compare((await got.Body?.transformToByteArray()) ?? new Uint8Array(0), Body)).toBe(0);
    const Range = `bytes=${Math.floor(length / 3)}-`;
    const part = await s3.send(new GetObjectCommand({ Bucket, Key: `of-${length}`, Range }));
    expect(part.$metadata.httpStatusCode).toBe(206);
    const bytes = (await part.Body?.transformToByteArray()) ?? new Uint8Array(0);
    expect(Buffer.compare(bytes, Body.subarray(Math.floor(length / 3)))).toBe(0);
  });
});

describe('signed chunks', () => {
  /** As AWS's Java client signs them: seed from the request, then each chunk from the one before. */
  function signedRequest(chunks: readonly string[], spoil: (signature: string, index: number) => string) {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
    const headers: Record<string, string> = {
      'content-encoding': 'aws-chunked',
      host,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-date': date,
      'x-amz-decoded-content-length': String(chunks.join('').length),
    };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers)
      .map(([name, value]) => `${name}:${value}\n`)
      .join('');
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const key = ['us-east-1', 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${KEY.secretAccessKey}`, date.slice(0, 8)));
    const canonical = `PUT\n/${Bucket}/signed-chunks\n\n${lines}\n${names}\n${headers['x-amz-content-sha256']}`;
    let previous = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(canonical)}`).toString('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${KEY.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${previous}`;
    let body = '';
    [...chunks, ''].forEach((chunk, index) => {
      const text = `AWS4-HMAC-SHA256-PAYLOAD\n${date}\n${scope}\n${previous}\n${hash('')}\n${hash(chunk)}`;
      previous = hmac(key, text).toString('hex');
      body += `${chunk.length.toString(16)};chunk-signature=${spoil(previous, index)}\r\n${chunk}\r\n`;
    });
    const all = { ...headers, authorization, 'content-length': String(body.length) };
    return ask('PUT', `/${Bucket}/signed-chunks`, { headers: all, body });
  }

  test('are taken when each follows from the one before', async () => {
    const chunks = ['a'.repeat(8192), 'b'.repeat(100)];
    expect((await signedRequest(chunks, (signature) => signature)).status).toBe(200);
    expect(await textOf('signed-chunks')).toBe(chunks.join(''));
  });

  test.each([0, 1, 2])(
    'are refused when chunk %i is not what was signed, and leave the object as it was',
    async (wrong) => {
      const before = await textOf('signed-chunks');
      const answer = await signedRequest(['c'.repeat(8192), 'd'], (signature, index) =>
        index === wrong ? signature.replace(/./g, '0') : signature,
      );
      expect(answer.status).toBe(403);
      expect(answer.body).toContain('<Code>SignatureDoesNotMatch</Code>');
      expect(await textOf('signed-chunks')).toBe(before);
    },
  );
});

describe('refusals', () => {
  test('come before the body: a client that waits is never asked for it', async () => {
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'no-such-bucket', Key: 'a' }));
    const client = await RawClient.connect(Number(new URL(url).port));
    client.send(
      `PUT ${pathOf(url)} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5000000000\r\nExpect: 100-continue\r\n\r\n`,
    );
    const answer = await client.answer();
    expect(answer.status).toBe(404);
    expect(answer.body).toContain('<Code>NoSuchBucket</Code>');
    expect(answer.headers['x-amz-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    client.destroy();
  });

  test('of what is too large or has no length need no body either', async () => {
    const url = pathOf(await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'large' })));
    const client = await RawClient.connect(Number(new URL(server.url).port));
    client.send(`PUT ${url} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5368709121\r\n\r\n`);
    expect((await client.answer()).body).toContain('<Code>EntityTooLarge</Code>');
    client.destroy();
    const other = await RawClient.connect(Number(new URL(server.url).port));
    other.send(`PUT ${url} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(await other.answer()).toMatchObject({ status: 411 });
    other.destroy();
  });

  test('are S3’s own for keys and signatures', async () => {
    const unknown = clientOf({ ...KEY, accessKeyId: 'AKIANOBODY' }).send(new GetObjectCommand({ Bucket, Key: 'a' }));
    await expect(unknown).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    const wrong = clientOf({ ...KEY, secretAccessKey: 'wrong' }).send(new GetObjectCommand({ Bucket, Key: 'a' }));
    await expect(wrong).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    expect(await ask('GET', `/${Bucket}/streamed`)).toMatchObject({ status: 403 });
    expect((await ask('GET', `/${Bucket}/a`, { headers: { authorization: 'AWS a:b' } })).body).toContain(
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  });

  test('a document that is not what was signed is not taken', async () => {
    // The signature is right, for another document: the client's last step sends this one instead.
    const meddled = clientOf(KEY);
    meddled.middlewareStack.add(
      (next) => (args) => {
        const sent = args.request as { body?: unknown; headers: Record<string, string> };
        if (typeof sent.body === 'string') sent.body = sent.body.replace('streamed', 'packed!!');
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const deleting = meddled.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'streamed' }] } }));
    // The SDK sends a CRC32 of its document, too, which is looked at first.
    await expect(deleting).rejects.toMatchObject({ name: 'BadDigest' });
    expect(await keys()).toContain('streamed');
    meddled.destroy();
  });

  test('an upload that its client leaves in the middle leaves nothing', async () => {
    const url = pathOf(await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'left' })));
    const client = await RawClient.connect(Number(new URL(server.url).port));
    client.send(`PUT ${url} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3000000\r\n\r\n`);
    client.send(Buffer.alloc(2_000_000, 'x'));
    client.socket.end();
    expect(await client.answer()).toMatchObject({ status: 400 });
    client.destroy();
    expect(await keys()).not.toContain('left');
  });
});

describe('presigned URLs', () => {
  test('give an object and take one, for their time', async () => {
    const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'pre/signed +ü' }));
    expect((await fetch(put, { method: 'PUT', body: 'by url' })).status).toBe(200);
    const get = await getSignedUrl(
      s3,
      new GetObjectCommand({ Bucket, Key: 'pre/signed +ü', ResponseContentType: 'text/x' }),
    );
    const got = await fetch(get);
    expect([got.headers.get('content-type'), await got.text()]).toEqual(['text/x', 'by url']);
    const long = { signingDate: new Date(Date.now() - 3_600_000), expiresIn: 60 };
    const over = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'pre/signed +ü' }), long));
    expect([over.status, await over.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  test('Expires is given back as it came, a date or not, unless the URL asks for another', async () => {
    const at = { Bucket, Key: 'expires' };
    const put = await getSignedUrl(s3, new PutObjectCommand(at), { expiresIn: 60 });
    const headers = { expires: 'tomorrow, perhaps' };
    expect((await fetch(put, { method: 'PUT', body: 'x', headers })).status).toBe(200);
    const expiresOf = async (input: object) =>
      (await fetch(await getSignedUrl(s3, new GetObjectCommand({ ...at, ...input })))).headers.get('expires');
    expect(await expiresOf({})).toBe('tomorrow, perhaps');
    const ResponseExpires = new Date('2026-12-24T18:00:00Z');
    expect(await expiresOf({ ResponseExpires })).toBe('Thu, 24 Dec 2026 18:00:00 GMT');
  });

  test('carry what belongs to the object as parameters; a checksum of no body yet is left aside', async () => {
    const Key = 'pre/carried';
    const own = { Metadata: { Who: 'me', where: 'ü & so' }, StorageClass: 'STANDARD' as const, Tagging: 'a=b' };
    const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key, ...own, CacheControl: 'no-store' }));
    expect(new URL(put).searchParams.get('x-amz-checksum-crc32')).toBe('AAAAAA==');
    const sent = { method: 'PUT', body: 'by url', headers: { 'cache-control': 'no-store' } };
    expect(await (await fetch(put, sent)).text()).toBe('');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(got).toMatchObject({ Metadata: { who: 'me' }, TagCount: 1, CacheControl: 'no-store', ContentLength: 6 });
    const changed = put.replace('x-amz-meta-who=me', 'x-amz-meta-who=you');
    expect(changed).not.toBe(put);
    expect((await fetch(changed, sent)).status).toBe(403);
    const copy = await getSignedUrl(
      s3,
      new CopyObjectCommand({ Bucket, Key: 'pre/copy', CopySource: `${Bucket}/${Key}` }),
    );
    expect(await (await fetch(copy, { method: 'PUT' })).text()).toContain('CopyObjectResult');
  });

  test('of one object are not for another', async () => {
    const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'streamed' }));
    expect((await fetch(get.replace('streamed', 'packed'))).status).toBe(403);
    expect((await fetch(get, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  /** As `aws s3 presign` and boto3 make them by default. */
  function presignedV2(expires: number, key = 'streamed'): string {
    const text = `GET\n\n\n${expires}\n/${Bucket}/${key}`;
    const signature = createHmac('sha1', KEY.secretAccessKey).update(text).digest('base64');
    const query = new URLSearchParams({
      AWSAccessKeyId: KEY.accessKeyId,
      Signature: signature,
      Expires: String(expires),
    });
    return `/${Bucket}/streamed?${query}`;
  }

  test('of version 2 are taken, for their time', async () => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    expect(await ask('GET', presignedV2(nowSeconds + 60))).toMatchObject({ status: 200, body: 'hello world' });
    expect(await ask('GET', presignedV2(nowSeconds - 60))).toMatchObject({ status: 403 });
    expect((await ask('GET', presignedV2(nowSeconds + 60, 'other'))).body).toContain('SignatureDoesNotMatch');
  });
});

describe('names', () => {
  const NAMES = [
    '../../etc/passwd',
    'a//b',
    '/leading',
    'trailing/',
    '.',
    '..',
    'a b+c%2F',
    'ü/€/😀',
    'x?y&z=1#frag',
    "it's(1)*!",
  ];

  test.each(NAMES)('%s is a key like any other', async (Key) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    expect(await textOf(Key)).toBe(Key);
    expect(await keys()).toContain(Key);
  });

  test('a bucket is named by the host, too', async () => {
    const signed = new URL(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'streamed' })));
    const V = clientOf(KEY, { forcePathStyle: false, endpoint: `http://s3.localhost:${signed.port}` });
    const url = new URL(await getSignedUrl(V, new GetObjectCommand({ Bucket, Key: 'streamed' })));
    expect(url.hostname).toBe(`${Bucket}.s3.localhost`);
    const answer = await ask('GET', `${url.pathname}${url.search}`, { headers: { host: url.host } });
    expect(answer).toMatchObject({ status: 200, body: 'hello world' });
    V.destroy();
  });
});

describe('pages of other origins', () => {
  const origin = 'https://app.example';
  const preflight = (method: string, key = 'streamed') =>
    ask('OPTIONS', `/${Bucket}/${key}`, { headers: { origin, 'access-control-request-method': method } });

  test('are let in by the bucket’s rules alone', async () => {
    expect((await preflight('GET')).body).toContain('CORSResponse: CORS is not enabled for this bucket.');
    await s3.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [
            { AllowedOrigins: [origin], AllowedMethods: ['GET'], AllowedHeaders: ['*'], ExposeHeaders: ['ETag'] },
          ],
        },
      }),
    );
    expect(await preflight('GET')).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } });
    const refused = await preflight('DELETE');
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('<Code>AccessForbidden</Code>')]);
    const url = pathOf(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'streamed' })));
    expect(await ask('GET', url, { headers: { origin } })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'ETag' },
      body: 'hello world',
    });
  });

  test('get no other service by a bucket’s path, and no bucket without rules', async () => {
    const target = { origin, 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0' };
    const headers = { ...target, 'content-length': '2' };
    expect((await ask('POST', `/${Bucket}`, { headers, body: '{}' })).status).toBe(403);
    expect((await ask('GET', `/${Bucket}?Action=ListQueues`, { headers: { origin } })).body).not.toContain(
      'ListQueuesResult',
    );
    expect((await ask('GET', '/other-bucket/a', { headers: { origin } })).status).toBe(403);
  });
});
