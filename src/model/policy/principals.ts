// The Principal element: whom a resource's policy speaks of. An account (its number, or its root's ARN) does not name
// the users in it: it hands the decision to their own policies. That difference decides access within one account.
// AWS: IAM user guide, "AWS JSON policy elements: Principal".

import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';

export interface Principals {
  /** `"*"` or `{"AWS": "*"}`: everybody, also without credentials. */
  readonly isEverybody: boolean;
  /** Account numbers, from numbers and root ARNs. */
  readonly accounts: readonly string[];
  /** ARNs of users, roles and sessions, and unique ids (AIDA…, AROA…). */
  readonly identities: readonly string[];
  readonly services: readonly string[];
  /** Identity providers and canonical ids: nobody here signs in that way, so they match nobody. */
  readonly others: readonly string[];
}

/** How a principal is named: `account` only delegates to that account's own policies. */
export type PrincipalMatch = 'everybody' | 'identity' | 'session' | 'service' | 'account' | undefined;

type ParsedPrincipals = { readonly principals: Principals } | { readonly invalid: string; readonly text?: string };

const UNIQUE_ID = /^A(IDA|ROA)[A-Z0-9]{8,}$/;

export function parsePrincipals(raw: unknown): ParsedPrincipals {
  if (raw === '*') return { principals: { ...NOBODY, isEverybody: true } };
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { invalid: 'is "*" or a JSON object' };
  const kinds = Object.entries(raw);
  if (kinds.length === 0) return { invalid: 'names nobody' };
  const found = {
    accounts: [] as string[],
    identities: [] as string[],
    services: [] as string[],
    others: [] as string[],
  };
  let isEverybody = false;
  for (const [kind, values] of kinds) {
    const list: unknown[] = Array.isArray(values) ? values : [values];
    for (const value of list) {
      if (typeof value !== 'string') return { invalid: `${kind} is a string or a list of strings` };
      if (kind === 'AWS' && value === '*') isEverybody = true;
      else if (kind === 'AWS') {
        const named = identityOf(value);
        if (named === undefined) return invalidPrincipal(kind, value);
        found[named.list].push(named.value);
      } else if (kind === 'Service') found.services.push(value);
      else if (kind === 'Federated' || kind === 'CanonicalUser') found.others.push(value);
      else return { invalid: `unknown kind of principal "${kind}"` };
    }
  }
  return { principals: { isEverybody, ...found } };
}

const NOBODY: Principals = { isEverybody: false, accounts: [], identities: [], services: [], others: [] };

function identityOf(value: string): { list: 'accounts' | 'identities'; value: string } | undefined {
  if (/^[0-9]{12}$/.test(value)) return { list: 'accounts', value };
  if (UNIQUE_ID.test(value)) return { list: 'identities', value };
  const arn = parseArn(value);
  if (arn === undefined || (arn.service !== 'iam' && arn.service !== 'sts')) return undefined;
  // AWS: a wildcard cannot stand for a part of a principal's ARN.
  if (value.includes('*') || value.includes('?') || !/^[0-9]{12}$/.test(arn.account)) return undefined;
  if (arn.resource === 'root') return { list: 'accounts', value: arn.account };
  return { list: 'identities', value };
}

function invalidPrincipal(kind: string, value: string): ParsedPrincipals {
  return {
    invalid: `${value} is no account, user, role or session`,
    text: `Invalid principal in policy: "${kind}":"${value}"`,
  };
}

export function matchPrincipal(principals: Principals, principal: Principal): PrincipalMatch {
  if (principal.kind === 'service') {
    if (principals.services.includes(principal.service)) return 'service';
    return principals.isEverybody ? 'everybody' : undefined;
  }
  if (principal.kind !== 'anonymous') {
    if (principals.identities.includes(principal.arn)) return principal.kind === 'session' ? 'session' : 'identity';
    if (principal.kind !== 'root' && principals.identities.includes(uniqueIdOf(principal))) return 'identity';
    if (principal.kind === 'session' && principals.identities.includes(principal.roleArn)) return 'identity';
  }
  if (principals.isEverybody) return 'everybody';
  return principal.kind !== 'anonymous' && principals.accounts.includes(principal.account) ? 'account' : undefined;
}

/**
 * Whether a Deny with these principals as NotPrincipal passes the caller by: the account must be named, and in it the caller. To name the account
 * is not to name who is in it, and to name one of them alone may deny the account. AWS: "AWS JSON policy elements: NotPrincipal", key points.
 */
export function isExempt(notPrincipals: Principals, principal: Principal): boolean {
  const match = matchPrincipal(notPrincipals, principal);
  if (match === undefined || match === 'everybody' || match === 'service') return match !== undefined;
  if (principal.kind === 'root') return true;
  if (principal.kind !== 'user' && principal.kind !== 'session') return false;
  return match !== 'account' && notPrincipals.accounts.includes(principal.account);
}

/** Of a session, the role's part of `AROA…:session`. */
function uniqueIdOf(principal: { readonly userId: string }): string {
  return principal.userId.split(':')[0] as string;
}

export function renderPrincipals(principals: Principals): string[] {
  const { isEverybody, accounts, identities, services, others } = principals;
  return [
    ...(isEverybody ? ['*'] : []),
    ...accounts.map((account) => `account ${account}`),
    ...identities,
    ...services,
    ...others,
  ];
}
