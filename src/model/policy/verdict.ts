// What the policies decided, and why: the statement that did it, or what was missing, in AWS's words for the client and
// in terms of fields for the person who has to fix it.

import type { Principal } from '#model/principal.ts';

/** Kinds of policy as AWS's messages name them. */
export type PolicyRole = 'identity-based policy' | 'resource-based policy' | 'permissions boundary' | 'session policy';

/** A statement, named so that a person finds it. */
export interface StatementReference {
  readonly role: PolicyRole;
  /** The policy's name or ARN. */
  readonly policy: string;
  /** Sid, or `Statement[0]`. */
  readonly statement: string;
}

/** Why a statement that might have been meant did not apply: the first thing that differed. */
export interface Miss extends StatementReference {
  readonly effect: 'Allow' | 'Deny';
  readonly element: 'Principal' | 'Action' | 'Resource' | 'Condition';
  /** Only for conditions. */
  readonly condition?: { readonly operator: string; readonly key: string };
  readonly expected: readonly string[];
  /** Undefined: the request has no such key. */
  readonly found: readonly string[] | undefined;
  /** What nearly matched, in words. */
  readonly hint?: string;
}

export interface Verdict {
  readonly decision: 'allow' | 'explicit-deny' | 'implicit-deny';
  /** The statements that decided; none when their absence did, or when root needs none. */
  readonly decidedBy: readonly StatementReference[];
  /** The reason as a clause: `statement "AllowTopic" of the resource-based policy queue-policy allows it`. */
  readonly reason: string;
  /** AWS's message of an AccessDenied; empty when allowed. */
  readonly text: string;
  /** Statements that came close, nearest first. Made on demand: it is needed only when somebody looks. */
  misses(): readonly Miss[];
}

export interface Denial {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
}

/** AWS: IAM user guide, "Troubleshoot access denied error messages". */
export function explicitDenyText(denial: Denial, role: PolicyRole): string {
  const article = role === 'identity-based policy' ? 'an' : 'a';
  return `${subject(denial)} with an explicit deny in ${article} ${role}`;
}

export function implicitDenyText(denial: Denial, role: PolicyRole): string {
  return `${subject(denial)} because no ${role} allows the ${denial.action} action`;
}

function subject({ principal, action, resource }: Denial): string {
  return `User: ${nameOf(principal)} is not authorized to perform: ${action} on resource: ${resource}`;
}

export function nameOf(principal: Principal): string {
  if (principal.kind === 'anonymous') return 'anonymous';
  return principal.kind === 'service' ? principal.service : principal.arn;
}

export function renderReference({ role, policy, statement }: StatementReference): string {
  return `statement ${statement} of the ${role} ${policy}`;
}

export function renderMiss(miss: Miss): string {
  const what = miss.condition === undefined ? miss.element : `${miss.condition.operator} ${miss.condition.key}`;
  const found = miss.found === undefined ? 'the request has no such key' : `found ${miss.found.join(', ')}`;
  const hint = miss.hint === undefined ? '' : ` (${miss.hint})`;
  return `${renderReference(miss)}: ${what} expected ${miss.expected.join(' or ')}, ${found}${hint}`;
}
