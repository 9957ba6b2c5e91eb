import { expect, test } from 'vitest';
import { TEST_NOW_MS, type TestCell, testCell } from '#cell/testing.ts';
import type { Principal } from '#model/principal.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { findAccessKey } from './door.ts';
import { iam } from './service.ts';
import type { IamState } from './state.ts';

const LIST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' }],
});

async function refusal(cell: TestCell, operation: string, input: object, principal?: Principal): Promise<unknown> {
  const reply = await cell.reply('iam', operation, input, principal === undefined ? {} : { principal });
  if (!('refused' in reply)) throw new Error(`${operation} was not refused`);
  return [reply.refused.code, reply.refused.message, reply.refused.status];
}

const stateOf = (cell: TestCell): IamState => cell.cell.registry.services.get('iam')?.state as IamState;
const found = (cell: TestCell, id: string) =>
  findAccessKey(stateOf(cell), id, { digest: nodeDigest, secret: cell.engine.secret });

test('a user is created, read, listed and deleted', async () => {
  const cell = await testCell([iam]);
  const user = {
    Path: '/',
    UserName: 'ann',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Arn: 'arn:aws:iam::000000000000:user/ann',
    CreateDate: TEST_NOW_MS,
  };
  expect(await cell.call('iam', 'CreateUser', { UserName: 'ann' })).toEqual({ User: user });
  expect(await cell.call('iam', 'GetUser', { UserName: 'ann' })).toEqual({ User: user });
  expect(await cell.call('iam', 'ListUsers', {})).toEqual({ Users: [user], IsTruncated: false });
  expect(await cell.call('iam', 'ListGroupsForUser', { UserName: 'ann' })).toEqual({ Groups: [], IsTruncated: false });
  await cell.call('iam', 'DeleteUser', { UserName: 'ann' });
  expect(await refusal(cell, 'GetUser', { UserName: 'ann' })).toEqual([
    'NoSuchEntity',
    'The user with name ann cannot be found.',
    404,
  ]);
});

test('without a name an operation speaks of the user who asks, and root has none', async () => {
  const cell = await testCell([iam]);
  const created = await cell.call<{ User: { Arn: string; UserId: string } }>('iam', 'CreateUser', { UserName: 'ann' });
  const { Arn: arn, UserId: userId } = created.User;
  const principal: Principal = { kind: 'user', account: '000000000000', arn, userId };
  expect(await cell.call('iam', 'GetUser', {}, { principal })).toHaveProperty('User.UserName', 'ann');
  expect(await refusal(cell, 'GetUser', {})).toEqual([
    'ValidationError',
    'Must specify userName when calling with non-User credentials',
    400,
  ]);
});

test('an access key has a secret that is shown once, stored nowhere, and the same after a restart', async () => {
  const cell = await testCell([iam]);
  await cell.call('iam', 'CreateUser', { UserName: 'ann' });
  type Key = { AccessKey: { AccessKeyId: string; SecretAccessKey: string } };
  const { AccessKey } = await cell.call<Key>('iam', 'CreateAccessKey', { UserName: 'ann' });
  expect(AccessKey).toEqual({
    UserName: 'ann',
    AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
    Status: 'Active',
    SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
    CreateDate: TEST_NOW_MS,
  });
  const journal = Buffer.concat(cell.engine.entries.map((entry) => entry.facts)).toString('latin1');
  expect(journal).toContain(AccessKey.AccessKeyId);
  expect(journal).not.toContain(AccessKey.SecretAccessKey);
  const again = await cell.restart();
  expect(found(again, AccessKey.AccessKeyId)).toMatchObject({
    secretAccessKey: AccessKey.SecretAccessKey,
    isActive: true,
    principal: { kind: 'user', arn: 'arn:aws:iam::000000000000:user/ann' },
  });
  const listed = await again.call('iam', 'ListAccessKeys', { UserName: 'ann' });
  expect(JSON.stringify(listed)).not.toContain(AccessKey.SecretAccessKey);
  expect(listed).toMatchObject({ AccessKeyMetadata: [{ AccessKeyId: AccessKey.AccessKeyId, Status: 'Active' }] });
});

test('a key is switched off, stays with a renamed user, and goes', async () => {
  const cell = await testCell([iam]);
  await cell.call('iam', 'CreateUser', { UserName: 'ann' });
  type Key = { AccessKey: { AccessKeyId: string } };
  const { AccessKeyId } = (await cell.call<Key>('iam', 'CreateAccessKey', { UserName: 'ann' })).AccessKey;
  await cell.call('iam', 'UpdateAccessKey', { UserName: 'ann', AccessKeyId, Status: 'Inactive' });
  expect(found(cell, AccessKeyId)?.isActive).toBe(false);
  await cell.call('iam', 'UpdateUser', { UserName: 'ann', NewUserName: 'eve', NewPath: '/team/' });
  expect(found(cell, AccessKeyId)?.principal).toMatchObject({ arn: 'arn:aws:iam::000000000000:user/team/eve' });
  expect(await refusal(cell, 'DeleteUser', { UserName: 'eve' })).toEqual([
    'DeleteConflict',
    'Cannot delete entity, must delete access keys first.',
    409,
  ]);
  await cell.call('iam', 'DeleteAccessKey', { UserName: 'eve', AccessKeyId });
  expect(found(cell, AccessKeyId)).toBeUndefined();
  await cell.call('iam', 'DeleteUser', { UserName: 'eve' });
});

test.each([
  ['CreateUser', { UserName: 'ann' }, ['EntityAlreadyExists', 'User with name ann already exists.', 409]],
  [
    'UpdateAccessKey',
    { UserName: 'ann', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Active' },
    ['NoSuchEntity', 'The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.', 404],
  ],
  [
    'UpdateAccessKey',
    { UserName: 'ann', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Off' },
    [
      'ValidationError',
      "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]",
      400,
    ],
  ],
  [
    'DeleteAccessKey',
    { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    ['ValidationError', 'Must specify userName when calling with non-User credentials', 400],
  ],
  ['CreateAccessKey', { UserName: 'ann' }, ['LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2', 409]],
])('%s %j is refused as AWS does', async (operation, input, expected) => {
  const cell = await testCell([iam]);
  await cell.call('iam', 'CreateUser', { UserName: 'ann' });
  await cell.call('iam', 'CreateAccessKey', { UserName: 'ann' });
  await cell.call('iam', 'CreateAccessKey', { UserName: 'ann' });
  expect(await refusal(cell, operation, input)).toEqual(expected);
});

test('policies and tags of a user', async () => {
  const cell = await testCell([iam]);
  await cell.call('iam', 'CreateUser', { UserName: 'ann', Tags: [{ Key: 'team', Value: 'a' }] });
  await cell.call('iam', 'PutUserPolicy', { UserName: 'ann', PolicyName: 'list', PolicyDocument: LIST });
  expect(await cell.call('iam', 'GetUserPolicy', { UserName: 'ann', PolicyName: 'list' })).toEqual({
    UserName: 'ann',
    PolicyName: 'list',
    PolicyDocument: encodeURIComponent(LIST).replace('*', '%2A'),
  });
  await cell.call('iam', 'AttachUserPolicy', {
    UserName: 'ann',
    PolicyArn: 'arn:aws:iam::aws:policy/AmazonSQSFullAccess',
  });
  expect(await cell.call('iam', 'ListAttachedUserPolicies', { UserName: 'ann' })).toMatchObject({
    AttachedPolicies: [{ PolicyName: 'AmazonSQSFullAccess' }],
  });
  expect(await cell.call('iam', 'ListUserTags', { UserName: 'ann' })).toEqual({
    Tags: [{ Key: 'team', Value: 'a' }],
    IsTruncated: false,
  });
});

test('what a user cannot have here is listed as empty, for tools that ask before they delete him', async () => {
  const cell = await testCell([iam]);
  await cell.call('iam', 'CreateUser', { UserName: 'ann' });
  const ofAnn = async (operation: string) => cell.call('iam', operation, { UserName: 'ann' });
  expect(await ofAnn('ListSSHPublicKeys')).toEqual({ SSHPublicKeys: [], IsTruncated: false });
  expect(await ofAnn('ListMFADevices')).toEqual({ MFADevices: [], IsTruncated: false });
  expect(await ofAnn('ListSigningCertificates')).toEqual({ Certificates: [], IsTruncated: false });
  expect(await ofAnn('ListServiceSpecificCredentials')).toEqual({ ServiceSpecificCredentials: [] });
  expect(await cell.call('iam', 'ListVirtualMFADevices', {})).toEqual({ VirtualMFADevices: [], IsTruncated: false });
  for (const operation of ['GetLoginProfile', 'DeleteLoginProfile']) {
    expect(await refusal(cell, operation, { UserName: 'ann' })).toEqual([
      'NoSuchEntity',
      'Login Profile for User ann cannot be found.',
      404,
    ]);
  }
  expect(await refusal(cell, 'ListMFADevices', { UserName: 'bob' })).toContain('NoSuchEntity');
});
