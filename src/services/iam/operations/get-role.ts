// AWS: IAM API reference, GetRole.

import { operation } from '#cell/service-definition.ts';
import type { GetRoleInput, GetRoleOutput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, ROLES } from '../entities.ts';
import type { IamState } from '../state.ts';
import { fullRole } from '../views.ts';

export const getRole = operation<IamState, GetRoleInput, GetRoleOutput>({
  authorize: onEntity(ROLES, 'GetRole'),
  decide(turn, input) {
    const role = entityOf(ROLES, turn, input);
    return 'refused' in role ? role : { output: { Role: fullRole(role) } };
  },
});
