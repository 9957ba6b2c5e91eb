// AWS: IAM API reference, GetUser. Without a name: the user who asks.

import { operation } from '#cell/service-definition.ts';
import type { GetUserInput, GetUserOutput } from '#wire/generated/iam.ts';
import { withCallersName } from '../callers-name.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import type { IamState } from '../state.ts';
import { fullUser } from '../views.ts';

export const getUser = operation<IamState, GetUserInput, GetUserOutput>({
  authorize: (turn, input) => onEntity(USERS, 'GetUser')(turn, withCallersName(turn, input)),
  decide(turn, input) {
    const named = withCallersName(turn, input);
    if ('refused' in named) return named;
    const user = entityOf(USERS, turn, named);
    return 'refused' in user ? user : { output: { User: fullUser(user) } };
  },
});
