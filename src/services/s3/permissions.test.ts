import { beforeEach, describe, expect, test } from 'vitest';
import { defineService } from '#cell/service-definition.ts';
import type { CallOptions } from '#cell/testing.ts';
import { TestIam } from '#cell/testing.ts';
import { scopeOf } from '#model/scope.ts';
import { bodyOf, type S3Cell, s3Cell } from './testing.ts';

// What S3 asks IAM.
let iam: TestIam;
let s3: S3Cell;

beforeEach(async () => {
  iam = new TestIam();
  s3 = await s3Cell({ others: [iam.definition], iamMode: 'enforce' });
});

const questions = (): string[] => iam.takeAsked().map(({ action, resource }) => `${action} ${resource}`);

describe('IAM is asked', () => {
  test('about objects by their ARN, about versions by actions of their own', async () => {
    questions();
    await s3.put('a/b');
    await s3.call('GetObject', { Key: 'a/b' });
    await s3.call('HeadObject', { Key: 'a/b', VersionId: 'null' });
    await s3.call('GetObjectTagging', { Key: 'a/b' });
    await s3.call('DeleteObject', { Key: 'a/b' });
    await s3.call('DeleteObject', { Key: 'a/b', VersionId: 'null' });
    await s3.call('ListObjectsV2', {});
    await s3.call('ListBuckets', {});
    expect(questions()).toEqual([
      's3:PutObject arn:aws:s3:::orders/a/b',
      's3:GetObject arn:aws:s3:::orders/a/b',
      's3:GetObjectVersion arn:aws:s3:::orders/a/b',
      's3:GetObjectTagging arn:aws:s3:::orders/a/b',
      's3:DeleteObject arn:aws:s3:::orders/a/b',
      's3:DeleteObjectVersion arn:aws:s3:::orders/a/b',
      's3:ListBucket arn:aws:s3:::orders',
      's3:ListAllMyBuckets *',
    ]);
  });

  test('with the keys of conditions that the request brings', async () => {
    await s3.put('k', 'x', { Tagging: 'team=red', ServerSideEncryption: 'AES256' });
    expect(iam.asked.at(-1)?.context).toEqual({
      's3:ResourceAccount': '000000000000',
      's3:ObjectCreationOperation': 'true',
      's3:x-amz-server-side-encryption': 'AES256',
      's3:RequestObjectTagKeys': ['team'],
      's3:RequestObjectTag/team': 'red',
    });
    await s3.call('GetObject', { Key: 'k' });
    expect(iam.asked.at(-1)?.context).toEqual({
      's3:ResourceAccount': '000000000000',
      's3:ExistingObjectTag/team': 'red',
    });
    await s3.call('ListObjectsV2', { Prefix: 'home/', Delimiter: '/', MaxKeys: 3 });
    expect(iam.asked.at(-1)?.context).toEqual({
      's3:ResourceAccount': '000000000000',
      's3:prefix': 'home/',
      's3:delimiter': '/',
      's3:max-keys': '3',
    });
  });

  // AWS: S3 user guide, "Enforce conditional writes on Amazon S3 buckets".
  test('whether the write makes an object, which parts of an upload do not', async () => {
    await s3.put('from');
    const asked = () =>
      iam.asked.filter(({ action }) => action === 's3:PutObject').at(-1)?.context?.['s3:ObjectCreationOperation'];
    const { UploadId } = await s3.call<{ UploadId: string }>('CreateMultipartUpload', { Key: 'm' });
    expect(asked()).toBe('false');
    const part = { Key: 'm', UploadId, PartNumber: 1 };
    const { ETag } = await s3.call<{ ETag: string }>('UploadPart', { ...part, Body: bodyOf('x') });
    expect(asked()).toBe('false');
    await s3.call('CompleteMultipartUpload', { ...part, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
    expect(asked()).toBe('true');
    await s3.call('CopyObject', { Key: 'to', CopySource: 'orders/from' });
    expect(asked()).toBe('true');
  });

  test('about source and target of a copy, and about the tags that come along', async () => {
    await s3.put('from', 'x', { Tagging: 'a=b' });
    questions();
    await s3.call('CopyObject', { Key: 'to', CopySource: 'orders/from' });
    expect(questions()).toEqual([
      's3:GetObject arn:aws:s3:::orders/from',
      's3:PutObject arn:aws:s3:::orders/to',
      's3:PutObjectTagging arn:aws:s3:::orders/to',
      's3:GetObjectTagging arn:aws:s3:::orders/from',
    ]);
    await s3.call('CopyObject', { Key: 'to', CopySource: 'orders/from', TaggingDirective: 'REPLACE' });
    expect(questions()).toEqual(['s3:GetObject arn:aws:s3:::orders/from', 's3:PutObject arn:aws:s3:::orders/to']);
  });

  test.each([
    ['PutObject', { Tagging: 'a=b' }, 's3:PutObjectTagging'],
    ['PutObject', { ACL: 'bucket-owner-full-control' }, 's3:PutObjectAcl'],
    ['CreateMultipartUpload', { Tagging: 'a=b' }, 's3:PutObjectTagging'],
    ['CopyObject', { CopySource: 'orders/from', TaggingDirective: 'REPLACE', Tagging: 'a=b' }, 's3:PutObjectTagging'],
  ])('for %s with %j also about %s', async (operation, rest, action) => {
    await s3.put('from');
    iam.isForbidden = (asked) => asked === action;
    const Body = operation === 'PutObject' ? bodyOf('x') : undefined;
    const input = { Key: 'to', ...(Body === undefined ? {} : { Body }) };
    expect(await s3.refusal(operation, { ...input, ...rest })).toBe('403 AccessDenied');
    iam.isForbidden = () => false;
    expect(await s3.refusal(operation, { ...input, ...rest })).toBe('not refused');
  });

  test('about each of many deletes: one that is denied does not keep the others', async () => {
    await s3.put('a');
    iam.isForbidden = (asked) => asked === 's3:DeleteObjectVersion';
    const Objects = [{ Key: 'a' }, { Key: 'b', VersionId: 'null' }];
    expect(await s3.call('DeleteObjects', { Delete: { Objects } })).toEqual({
      Deleted: [{ Key: 'a' }],
      Errors: [{ Key: 'b', VersionId: 'null', Code: 'AccessDenied', Message: 'not allowed' }],
    });
  });
});

test('who may not list does not learn that a key is missing', async () => {
  expect(await s3.refusal('GetObject', { Key: 'never' })).toBe('404 NoSuchKey');
  iam.isForbidden = (asked) => asked === 's3:ListBucket';
  expect(await s3.refusal('GetObject', { Key: 'never' })).toBe('403 AccessDenied');
  expect(await s3.refusal('HeadObject', { Key: 'never' })).toBe('403 AccessDenied');
  expect(await s3.refusal('CopyObject', { Key: 'to', CopySource: 'orders/never' })).toBe('403 AccessDenied');
});

describe('buckets of other accounts', () => {
  const other: CallOptions = { scope: scopeOf('111122223333', 'us-east-1') };

  test('have their names to themselves', async () => {
    expect(await s3.refusal('CreateBucket', {}, other)).toBe('409 BucketAlreadyExists');
    expect(await s3.refusal('CreateBucket', {})).toBe('not refused');
    const elsewhere = { scope: scopeOf('000000000000', 'eu-west-1') };
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' };
    expect(await s3.refusal('CreateBucket', { CreateBucketConfiguration }, elsewhere)).toBe(
      '409 BucketAlreadyOwnedByYou',
    );
    expect(await s3.call('ListBuckets', {}, other)).toMatchObject({ Buckets: [] });
  });

  test('are asked for with their policy, which counts for their own account alone when it is public and restricted', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/*' }],
    });
    await s3.put('k');
    const block = (changes: object) =>
      s3.call('PutPublicAccessBlock', { PublicAccessBlockConfiguration: { BlockPublicPolicy: false, ...changes } });
    expect(await s3.refusal('PutBucketPolicy', { Policy })).toBe('403 AccessDenied');
    await block({});
    await s3.call('PutBucketPolicy', { Policy });
    expect(await s3.call('GetBucketPolicyStatus', {})).toEqual({ PolicyStatus: { IsPublic: true } });
    await s3.call('GetObject', { Key: 'k' }, { principal: { kind: 'anonymous' } });
    expect(iam.asked.at(-1)).toMatchObject({ resourceAccount: '000000000000', resourcePolicy: Policy });
    await block({ RestrictPublicBuckets: true });
    await s3.call('GetObject', { Key: 'k' }, other);
    expect(iam.asked.at(-1)?.resourcePolicy).toBeUndefined();
    await s3.call('GetObject', { Key: 'k' });
    expect(iam.asked.at(-1)?.resourcePolicy).toBe(Policy);
  });
});

describe("a bucket's policy", () => {
  const policyOf = (condition: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::orders', 'arn:aws:s3:::orders/*'],
          Condition: condition,
        },
      ],
    });

  // AWS, PutBucketPolicy: else a policy that denies what is not encrypted on its way would lock a bucket for ever.
  test('never keeps the root of its own account from the policy itself', async () => {
    await s3.call('PutBucketPolicy', { Policy: policyOf({ Bool: { 'aws:SecureTransport': 'false' } }) });
    const askedOf = async (operation: string, options?: CallOptions) => {
      await s3.refusal(operation, {}, options);
      return iam.asked.at(-1)?.resourcePolicy;
    };
    const user = { kind: 'user', account: '000000000000', userId: 'AIDA', arn: 'arn:aws:iam::000000000000:user/u' };
    expect(await askedOf('GetBucketPolicy', { principal: user as never })).toBeDefined();
    expect(await askedOf('ListObjectsV2')).toBeDefined();
    expect(await askedOf('GetBucketPolicy')).toBeUndefined();
    expect(await askedOf('DeleteBucketPolicy')).toBeUndefined();
  });

  test('asks for condition keys that there are', async () => {
    const refusal = (condition: object) => s3.refusal('PutBucketPolicy', { Policy: policyOf(condition) });
    expect(await refusal({ StringEquals: { 's3:nonsense': 'x' } })).toBe('400 MalformedPolicy');
    expect(await refusal({ StringEquals: { 's3:ExistingObjectTag/': 'x' } })).toBe('400 MalformedPolicy');
    expect(await refusal({ StringEquals: { 's3:ExistingObjectTag/team': 'x' } })).toBe('not refused');
    expect(await refusal({ NumericLessThan: { 'S3:TlsVersion': '1.2' } })).toBe('not refused');
    expect(await refusal({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })).toBe('not refused');
  });
});

describe('other services', () => {
  const principal = { kind: 'service', service: 'x.amazonaws.com', sourceArn: 'arn', account: '000000000000' } as const;
  const scope = scopeOf('000000000000', 'us-east-1');

  test('write and find objects through the door, with permission; who is refused leaves no blob', async () => {
    const body = bodyOf('from a service');
    let result: unknown;
    const user = defineService<object>({
      name: 'user',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {
        Use: {
          authorize: undefined,
          decide(turn, input: { bucket: string; key: string }) {
            const { objects } = turn.doors;
            const put = objects?.put(turn, { ...input, body, contentType: 'a/b', principal, scope });
            result = { put, found: objects?.find(turn, { ...input, principal, scope }) };
            return { output: {} };
          },
        },
      },
    });
    s3 = await s3Cell({ others: [user] });
    await s3.cell.call('user', 'Use', { bucket: 'orders', key: 'k' });
    const found = { body: { parts: [{ blob: body.blob, from: 0, to: 14 }], bytes: 14 }, eTag: body.md5 };
    expect(result).toEqual({ put: { eTag: body.md5 }, found });
    expect(s3.deleted).toEqual([]);
    await s3.cell.call('user', 'Use', { bucket: 'nowhere', key: 'k' });
    expect(result).toMatchObject({
      put: { refused: { code: 'NoSuchBucket' } },
      found: { refused: { code: 'NoSuchBucket' } },
    });
  });
});
