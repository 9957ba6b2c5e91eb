// AWS: IAM API reference, CreateAccessKey. The secret is shown this once; it is derived, not stored.

import { operation } from '#cell/service-definition.ts';
import { newId, secretOf } from '#wire/credential-ids.ts';
import type { CreateAccessKeyInput, CreateAccessKeyOutput } from '#wire/generated/iam.ts';
import { withCallersName } from '../callers-name.ts';
import { entityOf, onEntity, USERS } from '../entities.ts';
import { quotaExceeded } from '../errors.ts';
import { ACCESS_KEYS_PER_USER_MAX } from '../limits.ts';
import { type AccessKeyDoc, type IamState, nameKey } from '../state.ts';
import { userKeys } from '../user-keys.ts';

export const createAccessKey = operation<IamState, CreateAccessKeyInput, CreateAccessKeyOutput>({
  authorize: (turn, input) => onEntity(USERS, 'CreateAccessKey')(turn, withCallersName(turn, input)),
  decide(turn, input) {
    const named = withCallersName(turn, input);
    if ('refused' in named) return named;
    const user = entityOf(USERS, turn, named);
    if ('refused' in user) return user;
    if (userKeys(turn, user).length >= ACCESS_KEYS_PER_USER_MAX) {
      return { refused: quotaExceeded('AccessKeysPerUser', ACCESS_KEYS_PER_USER_MAX) };
    }
    const key: AccessKeyDoc = {
      account: user.account,
      id: newId('AKIA', turn.entropy),
      userName: user.name,
      status: 'Active',
      createdAtMs: turn.nowMs,
    };
    turn.put(turn.state.accessKeys, nameKey(key.account, key.id), key);
    const AccessKey = {
      UserName: user.name,
      AccessKeyId: key.id,
      Status: key.status,
      SecretAccessKey: secretOf(key.id, turn),
      CreateDate: key.createdAtMs,
    };
    return { output: { AccessKey } };
  },
});
