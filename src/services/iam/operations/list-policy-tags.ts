// AWS: IAM API reference, ListPolicyTags.

import { operation } from '#cell/service-definition.ts';
import type { ListPolicyTagsInput, ListPolicyTagsOutput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { policyOf } from '../managed-policies.ts';
import { pageOf } from '../pages.ts';
import type { IamState } from '../state.ts';
import { renderTags, sortedTags } from '../tags.ts';

export const listPolicyTags = operation<IamState, ListPolicyTagsInput, ListPolicyTagsOutput>({
  authorize: onPolicy('ListPolicyTags'),
  decide(turn, input) {
    const policy = policyOf(turn, input.PolicyArn);
    if ('refused' in policy) return policy;
    const list = `ListPolicyTags/${policy.arn}`;
    const page = pageOf(turn, input, { items: sortedTags(policy.tags), keyOf: (tag) => tag.key, list });
    return 'refused' in page ? page : { output: { Tags: renderTags(page.items), ...page.page } };
  },
});
