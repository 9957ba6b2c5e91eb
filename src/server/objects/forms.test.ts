// Browsers' forms against a whole server, as a page posts them (fetch and FormData).

import { createHash, createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing.ts';

const KEY = { accessKeyId: 'AKIAFORMS00000000001', secretAccessKey: 'secretOfTheFormTestsSecretOfTheFormTests' };
const STRICT = { EDDY_ROOT_ACCESS_KEY_ID: KEY.accessKeyId, EDDY_ROOT_SECRET_ACCESS_KEY: KEY.secretAccessKey };
const Bucket = 'photos';
let server: TestServer;
let s3: S3Client;

async function start(args: readonly string[] = []): Promise<[TestServer, S3Client]> {
  const started = await startTestServer(args, STRICT);
  const client = new S3Client({
    endpoint: started.url,
    region: 'us-east-1',
    credentials: KEY,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  await client.send(new CreateBucketCommand({ Bucket }));
  return [started, client];
}

beforeAll(async () => {
  [server, s3] = await start(['--auth', 'strict']);
});

afterAll(async () => {
  s3.destroy();
  expect(server.problems).toEqual([]);
  await server.close();
});

type Fields = Readonly<Record<string, string>>;
const DAY = new Date().toISOString().slice(0, 10).replaceAll('-', '');
const CREDENTIAL = `${KEY.accessKeyId}/${DAY}/us-east-1/s3/aws4_request`;
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function policyOf(conditions: readonly unknown[], expiresInMs = 60_000): string {
  const expiration = new Date(Date.now() + expiresInMs).toISOString();
  return Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64');
}

function signatureOf(policy: string): string {
  const dateKey = hmac(`AWS4${KEY.secretAccessKey}`, DAY);
  const signingKey = hmac(hmac(hmac(dateKey, 'us-east-1'), 's3'), 'aws4_request');
  return hmac(signingKey, policy).toString('hex');
}

/** Signed in version 4, every field named by a condition. */
function signed(fields: Fields, conditions: readonly unknown[] = [], expiresInMs?: number): Fields {
  const all = {
    ...fields,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': CREDENTIAL,
    'x-amz-date': `${DAY}T000000Z`,
  };
  const named = Object.entries(all).filter(([name]) => !name.startsWith('x-ignore-'));
  const exact = named.map(([name, value]) =>
    name === 'key' ? ['starts-with', '$key', value.split('$')[0]] : { [name]: value },
  );
  const policy = policyOf([{ bucket: Bucket }, ...exact, ...conditions], expiresInMs);
  return { ...all, policy, 'x-amz-signature': signatureOf(policy) };
}

function formOf(fields: Fields, file: string | Uint8Array | null = 'hello world', name = 'cat.jpg'): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  if (file !== null) form.append('file', new Blob([file as Uint8Array<ArrayBuffer> | string]), name);
  return form;
}

async function post(form: FormData, to: TestServer = server, headers: Fields = {}) {
  const answer = await fetch(`${to.url}/${Bucket}`, { method: 'POST', body: form, redirect: 'manual', headers });
  const body = await answer.text();
  const code = /<Code>(.*)<\/Code>/.exec(body)?.[1];
  const message = /<Message>(.*)<\/Message>/.exec(body)?.[1]?.replaceAll('&quot;', '"');
  return { status: answer.status, code, message, body, headers: answer.headers };
}

const refusalOf = async (form: FormData) => {
  const { status, code } = await post(form);
  return `${status} ${code}`;
};

async function got(Key: string, client: S3Client = s3) {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key }));
  return { ...answer, text: (await answer.Body?.transformToString()) ?? '' };
}

const md5 = (text: string | Uint8Array): string => createHash('md5').update(text).digest('hex');

describe('a form in strict mode', () => {
  it('becomes an object with the headers, metadata and tags of its fields', async () => {
    const fields = {
      key: `user/1/${['$', '{filename}'].join('')}`,
      'Content-Type': 'image/jpeg',
      'Cache-Control': 'max-age=60',
      'Content-Disposition': 'attachment; filename="Katze ü.jpg"',
      'x-amz-meta-Uuid': '14365123651274',
      acl: 'bucket-owner-full-control',
      'x-amz-storage-class': 'STANDARD',
      'x-amz-server-side-encryption': 'AES256',
      tagging: '<Tagging><TagSet><Tag><Key>shop</Key><Value>a &amp; b</Value></Tag></TagSet></Tagging>'.replace(
        ' &amp; ',
        '+',
      ),
    };
    const { status, headers, body } = await post(formOf(signed(fields)));
    expect([status, body]).toEqual([204, '']);
    expect(headers.get('etag')).toBe(`"${md5('hello world')}"`);
    expect(headers.get('location')).toBe(`${server.url}/${Bucket}/user%2F1%2Fcat.jpg`);
    expect(headers.get('x-amz-checksum-crc64nvme')).toBe('jSnVw/bqjr4=');
    const object = await got('user/1/cat.jpg');
    expect(object.text).toBe('hello world');
    expect([object.ContentType, object.CacheControl, object.Metadata, object.ServerSideEncryption]).toEqual([
      'image/jpeg',
      'max-age=60',
      { uuid: '14365123651274' },
      'AES256',
    ]);
    expect(Buffer.from(object.ContentDisposition ?? '', 'latin1').toString()).toBe(
      'attachment; filename="Katze ü.jpg"',
    );
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'user/1/cat.jpg' }));
    expect(TagSet).toEqual([{ Key: 'shop', Value: 'a+b' }]);
  });

  it('is answered as it asks: 200, 201 with a document, or by sending the browser on', async () => {
    const plain = await post(formOf(signed({ key: 'a', success_action_status: '200' })));
    expect([plain.status, plain.body]).toEqual([200, '']);
    const odd = await post(formOf(signed({ key: 'a', success_action_status: '404' })));
    expect([odd.status, odd.body]).toEqual([204, '']);
    const eTag = md5('hello world');
    const created = await post(formOf(signed({ key: 'a/ü & <b>', success_action_status: '201' })));
    expect([created.status, created.headers.get('content-type')]).toEqual([201, 'application/xml']);
    expect(created.body).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>${server.url}/photos/a%2F%C3%BC%20%26%20%3Cb%3E</Location>` +
        `<Bucket>photos</Bucket><Key>a/ü &amp; &lt;b&gt;</Key><ETag>&quot;${eTag}&quot;</ETag></PostResponse>`,
    );
    const redirect = {
      key: 'a b/c',
      success_action_redirect: 'http://shop.localhost/done?x=1',
      success_action_status: '201',
    };
    const sent = await post(formOf(signed(redirect)));
    expect([sent.status, sent.body]).toEqual([303, '']);
    expect(sent.headers.get('location')).toBe(
      `http://shop.localhost/done?x=1&bucket=photos&key=a+b%2Fc&etag=%22${eTag}%22`,
    );
    const relative = await post(formOf(signed({ key: 'a', redirect: '/relative' })));
    expect(relative.status).toBe(204);
  });

  it('streams files of any length, and keeps their checksums', async () => {
    const large = Buffer.alloc(5_000_000, 'some bytes\r\n--no boundary');
    expect((await post(formOf(signed({ key: 'large' }), large))).status).toBe(204);
    const { text, ContentLength } = await got('large');
    expect([ContentLength, md5(text)]).toEqual([5_000_000, md5(large)]);
    expect((await post(formOf(signed({ key: 'empty' }), ''))).status).toBe(204);
    expect((await got('empty')).text).toBe('');
    const sum = createHash('sha256').update('hello world').digest('base64');
    expect((await post(formOf(signed({ key: 'sum', 'x-amz-checksum-sha256': sum })))).status).toBe(204);
    expect(await refusalOf(formOf(signed({ key: 'no', 'x-amz-checksum-sha256': sum }), 'other'))).toBe('400 BadDigest');
  });

  it('is taken as the SDK for JavaScript makes it: names in capitals, the bucket among them', async () => {
    const fields = {
      bucket: Bucket,
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': CREDENTIAL,
      'X-Amz-Date': `${DAY}T000000Z`,
      key: 'javascript',
    };
    const Policy = policyOf(Object.entries(fields).map(([name, value]) => ({ [name]: value })));
    expect((await post(formOf({ ...fields, Policy, 'X-Amz-Signature': signatureOf(Policy) }))).status).toBe(204);
    expect((await got('javascript')).text).toBe('hello world');
  });

  it('is taken with a signature of version 2, too', async () => {
    const policy = policyOf([{ bucket: Bucket }, ['starts-with', '$key', '']]);
    const signature = createHmac('sha1', KEY.secretAccessKey).update(policy).digest('base64');
    const fields = { key: 'v2', AWSAccessKeyId: KEY.accessKeyId, policy, signature };
    expect((await post(formOf(fields))).status).toBe(204);
    expect(await refusalOf(formOf({ ...fields, signature: 'x' }))).toBe('403 SignatureDoesNotMatch');
    expect(await refusalOf(formOf({ ...fields, AWSAccessKeyId: 'AKIANOBODY' }))).toBe('403 InvalidAccessKeyId');
  });

  it('is held to the length that its policy allows', async () => {
    const range = [['content-length-range', 5, 10]];
    const long = await post(formOf(signed({ key: 'long' }, range), '123456789012'));
    expect([long.status, long.code]).toEqual([400, 'EntityTooLarge']);
    expect(long.body).toContain('<ProposedSize>12</ProposedSize><MaxSizeAllowed>10</MaxSizeAllowed>');
    const short = await post(formOf(signed({ key: 'short' }, range), '1'));
    expect([short.status, short.code]).toEqual([400, 'EntityTooSmall']);
    expect(short.body).toContain('<ProposedSize>1</ProposedSize><MinSizeAllowed>5</MinSizeAllowed>');
    for (const file of ['12345', '1234567890']) {
      expect((await post(formOf(signed({ key: 'right' }, range), file))).status).toBe(204);
    }
    await expect(got('long')).rejects.toThrow();
  });

  it.each([
    ['without a signature', () => formOf({ key: 'a' }), '403 AccessDenied'],
    ['with a policy that nobody signed', () => formOf({ key: 'a', policy: policyOf([]) }), '403 AccessDenied'],
    ['without a key', () => formOf(signed({})), '400 InvalidArgument'],
    ['without a file', () => formOf(signed({ key: 'a' }), null), '400 InvalidArgument'],
    [
      'whose policy was changed',
      () => formOf({ ...signed({ key: 'a' }), policy: 'e30=' }),
      '403 SignatureDoesNotMatch',
    ],
    ['whose date is missing', () => formOf(without(signed({ key: 'a' }), 'x-amz-date')), '400 InvalidArgument'],
    ['that is too late', () => formOf(signed({ key: 'a' }, [], -1_000)), '403 AccessDenied'],
    [
      'that says more than its policy',
      () => formOf({ ...signed({ key: 'a' }), 'x-amz-meta-a': 'b' }),
      '403 AccessDenied',
    ],
    ['for another key', () => formOf({ ...signed({ key: 'mine/' }), key: 'yours' }), '403 AccessDenied'],
    [
      'with a storage class that is none',
      () => formOf(signed({ key: 'a', 'x-amz-storage-class': 'Fake' })),
      '400 InvalidStorageClass',
    ],
    [
      'with an ACL for everybody',
      () => formOf(signed({ key: 'a', acl: 'public-read' })),
      '400 AccessControlListNotSupported',
    ],
    [
      'with another MD5',
      () => formOf(signed({ key: 'a', 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' })),
      '400 BadDigest',
    ],
    [
      'with half a checksum',
      () => formOf(signed({ key: 'a', 'x-amz-checksum-algorithm': 'SHA256' })),
      '400 InvalidRequest',
    ],
    [
      'with a key of KMS',
      () => formOf(signed({ key: 'a', 'x-amz-server-side-encryption': 'aws:kms' })),
      '501 NotImplemented',
    ],
    ['with tags that are no XML', () => formOf(signed({ key: 'a', tagging: 'no' })), '400 MalformedXML'],
    [
      'with a line break where a header will be',
      () => formOf(signed({ key: 'a', 'Cache-Control': 'a\r\nb: c' })),
      '400 InvalidArgument',
    ],
  ])('is refused %s', async (_what, form, expected) => {
    expect(await refusalOf(form())).toBe(expected);
  });

  it('is refused with its reason however large its file is', async () => {
    for (const bytes of [200_000, 8_000_000]) {
      const form = formOf({ ...signed({ key: 'a' }), key: 'b' }, Buffer.alloc(bytes));
      expect(await refusalOf(form)).toBe('403 AccessDenied');
      const long = formOf(signed({ key: 'a' }, [['content-length-range', 0, 1_000]]), Buffer.alloc(bytes));
      expect((await post(long)).body).toContain(`<ProposedSize>${bytes}</ProposedSize>`);
    }
  });

  it('may carry fields that are to be ignored, and none that its head contradicts', async () => {
    expect((await post(formOf(signed({ key: 'a', 'x-ignore-this': 'b' })))).status).toBe(204);
    expect((await post(formOf(signed({ key: 'a' })), server, { authorization: 'AWS4-HMAC-SHA256 x' })).status).toBe(
      400,
    );
  });

  it('is refused before its file where the bucket is missing', async () => {
    const form = formOf(signed({ key: 'a' }));
    const answer = await fetch(`${server.url}/elsewhere`, { method: 'POST', body: form });
    // The policy names another bucket.
    expect([
      answer.status,
      (await answer.text()).includes('Policy Condition failed: [&quot;eq&quot;, &quot;$bucket&quot;'),
    ]).toEqual([403, true]);
  });
});

/** fetch does not let a test choose the host. The form as a plain client writes it. */
function raw(to: TestServer, { host, path }: { host: string; path: string }, key: string): Promise<IncomingMessage> {
  const body = `--b\r\nContent-Disposition: form-data; name=key\r\n\r\n${key}\r\n--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nbar\r\n--b--`;
  const { hostname, port } = new URL(to.url);
  const headers = { host, 'content-type': 'multipart/form-data; boundary="b"', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: 'POST', headers }, (answer) => resolve(answer.resume()));
    sent.on('error', reject);
    sent.end(body);
  });
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));
}

describe('where permissions are enforced', () => {
  it('a form needs the permission to put its key, and a bucket may give it to everybody', async () => {
    const [enforcing, client] = await start(['--iam', 'enforce']);
    const answer = async (fields: Fields): Promise<string> => {
      const { status, code } = await post(formOf(fields), enforcing);
      return `${status} ${code ?? ''}`.trim();
    };
    expect(await answer({ key: 'in/a' })).toBe('403 AccessDenied');
    expect(await answer(signed({ key: 'in/a' }))).toBe('204');
    expect(await answer({ ...signed({ key: 'in/a' }), 'x-amz-signature': 'wrong' })).toBe('403 SignatureDoesNotMatch');
    const access = {
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
    };
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: access }));
    const Resource = `arn:aws:s3:::${Bucket}/in/*`;
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource }];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect(await answer({ key: 'in/b' })).toBe('204');
    expect(await answer({ key: 'elsewhere' })).toBe('403 AccessDenied');
    const tagging = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>';
    expect(await answer({ key: 'in/c', tagging })).toBe('403 AccessDenied');
    client.destroy();
    await enforcing.close();
  });
});

describe('a form in relaxed mode', () => {
  it('needs no signature and takes any, but its policy holds', async () => {
    const [relaxed, client] = await start(['--allowed-origins', 'http://shop.localhost']);
    expect((await post(formOf({ key: 'plain' }), relaxed)).status).toBe(204);
    expect((await got('plain', client)).text).toBe('hello world');
    const foreign = { ...signed({ key: 'foreign' }), 'x-amz-signature': 'wrong' };
    expect((await post(formOf(foreign), relaxed)).status).toBe(204);
    expect(relaxed.problems).toEqual([
      `with strict authentication a request of ${KEY.accessKeyId} would have been refused: SignatureDoesNotMatch`,
    ]);
    const late = await post(formOf({ key: 'late', policy: policyOf([], -1_000) }), relaxed);
    expect([late.status, late.message]).toEqual([403, 'Invalid according to Policy: Policy expired.']);
    const origin = { origin: 'http://shop.localhost' };
    expect((await post(formOf({ key: 'page' }), relaxed, origin)).headers.get('access-control-allow-origin')).toBe(
      'http://shop.localhost',
    );
    const hosted = await raw(relaxed, { host: 'photos.s3.localhost', path: '/' }, 'hosted');
    expect([hosted.statusCode, hosted.headers.location]).toEqual([204, 'http://photos.s3.localhost/hosted']);
    expect((await got('hosted', client)).text).toBe('bar');
    client.destroy();
    await relaxed.close();
  });
});
