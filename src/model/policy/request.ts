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
  /** In a simulation: `context` before what follows from who asks (`first`), or nothing but `context` (`only`, nobody in particular asks). */
  readonly givenKeys?: 'first' | 'only';
}

/**
 * The request's values and those that follow from who asks; the former do not override the latter, but in simulations. Worked out when a
 * condition asks: most statements have none, and this is on the way of every message that a topic hands to a queue.
 */
export function contextOf(request: AccessRequest): ContextValues {
  return new RequestContext(request);
}

class RequestContext implements ContextValues {
  private given: Map<string, readonly string[]> | undefined;

  constructor(private readonly request: AccessRequest) {}

  get(key: string): readonly string[] | undefined {
    const { givenKeys } = this.request;
    const given = givenKeys === undefined ? undefined : this.ofRequest(key);
    if (given !== undefined || givenKeys === 'only') return given;
    const value = this.derived(key);
    return value === undefined ? this.ofRequest(key) : [value];
  }

  private ofRequest(key: string): readonly string[] | undefined {
    if (this.given === undefined) {
      this.given = new Map();
      for (const [name, values] of Object.entries(this.request.context)) {
        this.given.set(name.toLowerCase(), typeof values === 'string' ? [values] : values);
      }
    }
    return this.given.get(key);
  }

  /** AWS: IAM user guide, "AWS global condition context keys", properties of the principal. */
  private derived(key: string): string | undefined {
    const { principal, resourceAccount } = this.request;
    if (!key.startsWith('aws:')) return undefined;
    switch (key) {
      case 'aws:resourceaccount':
        return resourceAccount;
      case 'aws:principalisawsservice':
        return String(principal.kind === 'service');
      case 'aws:principaltype':
        return PRINCIPAL_TYPES[principal.kind];
      case 'aws:principalservicename':
        return principal.kind === 'service' ? principal.service : undefined;
      case 'aws:sourcearn':
        return principal.kind === 'service' ? principal.sourceArn : undefined;
      case 'aws:sourceaccount':
        return principal.kind === 'service' ? principal.account : undefined;
      default:
        return principal.kind === 'service' || principal.kind === 'anonymous' ? undefined : ofIdentity(principal, key);
    }
  }
}

const PRINCIPAL_TYPES = {
  root: 'Account',
  user: 'User',
  session: 'AssumedRole',
  service: undefined,
  anonymous: 'Anonymous',
} as const;

function ofIdentity(principal: Exclude<Principal, { kind: 'service' | 'anonymous' }>, key: string): string | undefined {
  switch (key) {
    case 'aws:principalaccount':
      return principal.account;
    case 'aws:principalarn':
      return principal.kind === 'session' ? principal.roleArn : principal.arn;
    case 'aws:userid':
      return principal.kind === 'root' ? principal.account : principal.userId;
    case 'aws:username':
      return principal.kind === 'user' ? (parseArn(principal.arn)?.resource ?? '').split('/').pop() : undefined;
    default:
      return undefined;
  }
}
