// A question for the policies: may this principal do this to that resource? And the values that conditions ask for.

import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import type { ContextValues } from './text-pattern.ts';

export interface NamedPolicy {
  /** As people know it: a managed policy's ARN, or the name of an inline one. */
  readonly name: string;
  /** The document. */
  readonly text: string;
}

export interface AccessRequest {
  readonly principal: Principal;
  /** `sqs:SendMessage` */
  readonly action: string;
  /** ARN, or `*` for an operation that has no resource. */
  readonly resource: string;
  readonly resourceAccount: string;
  /**
   * Values of condition keys, by key in any case: `aws:SourceIp`, `aws:CurrentTime`, `aws:RequestedRegion`,
   * `aws:SecureTransport`, `aws:ResourceTag/…`, and the service's own. Keys about the principal are added here.
   */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** Of the user, or of the session's role. */
  readonly identityPolicies: readonly NamedPolicy[];
  readonly permissionsBoundary?: NamedPolicy | undefined;
  /** Given to AssumeRole; a session policy only narrows. */
  readonly sessionPolicies?: readonly NamedPolicy[];
  readonly resourcePolicy?: NamedPolicy | undefined;
  /**
   * A role's trust policy (and a KMS key's policy) must always allow: the account's own policies alone do not open it.
   * Its statements have no resource.
   */
  readonly isTrustPolicy?: boolean;
}

/** The caller's values and those that follow from who asks. Caller's values do not override the latter. */
export function contextOf({ principal, context, resourceAccount }: AccessRequest): ContextValues {
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(context)) {
    values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  const set = (key: string, value: string): void => void values.set(key, [value]);
  set('aws:resourceaccount', resourceAccount);
  set('aws:principalisawsservice', String(principal.kind === 'service'));
  if (principal.kind === 'anonymous') {
    set('aws:principaltype', 'Anonymous');
    return values;
  }
  if (principal.kind === 'service') {
    set('aws:principalservicename', principal.service);
    set('aws:sourcearn', principal.sourceArn);
    set('aws:sourceaccount', principal.account);
    return values;
  }
  set('aws:principalaccount', principal.account);
  set('aws:principalarn', principal.kind === 'session' ? principal.roleArn : principal.arn);
  if (principal.kind === 'root') {
    set('aws:principaltype', 'Account');
    set('aws:userid', principal.account);
  } else if (principal.kind === 'user') {
    set('aws:principaltype', 'User');
    set('aws:userid', principal.userId);
    set('aws:username', (parseArn(principal.arn)?.resource ?? '').split('/').pop() ?? '');
  } else {
    set('aws:principaltype', 'AssumedRole');
    set('aws:userid', principal.userId);
  }
  return values;
}
