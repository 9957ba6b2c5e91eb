// Policies that ask how a request was signed, against a whole server: headers and URLs, versions, ages, unsigned payloads.

import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/testing.ts';

const credentials = {
  accessKeyId: 'AKIAS3SIGNEDTESTS001',
  secretAccessKey: 'secretOfTheSignedTestsSecretOfTheSignedT',
};
const Bucket = 'signed-tests';
let server: TestServer;
let s3: S3Client;

beforeAll(async () => {
  server = await startTestServer(['--auth', 'strict', '--iam', 'enforce'], {
    EDDY_ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
    EDDY_ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 1 });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'bytes' }));
});

afterAll(async () => {
  s3.destroy();
  await server.close();
});

async function deny(condition: object): Promise<void> {
  const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
  const statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource, Condition: condition };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
}

const bySignature = () =>
  s3.send(new GetObjectCommand({ Bucket, Key: 'k' })).then(
    () => 200,
    (error) => error.$metadata.httpStatusCode,
  );
async function byUrl(options: object = {}): Promise<number> {
  return (await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'k' }), options))).status;
}

// AWS: S3 API reference, "Amazon S3 Signature Version 4 Authentication Specific Policy Keys".
test('presigned URLs can be denied, and those that are too old', async () => {
  await deny({ StringEquals: { 's3:authType': 'REST-QUERY-STRING' } });
  expect([await bySignature(), await byUrl()]).toEqual([200, 403]);
  await deny({ StringNotEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } });
  expect([await bySignature(), await byUrl()]).toEqual([200, 200]);
  await deny({ NumericGreaterThan: { 's3:signatureAge': '600000' } });
  const old = { signingDate: new Date(Date.now() - 11 * 60_000), expiresIn: 3_600 };
  expect([await bySignature(), await byUrl(), await byUrl(old)]).toEqual([200, 200, 403]);
});

test('a policy that denies all that is not encrypted on its way leaves the root a way back', async () => {
  await deny({ Bool: { 'aws:SecureTransport': 'false' } });
  expect([await bySignature(), await byUrl()]).toEqual([403, 403]);
  await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
  expect([await bySignature(), await byUrl()]).toEqual([200, 200]);
});
