// PutResourcePolicy, DescribeResourcePolicies, DeleteResourcePolicy. Source: API reference; texts as recorded of AWS (LocalStack,
// tests/aws/services/logs/test_logs_resource_policies.snapshot.json), those about revisions are ours.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import { Validation } from '#model/validation.ts';
import type {
  DeleteResourcePolicyInput,
  DescribeResourcePoliciesInput,
  DescribeResourcePoliciesOutput,
  PutResourcePolicyInput,
  PutResourcePolicyOutput,
} from '#wire/generated/logs.ts';
import {
  groupDoesNotExist,
  invalidNextToken,
  invalidParameter,
  operationAborted,
  policyDoesNotExist,
  resourceLimitExceeded,
  validationFailed,
} from '../errors.ts';
import { groupNameOfArn, type LogsTurn, onAccount } from '../find-group.ts';
import { ACCOUNT_POLICIES_MAX, DESCRIBE_MAX, POLICY_LENGTH_MAX } from '../limits.ts';
import { decodeToken, encodeToken } from '../page-token.ts';
import { accountPolicyKey, describePolicy, groupPolicyKey, type ResourcePolicyDoc } from '../resource-policies.ts';
import { groupKey, type LogsState } from '../state.ts';

export const putResourcePolicy = operation<LogsState, PutResourcePolicyInput, PutResourcePolicyOutput>({
  authorize: onAccount('PutResourcePolicy'),
  decide(turn, input) {
    const problem = putProblem(input);
    if (problem !== undefined) return refuse(problem);
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    const { key, groupArn, before } = place;
    if (before === undefined && groupArn === undefined && isFull(turn)) return refuse(resourceLimitExceeded());
    const doc: ResourcePolicyDoc = {
      name: input.policyName,
      text: input.policyDocument as string,
      updatedAtMs: turn.nowMs,
      groupArn,
      revisionId: groupArn === undefined ? undefined : turn.uuid(),
    };
    turn.put(turn.state.resourcePolicies, key, doc);
    return { output: { resourcePolicy: describePolicy(doc), revisionId: doc.revisionId } };
  },
});

export const describeResourcePolicies = operation<
  LogsState,
  DescribeResourcePoliciesInput,
  DescribeResourcePoliciesOutput
>({
  authorize: onAccount('DescribeResourcePolicies'),
  decide(turn, input) {
    const { limit = DESCRIBE_MAX, nextToken, policyScope = 'ACCOUNT', resourceArn } = input;
    const problem = new Validation()
      .range('limit', input.limit, { min: 1, max: DESCRIBE_MAX })
      .oneOf('policyScope', policyScope, ['ACCOUNT', 'RESOURCE']).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const question = ['resource-policies', policyScope, resourceArn ?? null];
    const afterKey = nextToken === undefined ? undefined : decodeToken<string>(turn, question, nextToken);
    if (nextToken !== undefined && afterKey === undefined) return refuse(invalidNextToken());
    const isOfAccount = policyScope === 'ACCOUNT' && resourceArn === undefined;
    const wanted = resourceArn === undefined ? undefined : groupNameOfArn(resourceArn);
    const { items, lastKey } = turn.state.resourcePolicies.page({
      prefix: isOfAccount ? accountPolicyKey(turn.scope, '') : groupPolicyKey(turn.scope, ''),
      limit,
      ...(afterKey === undefined ? {} : { afterKey }),
      where: ({ groupArn = '' }) => resourceArn === undefined || groupNameOfArn(groupArn) === wanted,
    });
    return {
      output: {
        resourcePolicies: items.map(({ doc }) => describePolicy(doc)),
        ...(lastKey === undefined ? {} : { nextToken: encodeToken(turn, question, lastKey) }),
      },
    };
  },
});

export const deleteResourcePolicy = operation<LogsState, DeleteResourcePolicyInput, object>({
  authorize: onAccount('DeleteResourcePolicy'),
  decide(turn, input) {
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    if (place.before === undefined) return refuse(policyDoesNotExist(input.policyName ?? input.resourceArn ?? ''));
    turn.drop(turn.state.resourcePolicies, place.key);
    return { output: {} };
  },
});

interface Place {
  readonly key: string;
  readonly groupArn: string | undefined;
  readonly before: ResourcePolicyDoc | undefined;
}

/** Where the policy is or will be; of a group's policy the caller must know the revision. */
function placeOf(
  turn: LogsTurn,
  { policyName, resourceArn, expectedRevisionId }: DeleteResourcePolicyInput,
): Place | Refused {
  const { resourcePolicies, groups } = turn.state;
  if (resourceArn === undefined) {
    const problem = new Validation().required('policyName', policyName).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const key = accountPolicyKey(turn.scope, policyName as string);
    return { key, groupArn: undefined, before: resourcePolicies.get(key) };
  }
  const name = groupNameOfArn(resourceArn);
  const group = name === undefined ? undefined : groups.get(groupKey(turn.scope, name));
  if (group === undefined) return refuse(groupDoesNotExist());
  const key = groupPolicyKey(turn.scope, group.name);
  const before = resourcePolicies.get(key);
  if (before?.revisionId !== expectedRevisionId) return refuse(operationAborted());
  return { key, groupArn: group.arn, before };
}

function putProblem({ policyDocument, policyName, resourceArn }: PutResourcePolicyInput): AwsError | undefined {
  const checked = new Validation();
  if (resourceArn === undefined) checked.required('policyName', policyName);
  const problem = checked
    .required('policyDocument', policyDocument)
    .length('policyDocument', policyDocument, { min: 1, max: POLICY_LENGTH_MAX }).text;
  if (problem !== undefined) return validationFailed(problem);
  const parsed = parsePolicyDocument(policyDocument as string, 'resource');
  return 'problem' in parsed ? invalidParameter(`${parsed.problem.text} (${parsed.problem.detail})`) : undefined;
}

function isFull(turn: LogsTurn): boolean {
  return turn.state.resourcePolicies.list(accountPolicyKey(turn.scope, '')).length >= ACCOUNT_POLICIES_MAX;
}
