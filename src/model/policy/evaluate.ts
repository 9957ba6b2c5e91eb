// AWS's policy evaluation: an explicit deny anywhere wins; the account's root may do everything at home; within one
// account the identity's or the resource's policy is enough; across accounts both must allow; a permissions boundary and
// session policies only narrow what identity policies give. A service principal or a caller without credentials has
// nothing but the resource's policy. AWS: IAM user guide, "Policy evaluation logic", "… for requests within a single
// account" and "Cross-account policy evaluation logic". Pure: same request, same verdict.

import { type CompiledStatement, compiledPolicy } from './compiled-policy.ts';
import { missesOf } from './misses.ts';
import { isExempt, matchPrincipal, type PrincipalMatch } from './principals.ts';
import { type AccessRequest, contextOf, type NamedPolicy } from './request.ts';
import type { ContextValues } from './text-pattern.ts';
import {
  explicitDenyText,
  implicitDenyText,
  type PolicyRole,
  renderReference,
  type StatementReference,
  type Verdict,
} from './verdict.ts';

/** The statements of one policy that speak of the request. */
interface Opinion {
  readonly denies: StatementReference | undefined;
  readonly allows: StatementReference | undefined;
  /** For a resource's policy: how the allowing statement names the principal, by the strongest. */
  readonly allowsAs: PrincipalMatch;
}

const NO_OPINION: Opinion = { denies: undefined, allows: undefined, allowsAs: undefined };

export function evaluate(request: AccessRequest): Verdict {
  const { principal, resourceAccount, resourcePolicy } = request;
  // By far the commonest question; nothing can deny it.
  if (principal.kind === 'root' && resourcePolicy === undefined && principal.account === resourceAccount) return ROOT;
  return new Evaluation(request).decide();
}

class Evaluation {
  private readonly context: ContextValues;
  private readonly action: string;
  private readonly identity: Opinion;
  private readonly boundary: Opinion;
  private readonly session: Opinion;
  private readonly resource: Opinion;

  constructor(private readonly request: AccessRequest) {
    const { permissionsBoundary, resourcePolicy } = request;
    this.context = contextOf(request);
    this.action = request.action.toLowerCase();
    this.resource = resourcePolicy === undefined ? NO_OPINION : this.ask([resourcePolicy], 'resource-based policy');
    this.boundary =
      permissionsBoundary === undefined ? NO_OPINION : this.ask([permissionsBoundary], 'permissions boundary');
    this.session = this.ask(request.sessionPolicies ?? [], 'session policy');
    this.identity = this.ask(request.identityPolicies, 'identity-based policy');
  }

  decide(): Verdict {
    for (const opinion of [this.resource, this.boundary, this.session, this.identity]) {
      if (opinion.denies !== undefined) return this.explicitDeny(opinion.denies);
    }
    const { principal, resourceAccount } = this.request;
    if (principal.kind === 'anonymous' || principal.kind === 'service') return this.byResourceAlone();
    const isHome = principal.account === resourceAccount;
    if (principal.kind === 'root') {
      if (isHome && this.request.isTrustPolicy !== true) return ROOT;
      return this.byResourceAlone();
    }
    return isHome ? this.atHome() : this.acrossAccounts();
  }

  private atHome(): Verdict {
    const { allows, allowsAs } = this.resource;
    const { principal } = this.request;
    // Named itself, a user or a session passes whatever its boundary and session policies leave out; a session that is
    // allowed through its role does not. A policy that names the account only hands the question on.
    if (allows !== undefined && allowsAs !== 'account') {
      const isLimited = principal.kind === 'session' && allowsAs !== 'session';
      const missing = isLimited ? this.missingLimit() : undefined;
      if (missing === undefined) return this.allow([allows]);
    }
    if (this.request.isTrustPolicy === true && allows === undefined) return this.implicitDeny('resource-based policy');
    return this.byIdentity(this.request.isTrustPolicy === true ? allows : undefined);
  }

  private acrossAccounts(): Verdict {
    const { allows } = this.resource;
    if (allows === undefined) return this.implicitDeny('resource-based policy');
    return this.byIdentity(allows);
  }

  private byIdentity(also: StatementReference | undefined): Verdict {
    if (this.identity.allows === undefined) return this.implicitDeny('identity-based policy');
    const missing = this.missingLimit();
    if (missing !== undefined) return this.implicitDeny(missing);
    const limits = [this.boundary.allows, this.session.allows];
    return this.allow([also, this.identity.allows, ...limits].filter((reference) => reference !== undefined));
  }

  private byResourceAlone(): Verdict {
    const { allows } = this.resource;
    return allows === undefined ? this.implicitDeny('resource-based policy') : this.allow([allows]);
  }

  /** The boundary or session policy that is there and does not allow. */
  private missingLimit(): PolicyRole | undefined {
    const { permissionsBoundary, sessionPolicies = [] } = this.request;
    if (permissionsBoundary !== undefined && this.boundary.allows === undefined) return 'permissions boundary';
    return sessionPolicies.length > 0 && this.session.allows === undefined ? 'session policy' : undefined;
  }

  private ask(policies: readonly NamedPolicy[], role: PolicyRole): Opinion {
    let opinion = NO_OPINION;
    for (const policy of policies) {
      for (const statement of compiledPolicy(policy.text, this.kindOf(role))) {
        const match = this.matchOf(statement);
        if (match === undefined) continue;
        const reference = { role, policy: policy.name, statement: statement.name };
        if (statement.effect === 'Deny') return { ...opinion, denies: reference };
        if (rank(match) > rank(opinion.allowsAs)) opinion = { ...opinion, allows: reference, allowsAs: match };
      }
    }
    return opinion;
  }

  private kindOf(role: PolicyRole): 'identity' | 'resource' | 'trust' {
    if (role !== 'resource-based policy') return 'identity';
    return this.request.isTrustPolicy === true ? 'trust' : 'resource';
  }

  /** How the statement's principals take the caller in, or undefined when the statement does not apply. */
  private matchOf(statement: CompiledStatement): PrincipalMatch {
    const { principal, resource } = this.request;
    const { principals, notPrincipals } = statement;
    let match: PrincipalMatch = 'identity';
    if (principals !== undefined) match = matchPrincipal(principals, principal);
    else if (notPrincipals !== undefined) {
      const isLeftOut =
        statement.effect === 'Deny'
          ? this.request.permissionsBoundary === undefined && isExempt(notPrincipals, principal)
          : matchPrincipal(notPrincipals, principal) !== undefined;
      match = isLeftOut ? undefined : 'everybody';
    }
    if (match === undefined || !statement.matchesAction(this.action)) return undefined;
    if (!statement.matchesResource(resource, this.context)) return undefined;
    return statement.conditions.every((condition) => condition.holds(this.context)) ? match : undefined;
  }

  private allow(decidedBy: readonly StatementReference[]): Verdict {
    const reason = `allowed by ${decidedBy.map(renderReference).join(' and ')}`;
    return { decision: 'allow', decidedBy, reason, text: '', misses: NONE };
  }

  private explicitDeny(reference: StatementReference): Verdict {
    return {
      decision: 'explicit-deny',
      decidedBy: [reference],
      reason: `denied by ${renderReference(reference)}`,
      text: explicitDenyText(this.request, reference.role),
      misses: NONE,
    };
  }

  private implicitDeny(role: PolicyRole): Verdict {
    const { request, context } = this;
    const isAbsent = role === 'resource-based policy' && request.resourcePolicy === undefined;
    return {
      decision: 'implicit-deny',
      decidedBy: [],
      reason: isAbsent
        ? `${request.resource} has no resource-based policy that could allow ${request.action}`
        : `no ${role} allows ${request.action} on ${request.resource}`,
      text: implicitDenyText(request, role),
      misses: () => missesOf(request, context),
    };
  }
}

const NONE = (): readonly [] => [];

const ROOT: Verdict = {
  decision: 'allow',
  decidedBy: [],
  reason: "the account's root may do everything in its account",
  text: '',
  misses: NONE,
};

/** Which way of being named gives most: a policy may name a principal in several statements. */
function rank(match: PrincipalMatch): number {
  if (match === undefined) return 0;
  if (match === 'account') return 1;
  return match === 'session' ? 3 : 2;
}
