import { beforeEach, expect, test } from 'vitest';
import { type TestCell, testCell } from '#cell/testing.ts';
import { scopeOf } from '#model/scope.ts';
import type { DescribeResourcePoliciesOutput, PutResourcePolicyOutput } from '#wire/generated/logs.ts';
import { logs } from '../service.ts';

const GROUP = '/aws/events/all';
const GROUP_ARN = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'logs:*', Resource: '*' },
});

let cell: TestCell;

beforeEach(async () => {
  cell = await testCell([logs]);
  await cell.call('logs', 'CreateLogGroup', { logGroupName: GROUP });
});

const put = (input: object) =>
  cell.call<PutResourcePolicyOutput>('logs', 'PutResourcePolicy', { policyDocument: DOCUMENT, ...input });
const describe = (input: object = {}) =>
  cell.call<DescribeResourcePoliciesOutput>('logs', 'DescribeResourcePolicies', input);
const refusal = async (operation: string, input: object) => {
  const reply = await cell.reply('logs', operation, input);
  return 'refused' in reply ? `${reply.refused.code}: ${reply.refused.message}` : undefined;
};

test('a policy is put, shown, replaced and deleted', async () => {
  const { resourcePolicy } = await put({ policyName: 'p' });
  expect(resourcePolicy).toMatchObject({ policyName: 'p', policyDocument: DOCUMENT, policyScope: 'ACCOUNT' });
  const other = DOCUMENT.replace('logs:*', 'logs:PutLogEvents');
  await put({ policyName: 'p', policyDocument: other });
  expect((await describe()).resourcePolicies?.map((policy) => policy.policyDocument)).toEqual([other]);
  await cell.call('logs', 'DeleteResourcePolicy', { policyName: 'p' });
  expect((await describe()).resourcePolicies).toEqual([]);
  expect(await refusal('DeleteResourcePolicy', { policyName: 'p' })).toBe(
    'ResourceNotFoundException: Policy with name [p] does not exist.',
  );
});

test('an account has at most ten; the eleventh is refused, a known one is still replaced', async () => {
  for (let i = 0; i < 10; i += 1) await put({ policyName: `p${i}` });
  const input = { policyName: 'p10', policyDocument: DOCUMENT };
  expect(await refusal('PutResourcePolicy', input)).toBe('LimitExceededException: Resource limit exceeded.');
  await put({ policyName: 'p3' });
  const elsewhere = { scope: scopeOf('000000000000', 'eu-west-1') };
  await cell.call('logs', 'PutResourcePolicy', input, elsewhere);
});

test('descriptions are paged', async () => {
  for (const policyName of ['b', 'a', 'c']) await put({ policyName });
  const first = await describe({ limit: 2 });
  expect(first.resourcePolicies?.map(({ policyName }) => policyName)).toEqual(['a', 'b']);
  const second = await describe({ limit: 2, nextToken: first.nextToken });
  expect(second.resourcePolicies?.map(({ policyName }) => policyName)).toEqual(['c']);
  expect(second.nextToken).toBeUndefined();
});

test('a group has one policy of its own, which is changed by who knows its revision and goes with the group', async () => {
  const { revisionId } = await put({ resourceArn: GROUP_ARN });
  expect(revisionId).toBeDefined();
  expect(await refusal('PutResourcePolicy', { resourceArn: GROUP_ARN, policyDocument: DOCUMENT })).toContain(
    'OperationAbortedException',
  );
  const again = await put({ resourceArn: GROUP_ARN, expectedRevisionId: revisionId });
  expect(again.revisionId).not.toBe(revisionId);
  expect((await describe()).resourcePolicies).toEqual([]);
  const own = { policyScope: 'RESOURCE', resourceArn: `${GROUP_ARN}:*` };
  expect((await describe(own)).resourcePolicies).toMatchObject([{ resourceArn: GROUP_ARN, policyScope: 'RESOURCE' }]);
  await cell.call('logs', 'DeleteLogGroup', { logGroupName: GROUP });
  expect((await describe({ policyScope: 'RESOURCE' })).resourcePolicies).toEqual([]);
});

test.each([
  [{ policyName: 'p' }, "Value null at 'policyDocument'"],
  [{ policyDocument: DOCUMENT }, "Value null at 'policyName'"],
  [{ policyName: 'p', policyDocument: 'no json' }, 'InvalidParameterException'],
  [{ policyName: 'p', policyDocument: '{"Statement":[{}]}' }, 'InvalidParameterException'],
  [{ policyName: 'p', policyDocument: ' '.repeat(51_201) }, 'Member must have length less than or equal to 51200'],
  [{ resourceArn: `${GROUP_ARN}x`, policyDocument: DOCUMENT }, 'ResourceNotFoundException'],
])('%j is refused: %s', async (input, text) => {
  expect(await refusal('PutResourcePolicy', input)).toContain(text);
});
