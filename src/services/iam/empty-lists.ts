// Lists of things that a user can have with AWS and cannot have here: nothing can make them, so the empty list is the
// truth. Deployment tools ask for them before they delete a user.

import { operation } from '#cell/service-definition.ts';
import { entityOf, type NameInput, onEntity, USERS } from './entities.ts';
import type { IamState } from './state.ts';

export function emptyUserList(action: string, output: object) {
  return operation<IamState, NameInput, object>({
    authorize: onEntity(USERS, action),
    decide(turn, input) {
      // Without a name AWS lists those of the caller, which are as few.
      const user = input.UserName === undefined ? undefined : entityOf(USERS, turn, input);
      return user !== undefined && 'refused' in user ? user : { output };
    },
  });
}
