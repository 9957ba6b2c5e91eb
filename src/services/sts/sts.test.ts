import { expect, test } from 'vitest';
import { defineService, operation } from '#cell/service-definition.ts';
import { TEST_NOW_MS, TEST_SCOPE, type TestCell, testCell } from '#cell/testing.ts';
import type { Principal } from '#model/principal.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { iam } from '#services/iam/service.ts';
import { sts } from './service.ts';
import { findSession } from './sessions.ts';
import type { StsState } from './state.ts';

const ROLE = 'arn:aws:iam::000000000000:role/apps/worker';
const trust = (principal: object, condition?: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: principal,
        Action: 'sts:AssumeRole',
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  });
const allow = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Sid: 'A', Effect: 'Allow', Action: action, Resource: '*' } });

/** Stands for Lambda: asks the credentials door. */
const lambda = defineService<object>({
  name: 'lambda',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    Start: operation<object, { roleArn: string }, object>({
      authorize: undefined,
      decide: (turn, { roleArn }) => {
        const service = 'lambda.amazonaws.com';
        const given = turn.doors.credentials?.forRole(turn, { roleArn, sessionName: 'fn', service });
        return { output: { given, why: turn.doors.credentials?.whyNotAssumable(turn, { roleArn, service }) } };
      },
    }),
  },
});

async function cellWithRole(trustPolicy: string, mode: 'off' | 'explain' | 'enforce' = 'enforce'): Promise<TestCell> {
  const cell = await testCell([iam, sts, lambda], { iamMode: mode });
  const input = { RoleName: 'worker', Path: '/apps/', AssumeRolePolicyDocument: trustPolicy, MaxSessionDuration: 7200 };
  await cell.call('iam', 'CreateRole', input);
  return cell;
}

async function newUser(cell: TestCell, name: string): Promise<Principal> {
  type Created = { User: { Arn: string; UserId: string } };
  const { User } = await cell.call<Created>('iam', 'CreateUser', { UserName: name });
  return { kind: 'user', account: '000000000000', arn: User.Arn, userId: User.UserId };
}

type Assumed = {
  Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string; Expiration: number };
  AssumedRoleUser: { AssumedRoleId: string; Arn: string };
  PackedPolicySize?: number;
};
const found = (cell: TestCell, id: string) =>
  findSession(cell.cell.registry.services.get('sts')?.state as StsState, id, {
    digest: nodeDigest,
    secret: cell.engine.secret,
  });

test('GetCallerIdentity tells root, users and sessions who they are', async () => {
  const cell = await testCell([iam, sts]);
  expect(await cell.call('sts', 'GetCallerIdentity', {})).toEqual({
    UserId: '000000000000',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  });
  const ann = (await newUser(cell, 'ann')) as Extract<Principal, { kind: 'user' }>;
  expect(await cell.call('sts', 'GetCallerIdentity', {}, { principal: ann })).toEqual({
    UserId: ann.userId,
    Account: '000000000000',
    Arn: ann.arn,
  });
  const anonymous = await cell.reply('sts', 'GetCallerIdentity', {}, { principal: { kind: 'anonymous' } });
  expect(anonymous).toHaveProperty('refused.code', 'MissingAuthenticationToken');
});

test('a user whom the trust policy names assumes the role, and the session is found until it expires', async () => {
  const cell = await cellWithRole(trust({ Service: 'ec2.amazonaws.com' }));
  const ann = await newUser(cell, 'ann');
  const arn = 'arn:aws:iam::000000000000:user/ann';
  await cell.call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'worker', PolicyDocument: trust({ AWS: arn }) });
  const input = { RoleArn: ROLE, RoleSessionName: 'job-1', DurationSeconds: 900 };
  const assumed = await cell.call<Assumed>('sts', 'AssumeRole', input, { principal: ann });
  expect(assumed).toEqual({
    Credentials: {
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      SessionToken: expect.stringMatching(/^.{44}$/),
      Expiration: TEST_NOW_MS + 900_000,
    },
    AssumedRoleUser: {
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:job-1$/),
      Arn: 'arn:aws:sts::000000000000:assumed-role/worker/job-1',
    },
  });
  const { AccessKeyId, SecretAccessKey, SessionToken } = assumed.Credentials;
  const journal = Buffer.concat(cell.engine.entries.map((entry) => entry.facts)).toString('latin1');
  expect([journal.includes(SecretAccessKey), journal.includes(SessionToken)]).toEqual([false, false]);
  const again = await cell.restart();
  const session = found(again, AccessKeyId);
  expect(session).toMatchObject({ secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  expect(session?.principal).toMatchObject({ kind: 'session', roleArn: ROLE, arn: assumed.AssumedRoleUser.Arn });
  expect(await again.call('sts', 'GetAccessKeyInfo', { AccessKeyId })).toEqual({ Account: '000000000000' });
  await again.advance(900_000);
  expect(found(again, AccessKeyId)).toBeUndefined();
});

test('a session may do what the role may, narrowed by its session policies', async () => {
  const cell = await cellWithRole(trust({ AWS: '*' }));
  await cell.call('iam', 'PutRolePolicy', { RoleName: 'worker', PolicyName: 'p', PolicyDocument: allow('iam:*') });
  const ann = await newUser(cell, 'ann');
  const assume = async (input: object): Promise<Assumed> =>
    cell.call<Assumed>('sts', 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'job', ...input }, { principal: ann });
  const mayList = async (assumed: Assumed, action: string): Promise<boolean> => {
    const principal = found(cell, assumed.Credentials.AccessKeyId)?.principal as Principal;
    return 'output' in (await cell.reply('iam', action, {}, { principal }));
  };
  const whole = await assume({});
  expect([await mayList(whole, 'ListRoles'), await mayList(whole, 'ListUsers')]).toEqual([true, true]);
  const narrowed = await assume({ Policy: allow('iam:ListRoles') });
  expect(narrowed.PackedPolicySize).toBeGreaterThan(0);
  expect([await mayList(narrowed, 'ListRoles'), await mayList(narrowed, 'ListUsers')]).toEqual([true, false]);
  const joined = await assume({
    Policy: allow('iam:ListRoles'),
    PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' }],
  });
  expect([await mayList(joined, 'ListRoles'), await mayList(joined, 'ListUsers')]).toEqual([true, true]);
  await cell.call('iam', 'DeleteRolePolicy', { RoleName: 'worker', PolicyName: 'p' });
  expect(await mayList(whole, 'ListRoles')).toBe(false);
});

test('a trust policy that names the account asks for an identity policy too; an external id is a condition', async () => {
  const condition = { StringEquals: { 'sts:ExternalId': 'secret-id' } };
  const cell = await cellWithRole(trust({ AWS: 'arn:aws:iam::000000000000:root' }, condition));
  const ann = await newUser(cell, 'ann');
  const assume = async (ExternalId?: string): Promise<boolean> => {
    const input = { RoleArn: ROLE, RoleSessionName: 'job', ...(ExternalId === undefined ? {} : { ExternalId }) };
    return 'output' in (await cell.reply('sts', 'AssumeRole', input, { principal: ann }));
  };
  expect(await assume('secret-id')).toBe(false);
  await cell.call('iam', 'PutUserPolicy', {
    UserName: 'ann',
    PolicyName: 'p',
    PolicyDocument: allow('sts:AssumeRole'),
  });
  expect([await assume('secret-id'), await assume('guess'), await assume()]).toEqual([true, false, false]);
});

const DENIED = `User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole on resource: ${ROLE}x`;
test.each([
  [{ RoleArn: `${ROLE}x` }, ['AccessDenied', DENIED]],
  [{ RoleArn: 'arn:aws:s3:::some-bucket-name' }, ['ValidationError', 'arn:aws:s3:::some-bucket-name is invalid']],
  [
    { RoleSessionName: 'a b' },
    [
      'ValidationError',
      "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
  ],
  [
    { RoleSessionName: undefined },
    [
      'ValidationError',
      "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    ],
  ],
  [
    { DurationSeconds: 10 },
    [
      'ValidationError',
      "1 validation error detected: Value '10' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
  ],
  [
    { DurationSeconds: 10_000 },
    ['ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'],
  ],
  [{ Policy: '{' }, ['MalformedPolicyDocument', 'Syntax errors in policy.']],
  [{ Tags: [{ Key: 'a', Value: 'b' }] }, ['ValidationError', 'Tags: session tags are not available here.']],
  [{ SourceIdentity: 'x' }, ['ValidationError', 'SourceIdentity: source identities are not available here.']],
  [
    { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/MadeUp' }] },
    ['ValidationError', 'Policy arn:aws:iam::aws:policy/MadeUp does not exist or is not attachable.'],
  ],
])('AssumeRole with %j is refused and changes nothing', async (change, expected) => {
  const cell = await cellWithRole(trust({ AWS: '*' }), 'off');
  cell.takeFacts();
  const reply = await cell.reply('sts', 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'job', ...change });
  if (!('refused' in reply)) throw new Error('was not refused');
  expect([reply.refused.code, reply.refused.message]).toEqual(expected);
  expect(cell.takeFacts()).toEqual([]);
});

test('roles assumed from a session last an hour at most', async () => {
  const cell = await cellWithRole(trust({ AWS: '*' }), 'off');
  const input = { RoleArn: ROLE, RoleSessionName: 'job', DurationSeconds: 7200 };
  const { Credentials } = await cell.call<Assumed>('sts', 'AssumeRole', input);
  const principal = found(cell, Credentials.AccessKeyId)?.principal as Principal;
  const chained = await cell.reply('sts', 'AssumeRole', input, { principal });
  expect(chained).toHaveProperty(
    'refused.message',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  );
  expect(await cell.reply('sts', 'GetSessionToken', {}, { principal })).toHaveProperty('refused.code', 'AccessDenied');
});

test('GetSessionToken gives a user twelve hours and root one', async () => {
  const cell = await testCell([iam, sts]);
  const ann = await newUser(cell, 'ann');
  const ofUser = await cell.call<Assumed>('sts', 'GetSessionToken', {}, { principal: ann });
  expect(ofUser.Credentials.Expiration).toBe(TEST_NOW_MS + 43_200_000);
  expect(found(cell, ofUser.Credentials.AccessKeyId)?.principal).toEqual(ann);
  const ofRoot = await cell.call<Assumed>('sts', 'GetSessionToken', {});
  expect(ofRoot.Credentials.Expiration).toBe(TEST_NOW_MS + 3_600_000);
});

test('the account of a key: of users, of sessions, of twelve digits', async () => {
  const cell = await testCell([iam, sts]);
  await newUser(cell, 'ann');
  type Key = { AccessKey: { AccessKeyId: string } };
  const { AccessKey } = await cell.call<Key>('iam', 'CreateAccessKey', { UserName: 'ann' });
  const accountOf = async (AccessKeyId: string) => cell.reply('sts', 'GetAccessKeyInfo', { AccessKeyId });
  expect(await accountOf(AccessKey.AccessKeyId)).toEqual({ output: { Account: TEST_SCOPE.account } });
  expect(await accountOf('123456789012')).toEqual({ output: { Account: '123456789012' } });
  expect(await accountOf('AKIAIOSFODNN7EXAMPLE')).toHaveProperty('refused.code', 'ValidationError');
});

test('a service gets credentials of a role that trusts it, and a reason of one that does not', async () => {
  const cell = await cellWithRole(trust({ Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] }));
  type Started = { given?: { accessKeyId: string }; why?: string };
  const trusted = await cell.call<Started>('lambda', 'Start', { roleArn: ROLE });
  expect(trusted.why).toBeUndefined();
  expect(found(cell, trusted.given?.accessKeyId ?? '')?.principal).toMatchObject({
    arn: 'arn:aws:sts::000000000000:assumed-role/worker/fn',
    roleArn: ROLE,
  });
  await cell.call('iam', 'UpdateAssumeRolePolicy', {
    RoleName: 'worker',
    PolicyDocument: trust({ Service: 'ec2.amazonaws.com' }),
  });
  expect(await cell.call<Started>('lambda', 'Start', { roleArn: ROLE })).toEqual({
    given: undefined,
    why: `The trust policy of ${ROLE} does not allow lambda.amazonaws.com to perform sts:AssumeRole.`,
  });
  expect(await cell.call<Started>('lambda', 'Start', { roleArn: `${ROLE}x` })).toEqual({
    given: undefined,
    why: `There is no role ${ROLE}x.`,
  });
});
