// Policies that let AWS services write to log groups: of an account, which hold for all of its groups, or of one group. AWS: API reference,
// PutResourcePolicy. What is asked of a group is answered by all that hold for it, as one document.

import { type Scope, scopePrefix } from '#model/scope.ts';
import type { ResourcePolicy } from '#wire/generated/logs.ts';
import type { LogsState } from './state.ts';

export interface ResourcePolicyDoc {
  readonly name?: string | undefined;
  /** As it was put. */
  readonly text: string;
  readonly updatedAtMs: number;
  /** Of a group's policy. */
  readonly groupArn?: string | undefined;
  readonly revisionId?: string | undefined;
}

export function accountPolicyKey(scope: Scope, name: string): string {
  return `${scopePrefix(scope)}account/${name}`;
}

export function groupPolicyKey(scope: Scope, groupName: string): string {
  return `${scopePrefix(scope)}group/${groupName}`;
}

/** Text of one document with the statements of all policies that hold for the group; undefined when there is none. */
export function resourcePolicyOf(state: LogsState, scope: Scope, groupName: string): string | undefined {
  const key = groupPolicyKey(scope, groupName);
  const known = state.policyTexts.get(key);
  if (known !== undefined) return known.text;
  const own = state.resourcePolicies.get(key);
  const ofAccount = state.resourcePolicies.list(accountPolicyKey(scope, ''));
  const text = joined([...(own === undefined ? [] : [own]), ...ofAccount]);
  state.policyTexts.set(key, { text });
  return text;
}

function joined(policies: readonly ResourcePolicyDoc[]): string | undefined {
  if (policies.length < 2) return policies[0]?.text;
  const statements = policies.flatMap(({ text }) => {
    const { Statement: statement } = JSON.parse(text) as { Statement: unknown };
    return Array.isArray(statement) ? statement : [statement];
  });
  // Ids of statements are unique within one document only.
  const Statement = statements.map(({ Sid: _sid, ...statement }) => statement);
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

export function describePolicy(doc: ResourcePolicyDoc): ResourcePolicy {
  const { name, text, updatedAtMs, groupArn, revisionId } = doc;
  return {
    policyName: name,
    policyDocument: text,
    lastUpdatedTime: updatedAtMs,
    policyScope: groupArn === undefined ? 'ACCOUNT' : 'RESOURCE',
    resourceArn: groupArn,
    revisionId,
  };
}
