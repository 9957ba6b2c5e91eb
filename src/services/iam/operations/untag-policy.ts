// AWS: IAM API reference, UntagPolicy.

import { operation } from '#cell/service-definition.ts';
import type { UntagPolicyInput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { ownPolicyOf } from '../managed-policies.ts';
import { type IamState, nameKey } from '../state.ts';
import { POLICY_TAGS, tagKeysProblem, withoutTags } from '../tags.ts';

export const untagPolicy = operation<IamState, UntagPolicyInput, object>({
  authorize: onPolicy('UntagPolicy'),
  decide(turn, input) {
    const problem = tagKeysProblem(input.TagKeys);
    if (problem !== undefined) return { refused: problem };
    const policy = ownPolicyOf(turn, input.PolicyArn);
    if ('refused' in policy) return policy;
    const tags = withoutTags(policy.tags, input.TagKeys ?? [], POLICY_TAGS);
    turn.put(turn.state.policies, nameKey(policy.account, policy.name), { ...policy, tags });
    return { output: {} };
  },
});
