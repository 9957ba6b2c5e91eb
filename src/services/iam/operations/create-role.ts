// AWS: IAM API reference, CreateRole.

import { operation } from '#cell/service-definition.ts';
import { newId } from '#wire/credential-ids.ts';
import type { CreateRoleInput, CreateRoleOutput } from '#wire/generated/iam.ts';
import { entityArn, findEntity, onEntity, putEntity, ROLES } from '../entities.ts';
import { entityExists } from '../errors.ts';
import { SESSION_SECONDS_MAX, SESSION_SECONDS_MIN } from '../limits.ts';
import { boundaryProblem } from '../managed-policies.ts';
import type { IamState, RoleDoc } from '../state.ts';
import { parseTags, ROLE_TAGS } from '../tags.ts';
import { trustPolicyProblem } from '../trusted-principals.ts';
import { DESCRIPTION_RULE, DOCUMENT_RULE, NAME_RULES, PATH_RULE, Validation } from '../validation.ts';
import { createdRole } from '../views.ts';

export const createRole = operation<IamState, CreateRoleInput, CreateRoleOutput>({
  authorize: onEntity(ROLES, 'CreateRole'),
  decide(turn, input) {
    const { Path: path = '/', PermissionsBoundary: permissionsBoundary, Description: description } = input;
    const { error } = new Validation()
      .text('roleName', input.RoleName, NAME_RULES.role)
      .text('assumeRolePolicyDocument', input.AssumeRolePolicyDocument, DOCUMENT_RULE)
      .optional('path', path, PATH_RULE)
      .optional('description', description, DESCRIPTION_RULE)
      .number('maxSessionDuration', input.MaxSessionDuration, { min: SESSION_SECONDS_MIN, max: SESSION_SECONDS_MAX });
    if (error !== undefined) return { refused: error };
    const name = input.RoleName as string;
    const trustPolicy = input.AssumeRolePolicyDocument as string;
    const tags = parseTags(input.Tags, ROLE_TAGS);
    if ('refused' in tags) return tags;
    const problem = trustPolicyProblem(turn, trustPolicy) ?? boundaryProblem(turn, permissionsBoundary);
    if (problem !== undefined) return { refused: problem };
    if (findEntity(ROLES, turn, name) !== undefined) return { refused: entityExists('Role', name) };
    const role: RoleDoc = {
      account: turn.scope.account,
      name,
      path,
      id: newId('AROA', turn.entropy),
      arn: entityArn(turn, 'role', `${path}${name}`),
      createdAtMs: turn.nowMs,
      trustPolicy,
      maxSessionSeconds: input.MaxSessionDuration ?? SESSION_SECONDS_MIN,
      tags,
      inlinePolicies: {},
      attachedPolicies: [],
      ...(description === undefined ? {} : { description }),
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    };
    putEntity(ROLES, turn, role);
    return { output: { Role: createdRole(role) } };
  },
});
