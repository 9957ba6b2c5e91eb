// AWS: IAM API reference, DeleteLoginProfile. Passwords cannot be set here, so there is never one to delete.

import { operation } from '#cell/service-definition.ts';
import type { DeleteLoginProfileInput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import { loginProfileNotFound } from '../errors.ts';
import type { IamState } from '../state.ts';

export const deleteLoginProfile = operation<IamState, DeleteLoginProfileInput, object>({
  authorize: onEntity(USERS, 'DeleteLoginProfile'),
  decide(turn, input) {
    const user = entityOf(USERS, turn, input);
    return 'refused' in user ? user : { refused: loginProfileNotFound(user.name) };
  },
});
