import { expect, test } from 'vitest';
import { TEST_NOW_MS, type TestCell, testCell } from '#cell/testing.ts';
import { scopeOf } from '#model/scope.ts';
import { iam } from './service.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const SEND = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:a b!(*)' },
});
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

async function cellWithRole(input: object = {}): Promise<TestCell> {
  const cell = await testCell([iam]);
  await cell.call('iam', 'CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument: TRUST, ...input });
  return cell;
}

async function refusal(cell: TestCell, operation: string, input: object): Promise<unknown> {
  const reply = await cell.reply('iam', operation, input);
  if (!('refused' in reply)) throw new Error(`${operation} was not refused`);
  const { code, message, status } = reply.refused;
  return [code, message, status];
}

test('a role is created, read, listed and is there after a restart', async () => {
  const cell = await testCell([iam]);
  const created = await cell.call('iam', 'CreateRole', {
    RoleName: 'worker',
    Path: '/apps/',
    AssumeRolePolicyDocument: TRUST,
    Description: 'works',
    Tags: [{ Key: 'team', Value: 'a' }],
  });
  const common = {
    Path: '/apps/',
    RoleName: 'worker',
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    Arn: 'arn:aws:iam::000000000000:role/apps/worker',
    CreateDate: TEST_NOW_MS,
    AssumeRolePolicyDocument: encodeURIComponent(TRUST),
  };
  expect(created).toEqual({ Role: { ...common, Tags: [{ Key: 'team', Value: 'a' }] } });
  const again = await cell.restart();
  const full = {
    ...common,
    Description: 'works',
    MaxSessionDuration: 3600,
    RoleLastUsed: {},
    Tags: [{ Key: 'team', Value: 'a' }],
  };
  expect(await again.call('iam', 'GetRole', { RoleName: 'WORKER' })).toEqual({ Role: full });
  expect(await again.call('iam', 'ListRoles', { PathPrefix: '/apps/' })).toEqual({
    Roles: [{ ...common, Description: 'works', MaxSessionDuration: 3600 }],
    IsTruncated: false,
  });
  expect(await again.call('iam', 'ListRoles', { PathPrefix: '/other/' })).toEqual({ Roles: [], IsTruncated: false });
});

test('IAM knows no regions, and accounts do not see each other', async () => {
  const cell = await cellWithRole();
  await cell.call('iam', 'GetRole', { RoleName: 'worker' }, { scope: scopeOf('000000000000', 'eu-west-1') });
  const other = await cell.reply(
    'iam',
    'GetRole',
    { RoleName: 'worker' },
    { scope: scopeOf('111111111111', 'us-east-1') },
  );
  expect(other).toHaveProperty('refused.code', 'NoSuchEntity');
});

test.each([
  [
    'CreateRole',
    { RoleName: 'worker', AssumeRolePolicyDocument: TRUST },
    ['EntityAlreadyExists', 'Role with name worker already exists.', 409],
  ],
  ['GetRole', { RoleName: 'nobody' }, ['NoSuchEntity', 'The role with name nobody cannot be found.', 404]],
  ['DeleteRole', { RoleName: 'nobody' }, ['NoSuchEntity', 'The role with name nobody cannot be found.', 404]],
  [
    'GetRole',
    {},
    [
      'ValidationError',
      "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member must not be null",
      400,
    ],
  ],
  [
    'CreateRole',
    { RoleName: 'a b', AssumeRolePolicyDocument: TRUST, MaxSessionDuration: 60 },
    [
      'ValidationError',
      "2 validation errors detected: Value at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+; " +
        "Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
      400,
    ],
  ],
  [
    'CreateRole',
    { RoleName: 'x', AssumeRolePolicyDocument: '{bad' },
    ['MalformedPolicyDocument', 'This policy contains invalid Json', 400],
  ],
  [
    'CreateRole',
    { RoleName: 'x', AssumeRolePolicyDocument: SEND },
    ['MalformedPolicyDocument', 'Has prohibited field Resource', 400],
  ],
  [
    'CreateRole',
    {
      RoleName: 'x',
      AssumeRolePolicyDocument: TRUST.replace(
        '"Service":"lambda.amazonaws.com"',
        '"AWS":"arn:aws:iam::000000000000:user/nobody"',
      ),
    },
    ['MalformedPolicyDocument', 'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:user/nobody"', 400],
  ],
  [
    'CreateRole',
    { RoleName: 'x', AssumeRolePolicyDocument: TRUST.replace('lambda', 'l'.repeat(2100)) },
    ['LimitExceeded', 'Cannot exceed quota for ACLSizePerRole: 2048', 409],
  ],
  [
    'PutRolePolicy',
    { RoleName: 'worker', PolicyName: 'p', PolicyDocument: '{}' },
    ['MalformedPolicyDocument', 'Policy document must be version 2012-10-17 or greater.', 400],
  ],
  [
    'GetRolePolicy',
    { RoleName: 'worker', PolicyName: 'p' },
    ['NoSuchEntity', 'The role policy with name p cannot be found.', 404],
  ],
  [
    'AttachRolePolicy',
    { RoleName: 'worker', PolicyArn: 'longpolicynamebutnoarn' },
    ['ValidationError', 'ARN longpolicynamebutnoarn is not valid.', 400],
  ],
  [
    'AttachRolePolicy',
    { RoleName: 'worker', PolicyArn: 'arn:aws:iam::aws:policy/AmazonMadeUpAccess' },
    ['NoSuchEntity', 'Policy arn:aws:iam::aws:policy/AmazonMadeUpAccess does not exist or is not attachable.', 404],
  ],
  [
    'AttachRolePolicy',
    { RoleName: 'worker', PolicyArn: 'arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole' },
    [
      'NoSuchEntity',
      'Policy arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole does not exist or is not attachable.',
      404,
    ],
  ],
  [
    'DetachRolePolicy',
    { RoleName: 'worker', PolicyArn: BASIC },
    ['NoSuchEntity', `Policy ${BASIC} was not found.`, 404],
  ],
  [
    'TagRole',
    {
      RoleName: 'worker',
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'A', Value: '2' },
      ],
    },
    ['InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.', 400],
  ],
  [
    'TagRole',
    { RoleName: 'worker', Tags: [{ Key: 'AWS:team', Value: '1' }] },
    ['InvalidInput', 'aws: prefixed tag key names are not allowed for external use.', 400],
  ],
  [
    'TagRole',
    { RoleName: 'worker', Tags: [{ Key: '#', Value: '1' }] },
    [
      'ValidationError',
      "1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
      400,
    ],
  ],
  [
    'DeleteRolePermissionsBoundary',
    { RoleName: 'worker' },
    ['NoSuchEntity', 'The role with name worker has no permissions boundary.', 404],
  ],
  ['ListRoles', { Marker: 'bm90IG91cnM=' }, ['ValidationError', 'Invalid Marker.', 400]],
])('%s %j is refused as AWS does', async (operation, input, expected) => {
  const cell = await cellWithRole();
  cell.takeFacts();
  expect(await refusal(cell, operation, input)).toEqual(expected);
  expect(cell.takeFacts()).toEqual([]);
});

test('inline policies are kept by name and read back percent-encoded (RFC 3986)', async () => {
  const cell = await cellWithRole();
  await cell.call('iam', 'PutRolePolicy', { RoleName: 'worker', PolicyName: 'send', PolicyDocument: SEND });
  await cell.call('iam', 'PutRolePolicy', { RoleName: 'worker', PolicyName: 'again', PolicyDocument: SEND });
  const read = await cell.call<Record<string, string>>('iam', 'GetRolePolicy', {
    RoleName: 'worker',
    PolicyName: 'send',
  });
  expect(read).toMatchObject({ RoleName: 'worker', PolicyName: 'send' });
  expect(read['PolicyDocument']).toMatch(/^[A-Za-z0-9._~%-]+$/);
  expect(decodeURIComponent(read['PolicyDocument'] as string)).toBe(SEND);
  expect(await cell.call('iam', 'ListRolePolicies', { RoleName: 'worker' })).toEqual({
    PolicyNames: ['again', 'send'],
    IsTruncated: false,
  });
  await cell.call('iam', 'DeleteRolePolicy', { RoleName: 'worker', PolicyName: 'send' });
  expect(await cell.call('iam', 'ListRolePolicies', { RoleName: 'worker' })).toMatchObject({ PolicyNames: ['again'] });
});

test('all inline policies of a role together have a limit', async () => {
  const cell = await cellWithRole();
  const large = SEND.replace('a b', 'x'.repeat(6000));
  await cell.call('iam', 'PutRolePolicy', { RoleName: 'worker', PolicyName: 'one', PolicyDocument: large });
  expect(
    await refusal(cell, 'PutRolePolicy', { RoleName: 'worker', PolicyName: 'two', PolicyDocument: large }),
  ).toEqual(['LimitExceeded', 'Maximum policy size of 10240 bytes exceeded for role worker', 409]);
});

test('a role goes only when its policies are gone', async () => {
  const cell = await cellWithRole();
  await cell.call('iam', 'AttachRolePolicy', { RoleName: 'worker', PolicyArn: BASIC });
  await cell.call('iam', 'AttachRolePolicy', { RoleName: 'worker', PolicyArn: BASIC });
  expect(await cell.call('iam', 'ListAttachedRolePolicies', { RoleName: 'worker' })).toEqual({
    AttachedPolicies: [{ PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: BASIC }],
    IsTruncated: false,
  });
  const conflict = async () => refusal(cell, 'DeleteRole', { RoleName: 'worker' });
  expect(await conflict()).toEqual(['DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409]);
  await cell.call('iam', 'DetachRolePolicy', { RoleName: 'worker', PolicyArn: BASIC });
  await cell.call('iam', 'PutRolePolicy', { RoleName: 'worker', PolicyName: 'send', PolicyDocument: SEND });
  expect(await conflict()).toEqual(['DeleteConflict', 'Cannot delete entity, must delete policies first.', 409]);
  await cell.call('iam', 'DeleteRolePolicy', { RoleName: 'worker', PolicyName: 'send' });
  expect(await cell.call('iam', 'ListInstanceProfilesForRole', { RoleName: 'worker' })).toEqual({
    InstanceProfiles: [],
    IsTruncated: false,
  });
  await cell.call('iam', 'DeleteRole', { RoleName: 'worker' });
  expect(await refusal(cell, 'GetRole', { RoleName: 'worker' })).toContain('NoSuchEntity');
});

test('what an update does not name stays', async () => {
  const cell = await cellWithRole({ Description: 'first' });
  await cell.call('iam', 'UpdateRole', { RoleName: 'worker', MaxSessionDuration: 7200 });
  const described = await cell.call('iam', 'UpdateRoleDescription', { RoleName: 'worker', Description: 'second' });
  expect(described).toHaveProperty('Role.Description', 'second');
  const trust = TRUST.replace('lambda', 'ec2');
  await cell.call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'worker', PolicyDocument: trust });
  expect(await cell.call('iam', 'GetRole', { RoleName: 'worker' })).toMatchObject({
    Role: { Description: 'second', MaxSessionDuration: 7200, AssumeRolePolicyDocument: encodeURIComponent(trust) },
  });
});

test('tags are set, replaced, listed by key and removed', async () => {
  const cell = await cellWithRole({ Tags: [{ Key: 'b', Value: '1' }] });
  await cell.call('iam', 'TagRole', {
    RoleName: 'worker',
    Tags: [
      { Key: 'B', Value: '2' },
      { Key: 'a', Value: '' },
    ],
  });
  const listed = async () => cell.call('iam', 'ListRoleTags', { RoleName: 'worker' });
  expect(await listed()).toEqual({
    Tags: [
      { Key: 'B', Value: '2' },
      { Key: 'a', Value: '' },
    ],
    IsTruncated: false,
  });
  await cell.call('iam', 'UntagRole', { RoleName: 'worker', TagKeys: ['b', 'unknown'] });
  expect(await listed()).toEqual({ Tags: [{ Key: 'a', Value: '' }], IsTruncated: false });
});

test('a boundary is set, shown and taken away', async () => {
  const cell = await cellWithRole();
  await cell.call('iam', 'PutRolePermissionsBoundary', { RoleName: 'worker', PermissionsBoundary: BASIC });
  expect(await cell.call('iam', 'GetRole', { RoleName: 'worker' })).toMatchObject({
    Role: { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: BASIC } },
  });
  await cell.call('iam', 'DeleteRolePermissionsBoundary', { RoleName: 'worker' });
  const { Role } = await cell.call<{ Role: object }>('iam', 'GetRole', { RoleName: 'worker' });
  expect(Role).not.toHaveProperty('PermissionsBoundary');
});

test('pages go on where the last one ended, and a marker of another list is refused', async () => {
  const cell = await testCell([iam]);
  for (const name of ['c', 'a', 'B', 'd']) {
    await cell.call('iam', 'CreateRole', { RoleName: name, AssumeRolePolicyDocument: TRUST });
  }
  type Page = { Roles: { RoleName: string }[]; IsTruncated: boolean; Marker?: string };
  const first = await cell.call<Page>('iam', 'ListRoles', { MaxItems: 2 });
  expect([first.Roles.map((role) => role.RoleName), first.IsTruncated]).toEqual([['a', 'B'], true]);
  await cell.call('iam', 'DeleteRole', { RoleName: 'b' });
  const second = await cell.call<Page>('iam', 'ListRoles', { MaxItems: 2, Marker: first.Marker });
  expect([second.Roles.map((role) => role.RoleName), second.IsTruncated]).toEqual([['c', 'd'], false]);
  expect(await refusal(cell, 'ListUsers', { Marker: first.Marker })).toContain('Invalid Marker.');
});
