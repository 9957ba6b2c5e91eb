// AWS: IAM API reference, ListPolicies. Of AWS's own policies those are listed that are known here.

import { operation } from '#cell/service-definition.ts';
import type { ListPoliciesInput, ListPoliciesOutput } from '#wire/generated/iam.ts';
import { listAwsPolicies } from '../aws-policies.ts';
import { onAccount } from '../entities.ts';
import { type PolicyUse, policyUses } from '../managed-policies.ts';
import { byText, pageOf } from '../pages.ts';
import { accountPrefix, type IamState, type IamTurn, type PolicyDoc } from '../state.ts';
import { Validation } from '../validation.ts';
import { listedPolicy } from '../views.ts';

export const listPolicies = operation<IamState, ListPoliciesInput, ListPoliciesOutput>({
  authorize: onAccount('ListPolicies'),
  decide(turn, input) {
    const { error } = new Validation()
      .oneOf('scope', input.Scope, ['All', 'AWS', 'Local'])
      .oneOf('policyUsageFilter', input.PolicyUsageFilter, ['PermissionsPolicy', 'PermissionsBoundary']);
    if (error !== undefined) return { refused: error };
    const uses = policyUses(turn.state, accountPrefix(turn.scope.account));
    const items = policiesOf(turn, input.Scope)
      .filter((policy) => policy.path.startsWith(input.PathPrefix ?? '/'))
      .filter((policy) => isAskedFor(uses.get(policy.arn), input))
      .sort(byText((policy) => policy.arn));
    const list = `ListPolicies/${input.Scope ?? ''}/${input.PathPrefix ?? ''}/${input.OnlyAttached ?? ''}`;
    const page = pageOf(turn, input, { items, keyOf: (policy) => policy.arn, list });
    if ('refused' in page) return page;
    const Policies = page.items.map((policy) => listedPolicy(policy, uses.get(policy.arn)));
    return { output: { Policies, ...page.page } };
  },
});

function policiesOf(turn: IamTurn, scope = 'All'): PolicyDoc[] {
  const own = scope === 'AWS' ? [] : turn.state.policies.list(accountPrefix(turn.scope.account));
  const aws = scope === 'Local' ? [] : listAwsPolicies(turn.scope.partition, turn.digest);
  return [...own, ...aws];
}

function isAskedFor(use: PolicyUse | undefined, { OnlyAttached, PolicyUsageFilter }: ListPoliciesInput): boolean {
  if (PolicyUsageFilter === 'PermissionsBoundary') return (use?.boundaryCount ?? 0) > 0;
  return OnlyAttached !== true || (use?.attachmentCount ?? 0) > 0;
}
