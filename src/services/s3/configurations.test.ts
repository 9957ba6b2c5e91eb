import { beforeEach, describe, expect, test } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { bodyOf, type S3Cell, s3Cell } from './testing.ts';

const DAY = 24 * 3_600_000;
let s3: S3Cell;

beforeEach(async () => {
  s3 = await s3Cell();
});

describe('a bucket', () => {
  test.each([
    ['ab', false],
    ['a'.repeat(64), false],
    ['Upper', false],
    ['under_score', false],
    ['192.168.1.1', false],
    ['two..dots', false],
    ['-start', false],
    ['end-', false],
    ['xn--x', false],
    ['name-s3alias', false],
    ['..', false],
    ['good.name-1', true],
  ])('is called %j: %s', async (Bucket, isGood) => {
    expect(await s3.refusal('CreateBucket', { Bucket })).toBe(isGood ? 'not refused' : '400 InvalidBucketName');
  });

  test('is in the region that is asked for, which must be that of the request, or us-east-1', async () => {
    const inRegion = { scope: scopeOf('000000000000', 'eu-central-1') };
    const create = (Bucket: string, LocationConstraint?: string) =>
      s3.refusal('CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint } }, inRegion);
    expect(await create('bucket-a')).toBe('400 IllegalLocationConstraintException');
    expect(await create('bucket-a', 'eu-west-1')).toBe('400 IllegalLocationConstraintException');
    expect(await create('bucket-a', 'nowhere')).toBe('400 InvalidLocationConstraint');
    expect(await create('bucket-a', 'eu-central-1')).toBe('not refused');
    expect(await s3.call('GetBucketLocation', { Bucket: 'bucket-a' })).toEqual({ LocationConstraint: 'eu-central-1' });
    expect(await s3.call('GetBucketLocation', {})).toEqual({});
    expect(await s3.call('HeadBucket', { Bucket: 'bucket-a' })).toMatchObject({ BucketRegion: 'eu-central-1' });
  });

  test('is listed page by page', async () => {
    for (const name of ['bucket-b', 'bucket-a']) await s3.call('CreateBucket', { Bucket: name });
    const first = await s3.call<{ ContinuationToken: string }>('ListBuckets', { MaxBuckets: 2 });
    expect(first).toMatchObject({ Buckets: [{ Name: 'bucket-a', BucketRegion: 'us-east-1' }, { Name: 'bucket-b' }] });
    const { ContinuationToken } = first;
    expect(await s3.call('ListBuckets', { ContinuationToken })).toMatchObject({ Buckets: [{ Name: 'orders' }] });
    expect(await s3.refusal('ListBuckets', { ContinuationToken: 'x' })).toBe('400 InvalidArgument');
  });

  test('with unfinished uploads is deleted with them', async () => {
    const { UploadId } = await s3.call<{ UploadId: string }>('CreateMultipartUpload', { Key: 'k' });
    const Body = bodyOf('part');
    await s3.call('UploadPart', { Key: 'k', UploadId, PartNumber: 1, Body });
    await s3.call('DeleteBucket', {});
    expect(await s3.refusal('HeadBucket', {})).toBe('404 NoSuchBucket');
    await s3.cell.advance(180_000);
    expect(s3.deleted).toEqual([Body.blob]);
    await s3.call('CreateBucket', {});
    expect(await s3.call('ListMultipartUploads', {})).toMatchObject({ Uploads: [] });
  });
});

describe('what was never configured is answered as AWS answers it', () => {
  test.each([
    ['GetBucketPolicy', '404 NoSuchBucketPolicy'],
    ['GetBucketPolicyStatus', '404 NoSuchBucketPolicy'],
    ['GetBucketTagging', '404 NoSuchTagSet'],
    ['GetBucketCors', '404 NoSuchCORSConfiguration'],
    ['GetBucketLifecycleConfiguration', '404 NoSuchLifecycleConfiguration'],
    ['GetBucketWebsite', '404 NoSuchWebsiteConfiguration'],
    ['GetBucketReplication', '404 ReplicationConfigurationNotFoundError'],
    ['GetObjectLockConfiguration', '404 ObjectLockConfigurationNotFoundError'],
    ['GetBucketAnalyticsConfiguration', '404 NoSuchConfiguration'],
    ['GetBucketInventoryConfiguration', '404 NoSuchConfiguration'],
    ['GetBucketMetricsConfiguration', '404 NoSuchConfiguration'],
    ['GetBucketIntelligentTieringConfiguration', '404 NoSuchConfiguration'],
    ['PutBucketWebsite', '501 NotImplemented'],
    ['PutBucketReplication', '501 NotImplemented'],
    ['PutObjectLockConfiguration', '501 NotImplemented'],
    ['PutBucketAccelerateConfiguration', '501 NotImplemented'],
    ['PutBucketInventoryConfiguration', '501 NotImplemented'],
    ['DeleteBucketWebsite', 'not refused'],
    ['DeleteBucketReplication', 'not refused'],
    ['DeleteBucketPolicy', 'not refused'],
    ['DeleteBucketCors', 'not refused'],
    ['DeleteBucketLifecycle', 'not refused'],
  ])('%s: %s', async (operation, expected) => {
    expect(await s3.refusal(operation, {})).toBe(expected);
    expect(await s3.refusal(operation, { Bucket: 'nowhere' })).toBe('404 NoSuchBucket');
  });

  test('and the rest with its defaults', async () => {
    expect(await s3.call('GetBucketVersioning', {})).toEqual({});
    expect(await s3.call('GetBucketLogging', {})).toEqual({});
    expect(await s3.call('GetBucketRequestPayment', {})).toEqual({ Payer: 'BucketOwner' });
    expect(await s3.call('GetBucketEncryption', {})).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    expect(await s3.call('GetPublicAccessBlock', {})).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    expect(await s3.call('GetBucketOwnershipControls', {})).toMatchObject({
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    const acl = await s3.call<{ Owner: object }>('GetBucketAcl', {});
    expect(acl).toMatchObject({ Grants: [{ Grantee: acl.Owner, Permission: 'FULL_CONTROL' }] });
  });
});

describe('what is configured', () => {
  const configurations: [string, object, string, object, string][] = [
    [
      'PutBucketTagging',
      { Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } },
      'GetBucketTagging',
      { TagSet: [{ Key: 'a', Value: 'b' }] },
      'DeleteBucketTagging',
    ],
    [
      'PutBucketCors',
      { CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] } },
      'GetBucketCors',
      { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
      'DeleteBucketCors',
    ],
    [
      'PutBucketOwnershipControls',
      { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] } },
      'GetBucketOwnershipControls',
      { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] } },
      'DeleteBucketOwnershipControls',
    ],
    [
      'PutPublicAccessBlock',
      { PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
      'GetPublicAccessBlock',
      {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: false,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: false,
        },
      },
      'DeletePublicAccessBlock',
    ],
  ];

  test.each(configurations)('by %s is answered, there after a restart, and gone when deleted', async (...row) => {
    const [put, input, get, expected, remove] = row;
    await s3.call(put, input);
    expect(await s3.call(get, {})).toEqual(expected);
    s3 = await s3.restart({ clean: true });
    expect(await s3.call(get, {})).toEqual(expected);
    await s3.call(remove, {});
    expect(await s3.refusal(get, {})).toMatch(/^404 /);
  });

  test.each([
    ['PutBucketPolicy', { Policy: 'x' }, '400 MalformedPolicy'],
    ['PutBucketPolicy', { Policy: '{}' }, '400 MalformedPolicy'],
    ['PutBucketTagging', { Tagging: { TagSet: [{ Key: 'aws:x', Value: '' }] } }, '400 InvalidTag'],
    ['PutBucketCors', { CORSConfiguration: { CORSRules: [] } }, '400 MalformedXML'],
    [
      'PutBucketCors',
      { CORSConfiguration: { CORSRules: [{ AllowedMethods: ['PATCH'], AllowedOrigins: ['*'] }] } },
      '400 InvalidRequest',
    ],
    ['PutBucketAcl', { ACL: 'private' }, '400 AccessControlListNotSupported'],
    [
      'PutBucketOwnershipControls',
      { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
      '501 NotImplemented',
    ],
    [
      'PutBucketOwnershipControls',
      { OwnershipControls: { Rules: [{ ObjectOwnership: 'Nobody' }] } },
      '400 MalformedXML',
    ],
    ['DeleteObject', { Key: 'k', BypassGovernanceRetention: true }, '400 InvalidArgument'],
    ['PutBucketRequestPayment', { RequestPaymentConfiguration: { Payer: 'Requester' } }, '501 NotImplemented'],
    ['PutBucketLogging', { BucketLoggingStatus: { LoggingEnabled: {} } }, '501 NotImplemented'],
    [
      'PutBucketEncryption',
      {
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
        },
      },
      '501 NotImplemented',
    ],
    ['PutBucketEncryption', {}, '400 MalformedXML'],
  ])('by %s with %j is refused: %s', async (operation, input, expected) => {
    expect(await s3.refusal(operation, input)).toBe(expected);
  });

  test('a policy speaks of this bucket alone', async () => {
    const Policy = (resource: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 's3:GetObject', Resource: resource },
        ],
      });
    expect(await s3.refusal('PutBucketPolicy', { Policy: Policy('arn:aws:s3:::other/*') })).toBe('400 MalformedPolicy');
    expect(await s3.refusal('PutBucketPolicy', { Policy: Policy('arn:aws:s3:::orders') })).toBe('400 MalformedPolicy');
    const text = Policy('arn:aws:s3:::orders/*');
    await s3.call('PutBucketPolicy', { Policy: text });
    expect(await s3.call('GetBucketPolicy', {})).toEqual({ Policy: text });
    expect(await s3.call('GetBucketPolicyStatus', {})).toEqual({ PolicyStatus: { IsPublic: false } });
  });
});

describe('actions of a bucket policy', () => {
  const BUCKET = 'arn:aws:s3:::orders';
  const NOT_APPLYING = 'Action does not apply to any resource(s) in statement';
  const INVALID = 'Policy has invalid action';

  test.each([
    ['s3:GetObject', [`${BUCKET}/*`], undefined],
    ['s3:GetObject', [BUCKET], NOT_APPLYING],
    ['s3:ListBucket', [`${BUCKET}/*`], NOT_APPLYING],
    [['s3:ListBucket', 's3:GetObject'], [BUCKET, `${BUCKET}/*`], undefined],
    [['s3:ListBucket', 's3:GetObject'], [`${BUCKET}/a`], NOT_APPLYING],
    ['s3:*', [BUCKET], undefined],
    ['S3:getobject', [`${BUCKET}*`], undefined],
    ['s3:ListB*', [`${BUCKET}/*`], NOT_APPLYING],
    ['s3:Get*', [`${BUCKET}/*`], undefined],
    ['s3:NewThisYear', [BUCKET], undefined],
    ['*', [BUCKET], undefined],
    ['sqs:SendMessage', [BUCKET], INVALID],
  ])('%j on %j: %s', async (Action, Resource, message) => {
    const statement = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action, Resource };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const reply = await s3.cell.reply('s3', 'PutBucketPolicy', { Bucket: 'orders', Policy });
    if (message === undefined) expect(reply).not.toHaveProperty('refused');
    else expect(reply).toMatchObject({ refused: { code: 'MalformedPolicy', message } });
  });
});

describe('lifecycle rules', () => {
  const put = (...Rules: object[]) => ({ LifecycleConfiguration: { Rules } });
  const rule = { ID: 'r', Status: 'Enabled', Filter: { Prefix: '' } };

  test.each([
    [put(), '400 MalformedXML'],
    [put({ ...rule }), '400 InvalidRequest'],
    [put({ ...rule, Expiration: { Days: 0 } }), '400 InvalidArgument'],
    [put({ ...rule, Expiration: { Date: 1 } }), '400 InvalidArgument'],
    [put({ ...rule, Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } }), '400 MalformedXML'],
    // AWS's answers: cfn-lint #3554, terraform-provider-aws #41521.
    [
      put({
        ...rule,
        Filter: { ObjectSizeGreaterThan: 1000 },
        Expiration: { Days: 14 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      }),
      '400 InvalidRequest',
    ],
    [put({ ...rule, Filter: { ObjectSizeLessThan: 0 }, Expiration: { Days: 1 } }), '400 InvalidRequest'],
    [
      put({ ...rule, Filter: { And: { Prefix: 'a', ObjectSizeLessThan: 0 } }, Expiration: { Days: 1 } }),
      '400 InvalidRequest',
    ],
    [put({ ...rule, Prefix: 'x', Expiration: { Days: 1 } }), '400 MalformedXML'],
    [put({ ...rule, Status: 'On', Expiration: { Days: 1 } }), '400 MalformedXML'],
    [put({ ...rule, Expiration: { Days: 1 } }, { ...rule, Expiration: { Days: 2 } }), '400 InvalidArgument'],
    [put({ ...rule, Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] }), '501 NotImplemented'],
    [put({ ...rule, NoncurrentVersionExpiration: {} }), '400 MalformedXML'],
  ])('%j: %s', async (input, expected) => {
    expect(await s3.refusal('PutBucketLifecycleConfiguration', input)).toBe(expected);
  });

  test('remove what is old enough, tagged and sized as they say, in a bucket of more keys than a turn looks at', async () => {
    const And = { Prefix: 'x', Tags: [{ Key: 'keep', Value: 'no' }], ObjectSizeGreaterThan: 3 };
    await s3.call('PutBucketLifecycleConfiguration', put({ ...rule, Filter: { And }, Expiration: { Days: 2 } }));
    for (let i = 0; i < 2500; i += 1) {
      await s3.put(`x${i}`, 'large', i % 500 === 0 ? { Tagging: 'keep=yes' } : { Tagging: 'keep=no' });
    }
    await s3.put('x-small', 'xs', { Tagging: 'keep=no' });
    await s3.cell.advance(2 * DAY);
    expect(await s3.call('ListObjectsV2', {})).toMatchObject({ IsTruncated: true });
    await s3.cell.advance(2 * DAY);
    expect(await s3.keys()).toEqual(['x-small', 'x0', 'x1000', 'x1500', 'x2000', 'x500']);
  });

  test('hide the newest version, remove old ones but the newest of them, and markers that are left alone', async () => {
    await s3.call('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } });
    const NoncurrentVersionExpiration = { NoncurrentDays: 3, NewerNoncurrentVersions: 1 };
    const rules = put(
      { ...rule, Expiration: { Days: 1 }, NoncurrentVersionExpiration },
      { ...rule, ID: 's', Filter: {}, Expiration: { ExpiredObjectDeleteMarker: true } },
    );
    await s3.call('PutBucketLifecycleConfiguration', rules);
    for (const text of ['one', 'two', 'three']) await s3.put('k', text);
    type Listed = { Versions: { IsLatest: boolean }[]; DeleteMarkers: object[] };
    const counts = async () => {
      const { Versions, DeleteMarkers } = await s3.call<Listed>('ListObjectVersions', {});
      return [Versions.length, DeleteMarkers.length];
    };
    await s3.cell.advance(2 * DAY);
    expect(await counts()).toEqual([3, 1]);
    s3 = await s3.restart({ clean: true });
    await s3.cell.advance(4 * DAY);
    expect(await counts()).toEqual([1, 1]);
    const { Versions } = await s3.call<{ Versions: { VersionId: string }[] }>('ListObjectVersions', {});
    await s3.call('DeleteObject', { Key: 'k', VersionId: Versions[0]?.VersionId });
    await s3.cell.advance(DAY);
    expect(await counts()).toEqual([0, 0]);
  });

  test.each([true, false])(
    'keep their midnight over a change of something else and a restart (clean: %s)',
    async (clean) => {
      await s3.call('PutBucketLifecycleConfiguration', put({ ...rule, Expiration: { Days: 1 } }));
      await s3.cell.advance(3 * DAY);
      await s3.call('PutBucketTagging', { Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } });
      const before = s3.cell.cell.nextDueAtMs();
      s3 = await s3.restart({ clean });
      expect(s3.cell.cell.nextDueAtMs()).toBe(before);
      expect((before ?? 0) % DAY).toBe(0);
    },
  );

  test('give up uploads that nobody finished', async () => {
    const AbortIncompleteMultipartUpload = { DaysAfterInitiation: 1 };
    await s3.call('PutBucketLifecycleConfiguration', put({ ...rule, AbortIncompleteMultipartUpload }));
    await s3.call('CreateMultipartUpload', { Key: 'k' });
    expect(await s3.call('ListMultipartUploads', {})).toMatchObject({ Uploads: [{ Key: 'k' }] });
    await s3.cell.advance(2 * DAY);
    expect(await s3.call('ListMultipartUploads', {})).toMatchObject({ Uploads: [] });
  });
});
