// AWS: IAM API reference, DeleteUser. Policies and access keys must be gone first.

import { operation } from '#cell/service-definition.ts';
import type { DeleteUserInput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import { mustDeleteAccessKeys, mustDeletePolicies, mustDetachPolicies } from '../errors.ts';
import { type IamState, nameKey } from '../state.ts';
import { userKeys } from '../user-keys.ts';

export const deleteUser = operation<IamState, DeleteUserInput, object>({
  authorize: onEntity(USERS, 'DeleteUser'),
  decide(turn, input) {
    const user = entityOf(USERS, turn, input);
    if ('refused' in user) return user;
    if (user.attachedPolicies.length > 0) return { refused: mustDetachPolicies() };
    if (Object.keys(user.inlinePolicies).length > 0) return { refused: mustDeletePolicies() };
    if (userKeys(turn, user).length > 0) return { refused: mustDeleteAccessKeys() };
    turn.drop(turn.state.users, nameKey(user.account, user.name));
    return { output: {} };
  },
});
