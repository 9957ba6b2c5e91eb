// AWS: IAM API reference, DeleteRole. Policies must be gone first.

import { operation } from '#cell/service-definition.ts';
import type { DeleteRoleInput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, ROLES } from '../entities.ts';
import { mustDeletePolicies, mustDetachPolicies } from '../errors.ts';
import { type IamState, nameKey } from '../state.ts';

export const deleteRole = operation<IamState, DeleteRoleInput, object>({
  authorize: onEntity(ROLES, 'DeleteRole'),
  decide(turn, input) {
    const role = entityOf(ROLES, turn, input);
    if ('refused' in role) return role;
    if (role.attachedPolicies.length > 0) return { refused: mustDetachPolicies() };
    if (Object.keys(role.inlinePolicies).length > 0) return { refused: mustDeletePolicies() };
    turn.drop(turn.state.roles, nameKey(role.account, role.name));
    return { output: {} };
  },
});
