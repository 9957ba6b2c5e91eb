// The policies that speak for a principal: of a user, or of a session's role, with boundary and session policy.

import type { NamedPolicy } from '#model/policy/request.ts';
import type { Principal } from '#model/principal.ts';
import { defaultDocument, findPolicy } from './managed-policies.ts';
import { serviceLinkedPolicies } from './service-linked-roles.ts';
import { byArn, type EntityDoc, type IamTurn } from './state.ts';

export interface PrincipalPolicies {
  readonly identityPolicies: readonly NamedPolicy[];
  readonly permissionsBoundary?: NamedPolicy;
  readonly sessionPolicies: readonly NamedPolicy[];
  /** aws:PrincipalTag/… of the user or role. */
  readonly tags: EntityDoc['tags'];
}

const NONE: PrincipalPolicies = { identityPolicies: [], sessionPolicies: [], tags: [] };

/** A user or role that is no longer there has no policies. */
export function identityPoliciesOf(turn: IamTurn, principal: Principal): PrincipalPolicies {
  const { state } = turn;
  if (principal.kind === 'user') return entityPolicies(turn, byArn(state.users, principal.arn));
  if (principal.kind !== 'session') return NONE;
  const ofRole = rolePolicies(turn, principal.roleArn);
  if (principal.sessionPolicy === undefined) return ofRole;
  return {
    ...ofRole,
    sessionPolicies: [{ name: `session policy of ${principal.arn}`, text: principal.sessionPolicy }],
  };
}

function rolePolicies(turn: IamTurn, roleArn: string): PrincipalPolicies {
  const role = byArn(turn.state.roles, roleArn);
  return role === undefined
    ? { ...NONE, identityPolicies: serviceLinkedPolicies(roleArn) }
    : entityPolicies(turn, role);
}

export function entityPolicies(turn: IamTurn, entity: EntityDoc | undefined): PrincipalPolicies {
  if (entity === undefined) return NONE;
  const identityPolicies: NamedPolicy[] = [];
  for (const [name, text] of Object.entries(entity.inlinePolicies)) {
    identityPolicies.push({ name: `${name} of ${entity.arn}`, text });
  }
  for (const arn of entity.attachedPolicies) {
    const policy = findPolicy(turn, arn, entity.account);
    if (policy !== undefined) identityPolicies.push({ name: arn, text: defaultDocument(policy) });
  }
  const base = { identityPolicies, sessionPolicies: [], tags: entity.tags };
  const boundary = entity.permissionsBoundary;
  if (boundary === undefined) return base;
  const policy = findPolicy(turn, boundary, entity.account);
  // A boundary whose policy is gone allows nothing.
  const text = policy === undefined ? EMPTY_POLICY : defaultDocument(policy);
  return { ...base, permissionsBoundary: { name: boundary, text } };
}

const EMPTY_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'none:None', Resource: 'arn:aws:none:::none' },
});
