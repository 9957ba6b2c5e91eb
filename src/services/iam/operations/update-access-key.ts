// AWS: IAM API reference, UpdateAccessKey. An inactive key opens nothing until it is active again.

import { operation } from '#cell/service-definition.ts';
import type { UpdateAccessKeyInput } from '#wire/generated/iam.ts';
import { withCallersName } from '../callers-name.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import { accessKeyNotFound } from '../errors.ts';
import { ACCESS_KEY_PATTERN } from '../limits.ts';
import { type AccessKeyDoc, type IamState, nameKey } from '../state.ts';
import { userKey } from '../user-keys.ts';
import { Validation } from '../validation.ts';

export const updateAccessKey = operation<IamState, UpdateAccessKeyInput, object>({
  authorize: (turn, input) => onEntity(USERS, 'UpdateAccessKey')(turn, withCallersName(turn, input)),
  decide(turn, input) {
    const { AccessKeyId: id, Status: status } = input;
    const validation = new Validation()
      .text('accessKeyId', id, { min: 16, max: 128, pattern: ACCESS_KEY_PATTERN })
      .oneOf('status', status, ['Active', 'Inactive']);
    if (status === undefined) validation.add('status', 'Member must not be null');
    if (validation.error !== undefined) return { refused: validation.error };
    const named = withCallersName(turn, input);
    if ('refused' in named) return named;
    const user = entityOf(USERS, turn, named);
    if ('refused' in user) return user;
    const key = userKey(turn, user, id);
    if (key === undefined) return { refused: accessKeyNotFound(id as string) };
    const updated = { ...key, status: status as AccessKeyDoc['status'] };
    turn.put(turn.state.accessKeys, nameKey(key.account, key.id), updated);
    return { output: {} };
  },
});
