// IAM and STS: roles and policies as tools make them, and keys that work at once.

import { expect } from 'vitest';
import type { Client, Key } from './client.ts';

const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

export async function identities(client: Client): Promise<void> {
  const RoleName = `${client.prefix}-role`;
  const trust = document({ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' });
  const Tags = [{ Key: 'team', Value: 'ü / co' }];
  const { Role } = await client.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: trust, Tags });
  expect(Role).toMatchObject({ RoleName, Arn: `arn:aws:iam::000000000000:role/${RoleName}`, Path: '/' });
  const PolicyDocument = document({ Effect: 'Allow', Action: ['sqs:*'], Resource: '*' });
  const { Policy } = await client.call('iam', 'CreatePolicy', { PolicyName: RoleName, PolicyDocument });
  const PolicyArn = Policy?.Arn ?? '';
  await client.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  await client.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'inline', PolicyDocument });
  const attached = await client.call('iam', 'ListAttachedRolePolicies', { RoleName });
  expect(attached.AttachedPolicies).toEqual([{ PolicyName: RoleName, PolicyArn }]);
  const inline = await client.call('iam', 'GetRolePolicy', { RoleName, PolicyName: 'inline' });
  // botocore reads the document, JavaScript leaves it percent-encoded.
  const read = inline.PolicyDocument as unknown;
  expect(typeof read === 'string' ? JSON.parse(decodeURIComponent(read)) : read).toEqual(JSON.parse(PolicyDocument));

  const RoleArn = Role?.Arn ?? '';
  const { Credentials } = await client.call('sts', 'AssumeRole', {
    RoleArn,
    RoleSessionName: 'day',
    DurationSeconds: 900,
  });
  const session = client.as(keyOf(Credentials ?? {}));
  const { Arn, Account } = await session.call('sts', 'GetCallerIdentity', {});
  expect([Account, Arn]).toEqual(['000000000000', `arn:aws:sts::000000000000:assumed-role/${RoleName}/day`]);
  expect(await session.call('sqs', 'ListQueues', { QueueNamePrefix: 'nothing' })).not.toHaveProperty('QueueUrls.0');

  const UserName = `${client.prefix}-user`;
  await client.call('iam', 'CreateUser', { UserName });
  const { AccessKey } = await client.call('iam', 'CreateAccessKey', { UserName });
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
  const user = client.as({ accessKeyId, secretAccessKey });
  expect((await user.call('sts', 'GetCallerIdentity', {})).Arn).toBe(`arn:aws:iam::000000000000:user/${UserName}`);
  const wrong = client.as({ accessKeyId, secretAccessKey: 'wrong' });
  expect(await wrong.refusal('sts', 'GetCallerIdentity', {})).toMatch(/^SignatureDoesNotMatch: The request signature/);

  const gone = { RoleName: `${RoleName}-missing` };
  expect(await client.refusal('iam', 'GetRole', gone)).toBe(
    `NoSuchEntityException: The role with name ${RoleName}-missing cannot be found.`,
  );
  expect(await client.refusal('iam', 'DeleteRole', { RoleName })).toMatch(/^DeleteConflictException: /);
  await client.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn });
  await client.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName: 'inline' });
  await client.call('iam', 'DeletePolicy', { PolicyArn });
  await client.call('iam', 'DeleteRole', { RoleName });
}

interface Credentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
}

function keyOf({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Credentials): Key {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

export async function logGroups(client: Client): Promise<void> {
  const logGroupName = `/${client.prefix}/group`;
  const place = { logGroupName, logStreamName: 'stream' };
  await client.call('logs', 'CreateLogGroup', { logGroupName, tags: { a: 'b' } });
  await client.call('logs', 'CreateLogStream', place);
  await client.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: 7 });
  const now = Date.now();
  const logEvents = ['{"level":"info"}', '{"level":"error","text":"Grüße 🌍"}', 'plain'].map((message, i) => ({
    timestamp: now + i,
    message,
  }));
  await client.call('logs', 'PutLogEvents', { ...place, logEvents });
  const all = await client.call('logs', 'GetLogEvents', { ...place, startFromHead: true });
  expect(all.events?.map(({ message, timestamp }) => ({ message, timestamp }))).toEqual(logEvents);
  const filterPattern = '{ $.level = "error" }';
  const found = await client.call('logs', 'FilterLogEvents', { logGroupName, filterPattern });
  expect(found.events?.map(({ message }) => message)).toEqual([logEvents[1]!.message]);
  const groups = await client.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: logGroupName });
  expect(groups.logGroups).toMatchObject([{ logGroupName, retentionInDays: 7 }]);
  const again = { logGroupName };
  expect(await client.refusal('logs', 'CreateLogGroup', again)).toBe(
    'ResourceAlreadyExistsException: The specified log group already exists',
  );
}
