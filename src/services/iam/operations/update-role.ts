// AWS: IAM API reference, UpdateRole. What is not given stays.

import { operation } from '#cell/service-definition.ts';
import type { UpdateRoleInput, UpdateRoleOutput } from '#wire/generated/iam.ts';
import { entityOf, onEntity, putEntity, ROLES } from '../entities.ts';
import { SESSION_SECONDS_MAX, SESSION_SECONDS_MIN } from '../limits.ts';
import type { IamState } from '../state.ts';
import { DESCRIPTION_RULE, Validation } from '../validation.ts';

export const updateRole = operation<IamState, UpdateRoleInput, UpdateRoleOutput>({
  authorize: onEntity(ROLES, 'UpdateRole'),
  decide(turn, input) {
    const { Description: description, MaxSessionDuration: maxSessionSeconds } = input;
    const { error } = new Validation()
      .optional('description', description, DESCRIPTION_RULE)
      .number('maxSessionDuration', maxSessionSeconds, { min: SESSION_SECONDS_MIN, max: SESSION_SECONDS_MAX });
    if (error !== undefined) return { refused: error };
    const role = entityOf(ROLES, turn, input);
    if ('refused' in role) return role;
    putEntity(ROLES, turn, {
      ...role,
      ...(description === undefined ? {} : { description }),
      ...(maxSessionSeconds === undefined ? {} : { maxSessionSeconds }),
    });
    return { output: {} };
  },
});
