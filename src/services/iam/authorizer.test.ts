import { expect, test } from 'vitest';
import type { AuthorizationRequest } from '#cell/authorization.ts';
import { defineService, operation } from '#cell/service-definition.ts';
import { type TestCell, testCell } from '#cell/testing.ts';
import type { Principal } from '#model/principal.ts';
import { iam } from './service.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const document = (statement: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*', ...statement },
  });

/** A service whose one operation asks what it is told to ask. */
const asking = defineService<object>({
  name: 'asking',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    Ask: operation<object, AuthorizationRequest, object>({
      authorize: (_turn, input) => input,
      decide: (turn, input) => ({ output: turn.authorize(input) }),
    }),
  },
});

const REQUEST: AuthorizationRequest = { action: 'sqs:SendMessage', resource: QUEUE, resourceAccount: '000000000000' };

async function cellWithAnn(mode: 'explain' | 'enforce'): Promise<{ cell: TestCell; ann: Principal }> {
  const cell = await testCell([iam, asking], { iamMode: mode });
  const created = await cell.call<{ User: { Arn: string; UserId: string } }>('iam', 'CreateUser', {
    UserName: 'ann',
    Tags: [{ Key: 'team', Value: 'blue' }],
  });
  const ann: Principal = { kind: 'user', account: '000000000000', arn: created.User.Arn, userId: created.User.UserId };
  return { cell, ann };
}

test('mode enforce refuses what no policy allows, in AWS’s words', async () => {
  const { cell, ann } = await cellWithAnn('enforce');
  expect(await cell.reply('asking', 'Ask', REQUEST, { principal: ann })).toHaveProperty('refused', {
    code: 'AccessDeniedException',
    message: `User: arn:aws:iam::000000000000:user/ann is not authorized to perform: sqs:SendMessage on resource: ${QUEUE} because no identity-based policy allows the sqs:SendMessage action`,
    status: 403,
    fault: 'client',
  });
  expect(await cell.reply('iam', 'ListRoles', {}, { principal: ann })).toMatchObject({
    refused: { code: 'AccessDenied', status: 403 },
  });
});

test('inline, attached and boundary policies count at once, and tags are condition keys', async () => {
  const { cell, ann } = await cellWithAnn('enforce');
  const decision = async (): Promise<string> => {
    const reply = await cell.reply('asking', 'Ask', REQUEST, { principal: ann });
    return 'refused' in reply ? 'denied' : 'allowed';
  };
  const byTeam = document({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } });
  await cell.call('iam', 'PutUserPolicy', { UserName: 'ann', PolicyName: 'p', PolicyDocument: byTeam });
  expect(await decision()).toBe('allowed');
  await cell.call('iam', 'UntagUser', { UserName: 'ann', TagKeys: ['team'] });
  expect(await decision()).toBe('denied');
  const attached = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess';
  await cell.call('iam', 'AttachUserPolicy', { UserName: 'ann', PolicyArn: attached });
  expect(await decision()).toBe('allowed');
  const boundary = 'arn:aws:iam::aws:policy/AmazonSNSFullAccess';
  await cell.call('iam', 'PutUserPermissionsBoundary', { UserName: 'ann', PermissionsBoundary: boundary });
  expect(await decision()).toBe('denied');
});

test('mode explain goes on, and notes what AWS would do with the statement that came nearest', async () => {
  const { cell, ann } = await cellWithAnn('explain');
  const elsewhere = document({ Sid: 'Eu', Resource: QUEUE.replace('us-east-1', 'eu-west-1') });
  await cell.call('iam', 'PutUserPolicy', { UserName: 'ann', PolicyName: 'p', PolicyDocument: elsewhere });
  cell.takeFacts();
  const verdict = await cell.call('asking', 'Ask', REQUEST, { principal: ann });
  expect(verdict).toMatchObject({
    isAllowed: true,
    decision: 'implicit-deny',
    detail: expect.stringContaining('only in the region'),
  });
  await cell.settle();
  expect(cell.takeFacts().map(({ name }) => name)).toContain('VerdictNoted');
});

test('a service that acts for a resource is asked with its source', async () => {
  const { cell } = await cellWithAnn('explain');
  const topic = 'arn:aws:sns:us-east-1:000000000000:events';
  const principal: Principal = {
    kind: 'service',
    service: 'sns.amazonaws.com',
    sourceArn: topic,
    account: '000000000000',
  };
  const resourcePolicy = (sourceArn: string): string =>
    document({ Principal: { Service: 'sns.amazonaws.com' }, Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } } });
  const ask = async (policy: string | undefined) =>
    cell.call('asking', 'Ask', { ...REQUEST, principal, resourcePolicy: policy });
  expect(await ask(undefined)).toMatchObject({ decision: 'implicit-deny' });
  expect(await ask(resourcePolicy(topic))).toMatchObject({ decision: 'allow' });
  expect(await ask(resourcePolicy(`${topic}-2`))).toMatchObject({ decision: 'implicit-deny' });
});

test('a stored policy that cannot be read allows nothing and ends nothing', async () => {
  const { cell, ann } = await cellWithAnn('explain');
  const verdict = await cell.call('asking', 'Ask', { ...REQUEST, resourcePolicy: '{' }, { principal: ann });
  expect(verdict).toMatchObject({ decision: 'implicit-deny' });
});

test('the simulator decides as the real thing and names missing condition keys', async () => {
  const { cell } = await cellWithAnn('explain');
  const conditional = document({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } });
  await cell.call('iam', 'PutUserPolicy', { UserName: 'ann', PolicyName: 'p', PolicyDocument: conditional });
  const source = { PolicySourceArn: 'arn:aws:iam::000000000000:user/ann', ResourceArns: [QUEUE] };
  const simulated = await cell.call('iam', 'SimulatePrincipalPolicy', {
    ...source,
    ActionNames: ['sqs:SendMessage', 'sns:Publish'],
  });
  expect(simulated).toEqual({
    EvaluationResults: [
      {
        EvalActionName: 'sqs:SendMessage',
        EvalResourceName: QUEUE,
        EvalDecision: 'implicitDeny',
        MatchedStatements: [],
        MissingContextValues: ['aws:SecureTransport'],
      },
      {
        EvalActionName: 'sns:Publish',
        EvalResourceName: QUEUE,
        EvalDecision: 'implicitDeny',
        MatchedStatements: [],
        MissingContextValues: ['aws:SecureTransport'],
      },
    ],
    IsTruncated: false,
  });
  const entry = { ContextKeyName: 'aws:SecureTransport', ContextKeyValues: ['true'], ContextKeyType: 'boolean' };
  const given = await cell.call('iam', 'SimulateCustomPolicy', {
    PolicyInputList: [conditional],
    ActionNames: ['sqs:SendMessage'],
    ContextEntries: [entry],
  });
  expect(given).toMatchObject({
    EvaluationResults: [
      {
        EvalDecision: 'allowed',
        MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1', SourcePolicyType: 'IAM Policy' }],
      },
    ],
  });
});
