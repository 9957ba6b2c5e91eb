// AWS: IAM API reference, UpdateRoleDescription.

import { operation } from '#cell/service-definition.ts';
import type { UpdateRoleDescriptionInput, UpdateRoleDescriptionOutput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, putEntity, ROLES } from '../entities.ts';
import type { IamState } from '../state.ts';
import { DESCRIPTION_RULE, Validation } from '../validation.ts';
import { createdRole } from '../views.ts';

export const updateRoleDescription = operation<IamState, UpdateRoleDescriptionInput, UpdateRoleDescriptionOutput>({
  authorize: onEntity(ROLES, 'UpdateRoleDescription'),
  decide(turn, input) {
    const { Description: description } = input;
    const { error } = new Validation().text('description', description, DESCRIPTION_RULE);
    if (error !== undefined) return { refused: error };
    const role = entityOf(ROLES, turn, input);
    if ('refused' in role) return role;
    putEntity(ROLES, turn, { ...role, description: description as string });
    return { output: { Role: { ...createdRole(role), Description: description } } };
  },
});
