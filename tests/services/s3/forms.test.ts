// Forms that pages post to a bucket, against a whole server with strict signatures.

import { createHmac, randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/testing.ts';

const credentials = {
  accessKeyId: 'AKIAS3FORMTESTS00001',
  secretAccessKey: 'secretOfTheFormTestsSecretOfTheFormTests',
};
const Bucket = 'form-tests';
const SCOPE = `${new Date().toISOString().slice(0, 10).replaceAll('-', '')}/us-east-1/s3/aws4_request`;
const FILE_NAME = ['$', '{filename}'].join('');
let server: TestServer;
let s3: S3Client;

beforeAll(async () => {
  server = await startTestServer(['--auth', 'strict', '--iam', 'enforce'], {
    EDDY_ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
    EDDY_ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 1 });
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  expect(server.problems).toEqual([]);
  await server.close();
});

interface Made {
  readonly fields: Record<string, string>;
  readonly conditions?: readonly unknown[];
  readonly lifeMs?: number;
}

/** As SDKs make them: each field is a condition. */
function signed({ fields, conditions = [], lifeMs = 60_000 }: Made): Record<string, string> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const own = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${credentials.accessKeyId}/${SCOPE}`,
    'x-amz-date': date,
  };
  const all = { ...fields, ...own };
  const named = Object.entries(all)
    .filter(([name]) => !conditions.some((each) => JSON.stringify(each).includes(`$${name}"`)))
    .map(([name, value]) => ({ [name]: value }));
  const expiration = new Date(Date.now() + lifeMs).toISOString();
  const document = { expiration, conditions: [{ bucket: Bucket }, ...named, ...conditions] };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  let key: Buffer | string = `AWS4${credentials.secretAccessKey}`;
  for (const part of SCOPE.split('/')) key = createHmac('sha256', key).update(part).digest();
  return { ...all, policy, 'x-amz-signature': createHmac('sha256', key).update(policy).digest('hex') };
}

function post(fields: Record<string, string>, file: string | Buffer, headers: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([file]), 'dir/photo ü.jpg');
  form.append('submit', 'ignored: it stands behind the file');
  return fetch(`${server.url}/${Bucket}`, { method: 'POST', body: form, headers, redirect: 'manual' });
}

const textOf = async (Key: string) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

describe('a form', () => {
  test('becomes an object with its type, metadata and tags, under the name of its file', async () => {
    const tagging = '<Tagging><TagSet><Tag><Key>team</Key><Value>red + blue</Value></Tag></TagSet></Tagging>';
    const fields = { 'Content-Type': 'image/jpeg', 'x-amz-meta-who': 'me', tagging, success_action_status: '201' };
    const conditions = [['starts-with', '$key', 'up/']];
    const answer = await post({ key: `up/${FILE_NAME}`, ...signed({ fields, conditions }) }, 'a\r\n--photo');
    const body = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'application/xml']);
    expect(body).toContain(`<Bucket>${Bucket}</Bucket><Key>up/photo ü.jpg</Key><ETag>&quot;`);
    expect(answer.headers.get('location')).toBe(`${server.url}/${Bucket}/up%2Fphoto%20%C3%BC.jpg`);
    const Key = 'up/photo ü.jpg';
    expect(await textOf(Key)).toBe('a\r\n--photo');
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ContentType: 'image/jpeg',
      Metadata: { who: 'me' },
      TagCount: 1,
    });
    const tags = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
    expect(tags.TagSet).toEqual([{ Key: 'team', Value: 'red + blue' }]);
  });

  test('of many megabytes streams through, and one of none is an empty object', async () => {
    const bytes = randomBytes(7 * 1024 * 1024);
    expect((await post(signed({ fields: { key: 'big' } }), bytes)).status).toBe(204);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect((await post(signed({ fields: { key: 'none' } }), '')).status).toBe(204);
    expect(await textOf('none')).toBe('');
  });

  test('leads on to the page that it names', async () => {
    const fields = { key: 'led on', success_action_redirect: 'https://example.com/done?from=form' };
    const answer = await post(signed({ fields }), 'x');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      `https://example.com/done?from=form&bucket=${Bucket}&key=led+on&etag=%229dd4e461268c8034f5c8564e155c67a6%22`,
    );
  });

  test('may be signed in version 2', async () => {
    const document = { expiration: new Date(Date.now() + 60_000).toISOString(), conditions: [{ key: 'v2' }] };
    const policy = Buffer.from(JSON.stringify(document)).toString('base64');
    const signature = createHmac('sha1', credentials.secretAccessKey).update(policy).digest('base64');
    const fields = { key: 'v2', AWSAccessKeyId: credentials.accessKeyId, policy };
    expect((await post({ ...fields, signature }, 'x')).status).toBe(204);
    expect((await post({ ...fields, signature: 'AAAA' }, 'x')).status).toBe(403);
  });

  test('from a page of another origin is let in by the bucket’s rules', async () => {
    const CORSRules = [{ AllowedMethods: ['POST'], AllowedOrigins: ['https://shop.example'], ExposeHeaders: ['ETag'] }];
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    const answer = await post(signed({ fields: { key: 'cors' } }), 'x', { origin: 'https://shop.example' });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, 'https://shop.example']);
    const other = await post(signed({ fields: { key: 'cors' } }), 'x', { origin: 'https://other.example' });
    expect(other.status).toBe(403);
  });
});

describe('a form is refused', () => {
  const small = [['content-length-range', 3, 5]];

  test.each<[string, Record<string, string>, string, string]>([
    ['too long', signed({ fields: { key: 'no' }, conditions: small }), '123456', '400 EntityTooLarge'],
    ['too short', signed({ fields: { key: 'no' }, conditions: small }), '12', '400 EntityTooSmall'],
    ['too late', signed({ fields: { key: 'no' }, lifeMs: -1_000 }), 'x', '403 AccessDenied'],
    ['with another key', { ...signed({ fields: { key: 'other' } }), key: 'no' }, 'x', '403 AccessDenied'],
    ['with more fields', { ...signed({ fields: { key: 'no' } }), 'x-amz-meta-a': 'b' }, 'x', '403 AccessDenied'],
    ['unsigned', { key: 'no' }, 'x', '403 AccessDenied'],
    ['half signed', { key: 'no', policy: 'e30=', 'x-amz-date': 'x' }, 'x', '400 InvalidArgument'],
    [
      'with another policy',
      { ...signed({ fields: { key: 'no' } }), policy: Buffer.from('{}').toString('base64') },
      'x',
      '403 SignatureDoesNotMatch',
    ],
    ['without a key', signed({ fields: {} }), 'x', '400 InvalidArgument'],
    [
      'with bytes that its digest does not know',
      signed({ fields: { key: 'no', 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' } }),
      'x',
      '400 BadDigest',
    ],
    [
      'with a public ACL',
      signed({ fields: { key: 'no', acl: 'public-read' } }),
      'x',
      '400 AccessControlListNotSupported',
    ],
  ])('%s', async (_how, fields, file, expected) => {
    const answer = await post(fields, file);
    const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1];
    expect(`${answer.status} ${code}`).toBe(expected);
    await expect(textOf('no')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

test('a policy of the bucket may let everybody post, or keep forms out', async () => {
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const put = (statement: object) => {
    const Statement = [{ Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*`, ...statement }];
    return s3.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );
  };
  await put({ Effect: 'Allow' });
  expect((await post({ key: 'from nobody' }, 'x')).status).toBe(204);
  await put({ Effect: 'Deny', Condition: { StringEquals: { 's3:authType': 'POST' } } });
  expect((await post(signed({ fields: { key: 'k' } }), 'x')).status).toBe(403);
});
