// AWS: IAM API reference, DeleteAccessKey.

import { operation } from '#cell/service-definition.ts';
import type { DeleteAccessKeyInput } from '#wire/generated/iam.ts';
import { withCallersName } from '../callers-name.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import { accessKeyNotFound } from '../errors.ts';
import { ACCESS_KEY_PATTERN } from '../limits.ts';
import { type IamState, nameKey } from '../state.ts';
import { userKey } from '../user-keys.ts';
import { Validation } from '../validation.ts';

export const deleteAccessKey = operation<IamState, DeleteAccessKeyInput, object>({
  authorize: (turn, input) => onEntity(USERS, 'DeleteAccessKey')(turn, withCallersName(turn, input)),
  decide(turn, input) {
    const { AccessKeyId: id } = input;
    const { error } = new Validation().text('accessKeyId', id, { min: 16, max: 128, pattern: ACCESS_KEY_PATTERN });
    if (error !== undefined) return { refused: error };
    const named = withCallersName(turn, input);
    if ('refused' in named) return named;
    const user = entityOf(USERS, turn, named);
    if ('refused' in user) return user;
    const key = userKey(turn, user, id);
    if (key === undefined) return { refused: accessKeyNotFound(id as string) };
    turn.drop(turn.state.accessKeys, nameKey(key.account, key.id));
    return { output: {} };
  },
});
