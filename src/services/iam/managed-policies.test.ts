import { expect, test } from 'vitest';
import { TEST_NOW_MS, type TestCell, testCell } from '#cell/testing.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { listAwsPolicies } from './aws-policies.ts';
import { iam } from './service.ts';

const document = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const ARN = 'arn:aws:iam::000000000000:policy/send';
const TRUST = JSON.stringify({
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
});

async function cellWithPolicy(): Promise<TestCell> {
  const cell = await testCell([iam]);
  await cell.call('iam', 'CreatePolicy', { PolicyName: 'send', PolicyDocument: document('sqs:SendMessage') });
  return cell;
}

async function refusal(cell: TestCell, operation: string, input: object): Promise<unknown> {
  const reply = await cell.reply('iam', operation, input);
  if (!('refused' in reply)) throw new Error(`${operation} was not refused`);
  return [reply.refused.code, reply.refused.message, reply.refused.status];
}

test('a policy is created with version v1 and counts who uses it', async () => {
  const cell = await testCell([iam]);
  const shown = {
    PolicyName: 'send',
    PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
    Arn: ARN,
    Path: '/',
    DefaultVersionId: 'v1',
    AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: TEST_NOW_MS,
    UpdateDate: TEST_NOW_MS,
  };
  const input = { PolicyName: 'send', PolicyDocument: document('sqs:SendMessage'), Description: 'sends' };
  expect(await cell.call('iam', 'CreatePolicy', input)).toEqual({ Policy: shown });
  await cell.call('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST, PermissionsBoundary: ARN });
  await cell.call('iam', 'AttachRolePolicy', { RoleName: 'r', PolicyArn: ARN });
  expect(await cell.call('iam', 'GetPolicy', { PolicyArn: ARN })).toEqual({
    Policy: { ...shown, Description: 'sends', Tags: [], AttachmentCount: 1, PermissionsBoundaryUsageCount: 1 },
  });
  expect(await cell.call('iam', 'ListEntitiesForPolicy', { PolicyArn: ARN })).toEqual({
    PolicyGroups: [],
    PolicyUsers: [],
    PolicyRoles: [{ RoleName: 'r', RoleId: expect.stringMatching(/^AROA/) }],
    IsTruncated: false,
  });
  const listed = await cell.call<{ Policies: object[] }>('iam', 'ListPolicies', { Scope: 'Local', OnlyAttached: true });
  expect(listed.Policies).toEqual([{ ...shown, AttachmentCount: 1, PermissionsBoundaryUsageCount: 1 }]);
  expect(await refusal(cell, 'DeletePolicy', { PolicyArn: ARN })).toContain(
    'Cannot delete a policy attached to entities.',
  );
});

test('versions: five at most, newest first, numbers are not used again', async () => {
  const cell = await cellWithPolicy();
  for (const action of ['a:b', 'a:c', 'a:d', 'a:e']) {
    await cell.call('iam', 'CreatePolicyVersion', {
      PolicyArn: ARN,
      PolicyDocument: document(action),
      SetAsDefault: action === 'a:c',
    });
  }
  const versions = async (): Promise<string[]> => {
    type Listed = { Versions: { VersionId: string; IsDefaultVersion: boolean }[] };
    const { Versions } = await cell.call<Listed>('iam', 'ListPolicyVersions', { PolicyArn: ARN });
    return Versions.map((version) => `${version.VersionId}${version.IsDefaultVersion ? '*' : ''}`);
  };
  expect(await versions()).toEqual(['v5', 'v4', 'v3*', 'v2', 'v1']);
  expect(await refusal(cell, 'CreatePolicyVersion', { PolicyArn: ARN, PolicyDocument: document('a:f') })).toEqual([
    'LimitExceeded',
    'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    409,
  ]);
  expect(await refusal(cell, 'DeletePolicyVersion', { PolicyArn: ARN, VersionId: 'v3' })).toEqual([
    'DeleteConflict',
    'Cannot delete the default version of a policy.',
    409,
  ]);
  await cell.call('iam', 'DeletePolicyVersion', { PolicyArn: ARN, VersionId: 'v5' });
  await cell.call('iam', 'SetDefaultPolicyVersion', { PolicyArn: ARN, VersionId: 'v1' });
  await cell.call('iam', 'CreatePolicyVersion', { PolicyArn: ARN, PolicyDocument: document('a:f') });
  expect(await versions()).toEqual(['v6', 'v4', 'v3', 'v2', 'v1*']);
  type Read = { PolicyVersion: { Document: string } };
  const read = await cell.call<Read>('iam', 'GetPolicyVersion', { PolicyArn: ARN, VersionId: 'v6' });
  expect(decodeURIComponent(read.PolicyVersion.Document)).toBe(document('a:f'));
  expect(await refusal(cell, 'DeletePolicy', { PolicyArn: ARN })).toContain('DeleteConflict');
});

const AWS_SQS = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess';
test.each([
  [
    'CreatePolicy',
    { PolicyName: 'SEND', PolicyDocument: document('a:b') },
    ['EntityAlreadyExists', 'A policy called SEND already exists. Duplicate names are not allowed.', 409],
  ],
  ['GetPolicy', { PolicyArn: `${ARN}x` }, ['NoSuchEntity', `Policy ${ARN}x was not found.`, 404]],
  [
    'GetPolicyVersion',
    { PolicyArn: ARN, VersionId: 'v9' },
    ['NoSuchEntity', `Policy ${ARN} version v9 does not exist or is not attachable.`, 404],
  ],
  [
    'SetDefaultPolicyVersion',
    { PolicyArn: ARN, VersionId: '1' },
    [
      'ValidationError',
      "1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
      400,
    ],
  ],
  [
    'CreatePolicy',
    { PolicyName: 'x', PolicyDocument: document('x'.repeat(7000).replace('x', 'a:')) },
    ['LimitExceeded', 'Cannot exceed quota for PolicySize: 6144', 409],
  ],
  [
    'TagPolicy',
    {
      PolicyArn: ARN,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
    },
    ['InvalidInput', 'Duplicate tag keys found.', 400],
  ],
  [
    'DeletePolicy',
    { PolicyArn: AWS_SQS },
    ['AccessDenied', `Policy ${AWS_SQS} is managed by AWS and cannot be changed.`, 403],
  ],
])('%s %j is refused as AWS does', async (operation, input, expected) => {
  const cell = await cellWithPolicy();
  expect(await refusal(cell, operation, input)).toEqual(expected);
});

test('tags of a policy have upper and lower case', async () => {
  const cell = await cellWithPolicy();
  await cell.call('iam', 'TagPolicy', {
    PolicyArn: ARN,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'A', Value: '2' },
    ],
  });
  expect(await cell.call('iam', 'ListPolicyTags', { PolicyArn: ARN, MaxItems: 1 })).toMatchObject({
    Tags: [{ Key: 'A', Value: '2' }],
    IsTruncated: true,
  });
  await cell.call('iam', 'UntagPolicy', { PolicyArn: ARN, TagKeys: ['A'] });
  expect(await cell.call('iam', 'ListPolicyTags', { PolicyArn: ARN })).toMatchObject({
    Tags: [{ Key: 'a', Value: '1' }],
  });
});

test('every policy of AWS’s is a document that our own parser takes', async () => {
  const cell = await testCell([iam]);
  const policies = listAwsPolicies('aws', nodeDigest);
  expect(policies.length).toBeGreaterThan(15);
  for (const policy of policies) {
    expect(parsePolicyDocument(policy.versions[0]?.document ?? '', 'identity')).toHaveProperty('document');
    const { Policy } = await cell.call<{ Policy: object }>('iam', 'GetPolicy', { PolicyArn: policy.arn });
    expect(Policy).toMatchObject({
      PolicyName: policy.name,
      Path: policy.path,
      DefaultVersionId: policy.defaultVersionId,
    });
  }
});
