// Bucket policies with IAM's own evaluation: other accounts, nobody, conditions, users.

import { beforeEach, describe, expect, test } from 'vitest';
import { type CallOptions, type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { iam } from '#services/iam/service.ts';
import { s3 } from '#services/s3/service.ts';
import { bodyOf } from '#services/s3/testing.ts';
import { sts } from '#services/sts/service.ts';

const OTHER = '111122223333';
const other: CallOptions = { scope: scopeOf(OTHER, 'us-east-1'), principal: rootOf(OTHER) };
const nobody: CallOptions = { principal: { kind: 'anonymous' } };
let cell: TestCell;

beforeEach(async () => {
  cell = await testCell([deliveries, s3, iam, sts], { iamMode: 'enforce' });
  await call('CreateBucket', {});
  await call('PutObject', { Key: 'open/k', Body: bodyOf('open') });
  await call('PutObject', { Key: 'closed/k', Body: bodyOf('closed') });
});

const call = (operation: string, input: object, options?: CallOptions) =>
  cell.call('s3', operation, { Bucket: 'orders', ...input }, options);

async function outcome(operation: string, input: object, options?: CallOptions): Promise<string> {
  const reply = await cell.reply('s3', operation, { Bucket: 'orders', ...input }, options);
  return 'refused' in reply ? `${reply.refused.status} ${reply.refused.code}` : 'done';
}

function policy(...Statement: object[]): Promise<unknown> {
  const statements = Statement.map((each) => ({ Effect: 'Allow', ...each }));
  return call('PutBucketPolicy', { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
}

const openToPublic = () =>
  call('PutPublicAccessBlock', { PublicAccessBlockConfiguration: { BlockPublicPolicy: false } });

describe('without a policy', () => {
  test('the owner may do all, others and nobody nothing', async () => {
    expect(await outcome('GetObject', { Key: 'open/k' })).toBe('done');
    expect(await outcome('GetObject', { Key: 'open/k' }, other)).toBe('403 AccessDenied');
    expect(await outcome('GetObject', { Key: 'open/k' }, nobody)).toBe('403 AccessDenied');
    expect(await outcome('GetObject', { Key: 'never' }, other)).toBe('403 AccessDenied');
    expect(await outcome('PutObject', { Key: 'k', Body: bodyOf('x') }, other)).toBe('403 AccessDenied');
    expect(await outcome('ListObjectsV2', {}, nobody)).toBe('403 AccessDenied');
    expect(await outcome('HeadBucket', {}, other)).toBe('403 AccessDenied');
    expect(await outcome('DeleteBucket', {}, other)).toBe('403 AccessDenied');
  });
});

describe('a policy', () => {
  test('opens a prefix for everybody, once public policies are not blocked', async () => {
    const statement = { Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/open/*' };
    await expect(policy(statement)).rejects.toThrow('BlockPublicPolicy');
    await openToPublic();
    await policy(statement);
    expect(await outcome('GetObject', { Key: 'open/k' }, nobody)).toBe('done');
    expect(await outcome('HeadObject', { Key: 'open/k' }, nobody)).toBe('done');
    const overrides = { Key: 'open/k', ResponseContentType: 'text/html' };
    expect(await outcome('GetObject', overrides, nobody)).toBe('400 InvalidRequest');
    expect(await outcome('GetObject', overrides)).toBe('done');
    expect(await outcome('GetObject', { Key: 'closed/k' }, nobody)).toBe('403 AccessDenied');
    expect(await outcome('GetObject', { Key: 'open/never' }, nobody)).toBe('403 AccessDenied');
    expect(await outcome('DeleteObject', { Key: 'open/k' }, nobody)).toBe('403 AccessDenied');
  });

  test('lets another account list a prefix and read there; a missing key is then told as missing', async () => {
    const Principal = { AWS: `arn:aws:iam::${OTHER}:root` };
    const Condition = { StringLike: { 's3:prefix': 'open/*' } };
    await policy(
      { Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/open/*' },
      { Principal, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::orders', Condition },
    );
    expect(await outcome('ListObjectsV2', { Prefix: 'open/' }, other)).toBe('done');
    expect(await outcome('ListObjectsV2', { Prefix: 'closed/' }, other)).toBe('403 AccessDenied');
    expect(await outcome('ListObjectsV2', {}, other)).toBe('403 AccessDenied');
    expect(await outcome('GetObject', { Key: 'open/k' }, other)).toBe('done');
  });

  test('denies uploads that do not ask for encryption, the owner included', async () => {
    await policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::orders/*',
      Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
    });
    expect(await outcome('PutObject', { Key: 'k', Body: bodyOf('x') })).toBe('403 AccessDenied');
    const encrypted = { Key: 'k', Body: bodyOf('x'), ServerSideEncryption: 'AES256' };
    expect(await outcome('PutObject', encrypted)).toBe('done');
  });

  test('reads by the tags of the object', async () => {
    await call('PutObject', { Key: 'tagged', Body: bodyOf('x'), Tagging: 'share=yes' });
    const Condition = { StringEquals: { 's3:ExistingObjectTag/share': 'yes' } };
    const Principal = { AWS: OTHER };
    await policy({ Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/*', Condition });
    expect(await outcome('GetObject', { Key: 'tagged' }, other)).toBe('done');
    expect(await outcome('GetObject', { Key: 'open/k' }, other)).toBe('403 AccessDenied');
  });

  test('of a copy: the source must be readable, the target writable', async () => {
    const Principal = { AWS: OTHER };
    await cell.call('s3', 'CreateBucket', { Bucket: 'theirs' }, other);
    const copy = { Bucket: 'theirs', Key: 'k', CopySource: 'orders/open/k' };
    expect(await outcome('CopyObject', copy, other)).toBe('403 AccessDenied');
    await policy({ Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/open/*' });
    expect(await outcome('CopyObject', copy, other)).toBe('done');
    expect(await outcome('CopyObject', { ...copy, Bucket: 'orders' }, other)).toBe('403 AccessDenied');
  });
});
