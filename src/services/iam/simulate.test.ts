import { expect, test } from 'vitest';
import { type TestCell, testCell } from '#cell/testing.ts';
import { iam } from './service.ts';

const ANN = 'arn:aws:iam::000000000000:user/ann';
const BOB = 'arn:aws:iam::000000000000:user/bob';
const HOME = ['arn:aws:s3:::homes/ann/letter'];

function policy(statement: object): string {
  const given = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::homes/*', ...statement };
  return JSON.stringify({ Version: '2012-10-17', Statement: given });
}

const OWN_HOME = policy({ Resource: `arn:aws:s3:::homes/\${aws:username}/*` });
const ACTIONS = { ActionNames: ['s3:GetObject'], ResourceArns: HOME };

interface Simulated {
  readonly EvaluationResults: readonly { readonly EvalDecision: string; readonly MissingContextValues: string[] }[];
}

async function open(): Promise<TestCell> {
  const cell = await testCell([iam]);
  for (const UserName of ['ann', 'bob']) await cell.call('iam', 'CreateUser', { UserName });
  return cell;
}

async function ask(cell: TestCell, operation: string, input: object): Promise<string> {
  const reply = await cell.reply('iam', operation, { ...ACTIONS, ...input });
  if ('refused' in reply) return `${reply.refused.code}: ${reply.refused.message}`;
  const [result] = (reply.output as Simulated).EvaluationResults;
  return [result?.EvalDecision, ...(result?.MissingContextValues ?? [])].join(' ');
}

const entry = (ContextKeyName: string, value: string, ContextKeyType = 'string') => ({
  ContextEntries: [{ ContextKeyName, ContextKeyValues: [value], ContextKeyType }],
});

test('a custom simulation takes policy variables from its context, from its caller, or names them as missing', async () => {
  const cell = await open();
  const custom = (input: object) => ask(cell, 'SimulateCustomPolicy', { PolicyInputList: [OWN_HOME], ...input });
  expect(await custom({})).toBe('implicitDeny aws:username');
  expect(await custom(entry('aws:username', 'ann'))).toBe('allowed');
  expect(await custom({ CallerArn: ANN })).toBe('allowed');
  expect(await custom({ CallerArn: BOB })).toBe('implicitDeny');
  expect(await custom({ CallerArn: BOB, ...entry('aws:username', 'ann') })).toBe('allowed');
});

test('a condition key that is not given is missing, one that follows from the caller is not', async () => {
  const cell = await open();
  const byArn = policy({ Condition: { ArnEquals: { 'aws:PrincipalArn': ANN } } });
  const custom = (input: object) => ask(cell, 'SimulateCustomPolicy', { PolicyInputList: [byArn], ...input });
  expect(await custom({})).toBe('implicitDeny aws:PrincipalArn');
  expect(await custom({ CallerArn: ANN })).toBe('allowed');
});

test('one user’s policies are simulated as if another had them', async () => {
  const cell = await open();
  const given = { PolicyName: 'home', PolicyDocument: OWN_HOME };
  await cell.call('iam', 'PutUserPolicy', { UserName: 'bob', ...given });
  const principal = (input: object) => ask(cell, 'SimulatePrincipalPolicy', { PolicySourceArn: BOB, ...input });
  expect(await principal({})).toBe('implicitDeny');
  expect(await principal({ CallerArn: ANN })).toBe('allowed');
});

test('a resource belongs to whom its ARN names, else to the given owner, else to the caller', async () => {
  const cell = await open();
  const queue = (account: string) => ({
    PolicyInputList: [policy({ Action: 'sqs:SendMessage', Resource: '*' })],
    ActionNames: ['sqs:SendMessage'],
    ResourceArns: [`arn:aws:sqs:us-east-1:${account}:orders`],
    CallerArn: ANN,
  });
  const owned = { ResourceOwner: 'arn:aws:iam::111111111111:root' };
  expect(await ask(cell, 'SimulateCustomPolicy', { ...queue('000000000000'), ...owned })).toBe('allowed');
  expect(await ask(cell, 'SimulateCustomPolicy', queue('111111111111'))).toBe('implicitDeny');
  const object = { PolicyInputList: [policy({})], CallerArn: ANN };
  expect(await ask(cell, 'SimulateCustomPolicy', object)).toBe('allowed');
  expect(await ask(cell, 'SimulateCustomPolicy', { ...object, ...owned })).toBe('implicitDeny');
  expect(await ask(cell, 'SimulateCustomPolicy', { ...object, ResourceOwner: '111111111111' })).toBe('implicitDeny');
});

test.each([
  [
    { ...entry('aws:SourceIp', '127.0.0.1', 'address') },
    "ValidationError: 1 validation error detected: Value at 'contextEntries.1.member.contextKeyType' failed to satisfy constraint: Member must satisfy enum value set: [string, stringList, numeric, numericList, boolean, booleanList, ip, ipList, binary, binaryList, date, dateList]",
  ],
  [{ CallerArn: 'arn:aws:sts::000000000000:assumed-role/a/b' }, 'InvalidInput: CallerArn'],
  [{ ResourcePolicy: policy({ Principal: '*' }) }, 'InvalidInput: CallerArn is required with ResourcePolicy'],
  [{ ResourceOwner: 'me' }, 'InvalidInput: ResourceOwner me is not the ARN of an account.'],
])('the simulator refuses what it could only ignore: %j', async (input, text) => {
  const cell = await open();
  expect(await ask(cell, 'SimulateCustomPolicy', { PolicyInputList: [OWN_HOME], ...input })).toContain(text);
});
