// AWS: IAM API reference, GetLoginProfile. Passwords cannot be set here, so there is never one.

import { operation } from '#cell/service-definition.ts';
import type { GetLoginProfileInput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import { loginProfileNotFound } from '../errors.ts';
import type { IamState } from '../state.ts';

export const getLoginProfile = operation<IamState, GetLoginProfileInput, object>({
  authorize: onEntity(USERS, 'GetLoginProfile'),
  decide(turn, input) {
    const user = entityOf(USERS, turn, input);
    return 'refused' in user ? user : { refused: loginProfileNotFound(user.name) };
  },
});
