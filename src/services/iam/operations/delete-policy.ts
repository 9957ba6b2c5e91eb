// AWS: IAM API reference, DeletePolicy. It must be attached to nothing, and its other versions gone.

import { operation } from '#cell/service-definition.ts';
import type { DeletePolicyInput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { policyHasVersions, policyIsAttached } from '../errors.ts';
import { ownPolicyOf, policyUses } from '../managed-policies.ts';
import { accountPrefix, type IamState, nameKey } from '../state.ts';

export const deletePolicy = operation<IamState, DeletePolicyInput, object>({
  authorize: onPolicy('DeletePolicy'),
  decide(turn, input) {
    const policy = ownPolicyOf(turn, input.PolicyArn);
    if ('refused' in policy) return policy;
    if (policyUses(turn.state, accountPrefix(policy.account)).has(policy.arn)) return { refused: policyIsAttached() };
    if (policy.versions.length > 1) return { refused: policyHasVersions() };
    turn.drop(turn.state.policies, nameKey(policy.account, policy.name));
    return { output: {} };
  },
});
