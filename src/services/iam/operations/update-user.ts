// AWS: IAM API reference, UpdateUser. A new name or path makes a new ARN; id, keys and policies stay with the user.

import { operation } from '#cell/service-definition.ts';
import type { UpdateUserInput } from '#wire/generated/iam.ts';
import { entityArn, entityOf, findEntity, onEntity, putEntity, USERS } from '../entities.ts';
import { entityExists } from '../errors.ts';
import { type IamState, nameKey } from '../state.ts';
import { userKeys } from '../user-keys.ts';
import { NAME_RULES, PATH_RULE, Validation } from '../validation.ts';

export const updateUser = operation<IamState, UpdateUserInput, object>({
  authorize: onEntity(USERS, 'UpdateUser'),
  decide(turn, input) {
    const { error } = new Validation()
      .optional('newUserName', input.NewUserName, NAME_RULES.user)
      .optional('newPath', input.NewPath, PATH_RULE);
    if (error !== undefined) return { refused: error };
    const user = entityOf(USERS, turn, input);
    if ('refused' in user) return user;
    const { NewUserName: name = user.name, NewPath: path = user.path } = input;
    const namesake = findEntity(USERS, turn, name);
    if (namesake !== undefined && namesake.id !== user.id) return { refused: entityExists('User', name) };
    const keys = userKeys(turn, user);
    turn.drop(turn.state.users, nameKey(user.account, user.name));
    putEntity(USERS, turn, { ...user, name, path, arn: entityArn(turn, 'user', `${path}${name}`) });
    for (const key of keys) turn.put(turn.state.accessKeys, nameKey(key.account, key.id), { ...key, userName: name });
    return { output: {} };
  },
});
