// AWS: IAM API reference, CreateUser.

import { operation } from '#cell/service-definition.ts';
import { newId } from '#wire/credential-ids.ts';
import type { CreateUserInput, CreateUserOutput } from '#wire/generated/iam.ts';
import { entityArn, findEntity, onEntity, putEntity, USERS } from '../entities.ts';
import { entityExists } from '../errors.ts';
import { boundaryProblem } from '../managed-policies.ts';
import type { IamState, UserDoc } from '../state.ts';
import { parseTags, USER_TAGS } from '../tags.ts';
import { NAME_RULES, PATH_RULE, Validation } from '../validation.ts';
import { fullUser } from '../views.ts';

export const createUser = operation<IamState, CreateUserInput, CreateUserOutput>({
  authorize: onEntity(USERS, 'CreateUser'),
  decide(turn, input) {
    const { Path: path = '/', PermissionsBoundary: permissionsBoundary } = input;
    const { error } = new Validation()
      .text('userName', input.UserName, NAME_RULES.user)
      .optional('path', path, PATH_RULE);
    if (error !== undefined) return { refused: error };
    const name = input.UserName as string;
    const tags = parseTags(input.Tags, USER_TAGS);
    if ('refused' in tags) return tags;
    const problem = boundaryProblem(turn, permissionsBoundary);
    if (problem !== undefined) return { refused: problem };
    if (findEntity(USERS, turn, name) !== undefined) return { refused: entityExists('User', name) };
    const user: UserDoc = {
      account: turn.scope.account,
      name,
      path,
      id: newId('AIDA', turn.entropy),
      arn: entityArn(turn, 'user', `${path}${name}`),
      createdAtMs: turn.nowMs,
      tags,
      inlinePolicies: {},
      attachedPolicies: [],
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    };
    putEntity(USERS, turn, user);
    return { output: { User: fullUser(user) } };
  },
});
