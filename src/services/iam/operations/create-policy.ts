// AWS: IAM API reference, CreatePolicy. Names are unique in the account, whatever the path.

import { operation } from '#cell/service-definition.ts';
import { newId } from '#wire/credential-ids.ts';
import type { CreatePolicyInput, CreatePolicyOutput } from '#wire/generated/iam.ts';
import { documentProblem, documentSize } from '../documents.ts';
import { entityArn } from '../entities.ts';
import { policyExists, quotaExceeded } from '../errors.ts';
import { MANAGED_POLICY_MAX } from '../limits.ts';
import { type IamState, nameKey, type PolicyDoc } from '../state.ts';
import { POLICY_TAGS, parseTags } from '../tags.ts';
import { DESCRIPTION_RULE, DOCUMENT_RULE, NAME_RULES, PATH_RULE, Validation } from '../validation.ts';
import { createdPolicy } from '../views.ts';

export const createPolicy = operation<IamState, CreatePolicyInput, CreatePolicyOutput>({
  authorize: (turn, { Path: path = '/', PolicyName: name = '' }) => ({
    action: 'iam:CreatePolicy',
    resource: entityArn(turn, 'policy', `${path}${name}`),
    resourceAccount: turn.scope.account,
  }),
  decide(turn, input) {
    const { Path: path = '/', Description: description } = input;
    const { error } = new Validation()
      .text('policyName', input.PolicyName, NAME_RULES.policy)
      .text('policyDocument', input.PolicyDocument, DOCUMENT_RULE)
      .optional('path', path, PATH_RULE)
      .optional('description', description, DESCRIPTION_RULE);
    if (error !== undefined) return { refused: error };
    const name = input.PolicyName as string;
    const document = input.PolicyDocument as string;
    const tags = parseTags(input.Tags, POLICY_TAGS);
    if ('refused' in tags) return tags;
    const problem = documentProblem(document, 'identity');
    if (problem !== undefined) return { refused: problem };
    if (documentSize(document) > MANAGED_POLICY_MAX)
      return { refused: quotaExceeded('PolicySize', MANAGED_POLICY_MAX) };
    const key = nameKey(turn.scope.account, name);
    if (turn.state.policies.has(key)) return { refused: policyExists(name) };
    const policy: PolicyDoc = {
      account: turn.scope.account,
      name,
      path,
      id: newId('ANPA', turn.entropy),
      arn: entityArn(turn, 'policy', `${path}${name}`),
      createdAtMs: turn.nowMs,
      updatedAtMs: turn.nowMs,
      defaultVersionId: 'v1',
      nextVersion: 2,
      versions: [{ id: 'v1', document, createdAtMs: turn.nowMs }],
      tags,
      ...(description === undefined ? {} : { description }),
    };
    turn.put(turn.state.policies, key, policy);
    return { output: { Policy: createdPolicy(policy) } };
  },
});
