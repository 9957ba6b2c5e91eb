// The door through which every service asks whether a call is allowed. It gathers what the policies need to know and
// leaves the decision to model/policy/evaluate.ts; the mode (explain, enforce) is the kernel's.

import type { AuthorizationRequest, Authorizer } from '#cell/authorization.ts';
import type { Turn } from '#cell/turn.ts';
import { evaluate } from '#model/policy/evaluate.ts';
import { renderMiss } from '#model/policy/verdict.ts';
import type { Principal } from '#model/principal.ts';
import { identityPoliciesOf, type PrincipalPolicies } from './identity-policies.ts';
import type { IamTurn } from './state.ts';

const ALLOWED_AS_ROOT = { decision: 'allow', reason: "the account's root may do everything in its account" } as const;
/** A role's trust policy is the resource's policy of these actions. */
const TRUST_ACTION = /^sts:(assumerole|tagsession|setsourceidentity)/i;
const MISSES_SHOWN_MAX = 2;

export const authorizer: Authorizer = {
  evaluate(anyTurn, request) {
    const turn = anyTurn as IamTurn;
    const { action, resource, resourceAccount, resourcePolicy, principal = turn.principal } = request;
    // By far the commonest case, and on the way of every message.
    if (principal.kind === 'root' && resourcePolicy === undefined && principal.account === resourceAccount) {
      return ALLOWED_AS_ROOT;
    }
    const policies = identityPoliciesOf(turn, principal);
    const isTrustPolicy = TRUST_ACTION.test(action);
    const verdict = evaluate({
      principal,
      action,
      resource,
      resourceAccount,
      context: contextOf(turn, request, { principal, policies }),
      identityPolicies: policies.identityPolicies,
      permissionsBoundary: policies.permissionsBoundary,
      sessionPolicies: policies.sessionPolicies,
      resourcePolicy: resourcePolicy === undefined ? undefined : { name: `of ${resource}`, text: resourcePolicy },
      isTrustPolicy,
    });
    if (verdict.decision === 'allow') return { decision: 'allow', reason: verdict.reason };
    const misses = verdict.misses().slice(0, MISSES_SHOWN_MAX).map(renderMiss);
    return { decision: verdict.decision, reason: verdict.text, detail: [verdict.reason, ...misses].join('; ') };
  },
};

/** AWS: IAM user guide, "AWS global condition context keys". */
/** A turn asks many times, for a fan-out or a batch: its time is written once. */
let writtenMs = Number.NaN;
let writtenText = '';

function timeText(nowMs: number): string {
  if (nowMs !== writtenMs) {
    writtenText = new Date(nowMs).toISOString();
    writtenMs = nowMs;
  }
  return writtenText;
}

function contextOf(
  turn: Turn,
  request: AuthorizationRequest,
  { principal, policies }: { principal: Principal; policies: PrincipalPolicies },
): Readonly<Record<string, string | readonly string[]>> {
  const context: Record<string, string | readonly string[]> = {
    'aws:CurrentTime': timeText(turn.nowMs),
    'aws:EpochTime': String(Math.floor(turn.nowMs / 1000)),
    'aws:RequestedRegion': turn.scope.region,
  };
  // A service that acts for a resource brings no address of its own.
  if (turn.request !== undefined && principal.kind !== 'service') {
    context['aws:SourceIp'] = turn.request.sourceIp;
    context['aws:UserAgent'] = turn.request.userAgent;
    context['aws:SecureTransport'] = String(turn.request.isSecure);
  }
  for (const { key, value } of policies.tags) context[`aws:PrincipalTag/${key}`] = value;
  return { ...context, ...request.context };
}
