// AWS: IAM API reference, ListPolicyVersions. Newest first.

import { operation } from '#cell/service-definition.ts';
import type { ListPolicyVersionsInput, ListPolicyVersionsOutput } from '#wire/generated/iam.ts';
import { onPolicy } from '../entities.ts';
import { policyOf } from '../managed-policies.ts';
import { pageOf } from '../pages.ts';
import type { IamState } from '../state.ts';
import { listedVersion } from '../views.ts';

export const listPolicyVersions = operation<IamState, ListPolicyVersionsInput, ListPolicyVersionsOutput>({
  authorize: onPolicy('ListPolicyVersions'),
  decide(turn, input) {
    const policy = policyOf(turn, input.PolicyArn);
    if ('refused' in policy) return policy;
    const items = [...policy.versions].reverse();
    // Keys of a page ascend; versions descend.
    const keyOf = ({ id }: { id: string }): string => String(1_000_000 - Number(id.slice(1))).padStart(7, '0');
    const page = pageOf(turn, input, { items, keyOf, list: `ListPolicyVersions/${policy.arn}` });
    if ('refused' in page) return page;
    return { output: { Versions: page.items.map((version) => listedVersion(policy, version)), ...page.page } };
  },
});
