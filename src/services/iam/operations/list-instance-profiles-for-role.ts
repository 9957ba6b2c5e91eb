// AWS: IAM API reference, ListInstanceProfilesForRole. There are no instances and no profiles here, so the list is empty;
// deployment tools ask before they delete a role.

import { operation } from '#cell/service-definition.ts';
import type { ListInstanceProfilesForRoleInput, ListInstanceProfilesForRoleOutput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, ROLES } from '../entities.ts';
import type { IamState } from '../state.ts';

export const listInstanceProfilesForRole = operation<
  IamState,
  ListInstanceProfilesForRoleInput,
  ListInstanceProfilesForRoleOutput
>({
  authorize: onEntity(ROLES, 'ListInstanceProfilesForRole'),
  decide(turn, input) {
    const role = entityOf(ROLES, turn, input);
    return 'refused' in role ? role : { output: { InstanceProfiles: [], IsTruncated: false } };
  },
});
