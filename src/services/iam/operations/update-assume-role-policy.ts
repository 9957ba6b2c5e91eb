// AWS: IAM API reference, UpdateAssumeRolePolicy.

import { operation } from '#cell/service-definition.ts';
import type { UpdateAssumeRolePolicyInput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, putEntity, ROLES } from '../entities.ts';
import type { IamState } from '../state.ts';
import { trustPolicyProblem } from '../trusted-principals.ts';
import { DOCUMENT_RULE, Validation } from '../validation.ts';

export const updateAssumeRolePolicy = operation<IamState, UpdateAssumeRolePolicyInput, object>({
  authorize: onEntity(ROLES, 'UpdateAssumeRolePolicy'),
  decide(turn, input) {
    const { error } = new Validation().text('policyDocument', input.PolicyDocument, DOCUMENT_RULE);
    if (error !== undefined) return { refused: error };
    const role = entityOf(ROLES, turn, input);
    if ('refused' in role) return role;
    const trustPolicy = input.PolicyDocument as string;
    const problem = trustPolicyProblem(turn, trustPolicy);
    if (problem !== undefined) return { refused: problem };
    putEntity(ROLES, turn, { ...role, trustPolicy });
    return { output: {} };
  },
});
