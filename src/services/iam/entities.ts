// What operations on roles and users share: both have a name, a path, tags, inline policies, attached policies and a
// permissions boundary, and AWS treats them alike but for words and quotas.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { Table } from '#structures/table.ts';
import { entityNotFound } from './errors.ts';
import * as limits from './limits.ts';
import { type EntityDoc, type IamState, type IamTurn, nameKey, type RoleDoc, type UserDoc } from './state.ts';
import { ROLE_TAGS, type TagRules, USER_TAGS } from './tags.ts';
import { NAME_RULES, Validation } from './validation.ts';

export interface NameInput {
  readonly RoleName?: string | undefined;
  readonly UserName?: string | undefined;
}

export interface EntityKind<D extends EntityDoc> {
  readonly noun: 'role' | 'user';
  readonly tags: TagRules;
  readonly inlinePoliciesMax: number;
  readonly attachQuota: string;
  table(state: IamState): Table<D>;
  nameOf(input: NameInput): string | undefined;
}

export const ROLES: EntityKind<RoleDoc> = {
  noun: 'role',
  tags: ROLE_TAGS,
  inlinePoliciesMax: limits.ROLE_INLINE_POLICIES_MAX,
  attachQuota: 'PoliciesPerRole',
  table: (state) => state.roles,
  nameOf: (input) => input.RoleName,
};

export const USERS: EntityKind<UserDoc> = {
  noun: 'user',
  tags: USER_TAGS,
  inlinePoliciesMax: limits.USER_INLINE_POLICIES_MAX,
  attachQuota: 'PoliciesPerUser',
  table: (state) => state.users,
  nameOf: (input) => input.UserName,
};

/** The role or user that an input names, or the refusal: a bad name first, then one that does not exist. */
export function entityOf<D extends EntityDoc>(kind: EntityKind<D>, turn: IamTurn, input: NameInput): D | Refused {
  const name = kind.nameOf(input);
  const problem = nameProblem(kind, name);
  if (problem !== undefined) return refuse(problem);
  return findEntity(kind, turn, name as string) ?? refuse(entityNotFound(kind.noun, name as string));
}

export function findEntity<D extends EntityDoc>(kind: EntityKind<D>, turn: IamTurn, name: string): D | undefined {
  return kind.table(turn.state).get(nameKey(turn.scope.account, name));
}

export function putEntity<D extends EntityDoc>(kind: EntityKind<D>, turn: IamTurn, doc: D): void {
  turn.put(kind.table(turn.state), nameKey(doc.account, doc.name), doc);
}

export function nameProblem<D extends EntityDoc>(kind: EntityKind<D>, name: string | undefined): AwsError | undefined {
  return new Validation().text(`${kind.noun}Name`, name, NAME_RULES[kind.noun]).error;
}

export function entityArn(turn: IamTurn, noun: string, pathAndName: string): string {
  return `arn:${turn.scope.partition}:iam::${turn.scope.account}:${noun}${pathAndName}`;
}

/** Asks for an action on the role or user that an input names; its ARN has a path only when it exists. */
export function onEntity<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return (turn: IamTurn, input: NameInput): AuthorizationRequest => {
    const name = kind.nameOf(input) ?? '';
    const resource = findEntity(kind, turn, name)?.arn ?? entityArn(turn, kind.noun, `/${name}`);
    return { action: `iam:${action}`, resource, resourceAccount: turn.scope.account };
  };
}

export function onPolicy(action: string) {
  return (turn: IamTurn, input: { readonly PolicyArn?: string | undefined }): AuthorizationRequest => ({
    action: `iam:${action}`,
    resource: input.PolicyArn ?? '*',
    resourceAccount: turn.scope.account,
  });
}

export function onAccount(action: string) {
  return (turn: IamTurn): AuthorizationRequest => ({
    action: `iam:${action}`,
    resource: '*',
    resourceAccount: turn.scope.account,
  });
}
