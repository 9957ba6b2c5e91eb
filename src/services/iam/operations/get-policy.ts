// AWS: IAM API reference, GetPolicy.

import { operation } from '#cell/service-definition.ts';
import type { GetPolicyInput, GetPolicyOutput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { policyOf, policyUses } from '../managed-policies.ts';
import { accountPrefix, type IamState } from '../state.ts';
import { fullPolicy } from '../views.ts';

export const getPolicy = operation<IamState, GetPolicyInput, GetPolicyOutput>({
  authorize: onPolicy('GetPolicy'),
  decide(turn, input) {
    const policy = policyOf(turn, input.PolicyArn);
    if ('refused' in policy) return policy;
    const uses = policyUses(turn.state, accountPrefix(turn.scope.account));
    return { output: { Policy: fullPolicy(policy, uses.get(policy.arn)) } };
  },
});
