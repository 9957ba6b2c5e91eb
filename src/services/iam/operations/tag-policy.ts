// AWS: IAM API reference, TagPolicy.

import { operation } from '#cell/service-definition.ts';
import type { TagPolicyInput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { ownPolicyOf } from '../managed-policies.ts';
import { type IamState, nameKey } from '../state.ts';
import { mergeTags, POLICY_TAGS, parseTags } from '../tags.ts';

export const tagPolicy = operation<IamState, TagPolicyInput, object>({
  authorize: onPolicy('TagPolicy'),
  decide(turn, input) {
    const given = parseTags(input.Tags, POLICY_TAGS);
    if ('refused' in given) return given;
    const policy = ownPolicyOf(turn, input.PolicyArn);
    if ('refused' in policy) return policy;
    const tags = mergeTags(policy.tags, given, POLICY_TAGS);
    if ('refused' in tags) return tags;
    turn.put(turn.state.policies, nameKey(policy.account, policy.name), { ...policy, tags });
    return { output: {} };
  },
});
