// AWS: IAM API reference, ListGroupsForUser. Groups cannot be made here, so the list is empty; deployment tools ask before
// they delete a user.

import { operation } from '#cell/service-definition.ts';
import type { ListGroupsForUserInput, ListGroupsForUserOutput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import type { IamState } from '../state.ts';

export const listGroupsForUser = operation<IamState, ListGroupsForUserInput, ListGroupsForUserOutput>({
  authorize: onEntity(USERS, 'ListGroupsForUser'),
  decide(turn, input) {
    const user = entityOf(USERS, turn, input);
    return 'refused' in user ? user : { output: { Groups: [], IsTruncated: false } };
  },
});
