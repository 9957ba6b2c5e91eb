// Identities from one end to the other: real SDK clients against a server that verifies signatures and enforces policies.
// Root makes users and roles, they sign with keys of their own, and a queue's policy lets another account in.

import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/testing.ts';

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const ROOT: Key = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret-root-secret-root-secret-root' };
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';
const allow = (action: string, resource = '*'): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });

let server: TestServer;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  server = await startTestServer(['--auth', 'strict', '--iam', 'enforce'], {
    EDDY_ROOT_ACCESS_KEY_ID: ROOT.accessKeyId,
    EDDY_ROOT_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  });
});

afterAll(async () => {
  for (const client of clients) client.destroy();
  await server.close();
});

function settings(credentials: Key) {
  return { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
}

function as(key: Key): { iam: IAMClient; sts: STSClient; sqs: SQSClient } {
  const made = {
    iam: new IAMClient(settings(key)),
    sts: new STSClient(settings(key)),
    sqs: new SQSClient(settings(key)),
  };
  clients.push(made.iam, made.sts, made.sqs);
  return made;
}

async function newUser(name: string): Promise<Key> {
  const { iam } = as(ROOT);
  await iam.send(new CreateUserCommand({ UserName: name }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

test('a role as Terraform makes it, through the SDK', async () => {
  const { iam } = as(ROOT);
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  await iam.send(
    new CreateRoleCommand({ RoleName: 'fn', AssumeRolePolicyDocument: trust, Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName: 'fn', PolicyName: 'p', PolicyDocument: allow('sqs:*') }));
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'fn', PolicyArn }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'fn' }));
  expect(Role).toMatchObject({
    RoleName: 'fn',
    MaxSessionDuration: 3600,
    Tags: [{ Key: 'a', Value: 'b' }],
    RoleLastUsed: {},
  });
  expect(Role?.CreateDate).toBeInstanceOf(Date);
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
  const inline = await iam.send(new GetRolePolicyCommand({ RoleName: 'fn', PolicyName: 'p' }));
  expect(decodeURIComponent(inline.PolicyDocument ?? '')).toBe(allow('sqs:*'));
  const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'fn' }));
  expect(attached.AttachedPolicies).toEqual([{ PolicyName: 'AWSLambdaSQSQueueExecutionRole', PolicyArn }]);
  await expect(iam.send(new GetRoleCommand({ RoleName: 'nobody' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The role with name nobody cannot be found.',
    $metadata: { httpStatusCode: 404 },
  });
});

test('a user may do what his policies allow, at once, and nothing with a key that is switched off', async () => {
  const root = as(ROOT);
  const { QueueUrl } = await root.sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  const key = await newUser('ann');
  const ann = as(key);
  expect(await ann.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: 'arn:aws:iam::000000000000:user/ann',
    Account: '000000000000',
  });
  const send = async () => ann.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  await expect(send()).rejects.toMatchObject({
    message: expect.stringContaining(
      'User: arn:aws:iam::000000000000:user/ann is not authorized to perform: sqs:sendmessage',
    ),
  });
  await root.iam.send(
    new PutUserPolicyCommand({
      UserName: 'ann',
      PolicyName: 'send',
      PolicyDocument: allow('sqs:SendMessage', QUEUE_ARN),
    }),
  );
  expect(await send()).toHaveProperty('MessageId');
  const read = ann.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  await expect(read).rejects.toThrow();
  const off = { UserName: 'ann', AccessKeyId: key.accessKeyId, Status: 'Inactive' } as const;
  await root.iam.send(new UpdateAccessKeyCommand(off));
  await expect(send()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
});

test('an assumed role signs with its token, is narrowed by its session policy, and nothing works without the token', async () => {
  const root = as(ROOT);
  const eve = as(await newUser('eve'));
  const AssumeRolePolicyDocument = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:user/eve' }, Action: 'sts:AssumeRole' },
  });
  await root.iam.send(new CreateRoleCommand({ RoleName: 'sender', AssumeRolePolicyDocument }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess';
  await root.iam.send(new AttachRolePolicyCommand({ RoleName: 'sender', PolicyArn }));
  const RoleArn = 'arn:aws:iam::000000000000:role/sender';
  const input = { RoleArn, RoleSessionName: 's1', Policy: allow('sqs:SendMessage') };
  const { Credentials } = await eve.sts.send(new AssumeRoleCommand(input));
  const key = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const session = as(key);
  const { QueueUrl } = await root.sqs.send(new CreateQueueCommand({ QueueName: 'of-sessions' }));
  const identity = await session.sts.send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe('arn:aws:sts::000000000000:assumed-role/sender/s1');
  expect(await session.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).toHaveProperty('MessageId');
  await expect(session.sqs.send(new CreateQueueCommand({ QueueName: 'more' }))).rejects.toThrow();
  const { accessKeyId, secretAccessKey } = key;
  await expect(as({ accessKeyId, secretAccessKey }).sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
});

test('a user with a managed policy of AWS’s, and a policy of AWS’s that is not known here', async () => {
  const root = as(ROOT);
  const bob = as(await newUser('bob'));
  const attach = async (name: string) =>
    root.iam.send(new AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: `arn:aws:iam::aws:policy/${name}` }));
  await attach('AmazonSQSFullAccess');
  expect(await bob.sqs.send(new CreateQueueCommand({ QueueName: 'of-bob' }))).toHaveProperty('QueueUrl');
  await expect(attach('AmazonMadeUpAccess')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});
