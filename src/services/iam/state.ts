// IAM's documents. IAM knows no regions: keys begin with the account and an empty region. Names have no case, so keys
// hold them in lower case and documents as they were given.

import type { Turn } from '#cell/turn.ts';
import { Table } from '#structures/table.ts';

export interface TagDoc {
  readonly key: string;
  readonly value: string;
}

/** What roles and users have in common. */
export interface EntityDoc {
  readonly account: string;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** AROA… or AIDA… */
  readonly id: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly tags: readonly TagDoc[];
  /** Documents by name. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  /** ARNs, in the order they were attached. */
  readonly attachedPolicies: readonly string[];
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string;
}

export interface RoleDoc extends EntityDoc {
  readonly trustPolicy: string;
  readonly description?: string;
  readonly maxSessionSeconds: number;
}

export interface UserDoc extends EntityDoc {}

export interface PolicyVersionDoc {
  readonly id: string;
  readonly document: string;
  readonly createdAtMs: number;
}

export interface PolicyDoc {
  readonly account: string;
  readonly name: string;
  readonly path: string;
  /** ANPA… */
  readonly id: string;
  readonly arn: string;
  readonly description?: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly defaultVersionId: string;
  /** Number of the version that comes next; numbers are not used again. */
  readonly nextVersion: number;
  /** Oldest first. */
  readonly versions: readonly PolicyVersionDoc[];
  readonly tags: readonly TagDoc[];
}

/** The secret is not here: it follows from the key's id and the secret of the store. */
export interface AccessKeyDoc {
  readonly account: string;
  readonly id: string;
  readonly userName: string;
  readonly status: 'Active' | 'Inactive';
  readonly createdAtMs: number;
}

export class IamState {
  readonly roles = new Table<RoleDoc>({ name: 'iam.roles', indexes: { byArn: (role) => role.arn } });
  readonly users = new Table<UserDoc>({ name: 'iam.users', indexes: { byArn: (user) => user.arn } });
  readonly policies = new Table<PolicyDoc>({ name: 'iam.policies', indexes: { byArn: (policy) => policy.arn } });
  readonly accessKeys = new Table<AccessKeyDoc>({
    name: 'iam.access-keys',
    indexes: { byId: (key) => key.id, byUser: (key) => `${key.account}/${key.userName.toLowerCase()}` },
  });
}

export type IamTurn = Turn<IamState>;

export function accountPrefix(account: string): string {
  return `${account}//`;
}

export function nameKey(account: string, name: string): string {
  return accountPrefix(account) + name.toLowerCase();
}

/** The document with this ARN, in whatever account. */
export function byArn<Doc>(table: Table<Doc>, arn: string): Doc | undefined {
  return table.by('byArn', arn)[0];
}
