// The role of a target. AWS: EventBridge user guide, "Using identity-based policies": it trusts events.amazonaws.com, where aws:SourceArn is the rule
// and aws:SourceAccount the account of its bus; its own policies allow what the target needs.

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import type { RuleDoc } from '../rules/documents.ts';

export const EVENTS_SERVICE = 'events.amazonaws.com';

/** AWS's sessions have a digest as their name. One name for all: verdicts are remembered by who asked. */
const SESSION_NAME = 'events';

/** Who hands over where the target has no role. */
export function serviceFor(rule: RuleDoc): Principal {
  return { kind: 'service', service: EVENTS_SERVICE, sourceArn: rule.arn, account: rule.account };
}

/** False only where permissions are enforced; elsewhere what AWS would have denied is noted. */
export function mayAssumeRole(turn: Turn, roleArn: string, rule: RuleDoc): boolean {
  const { identities } = turn.doors;
  if (identities === undefined) return true;
  return turn.authorize({
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: parseArn(roleArn)?.account ?? rule.account,
    resourcePolicy: identities.findRole(turn, roleArn)?.trustPolicy,
    principal: serviceFor(rule),
  }).isAllowed;
}

export function sessionOf(turn: Turn, roleArn: string): Principal {
  const arn = parseArn(roleArn);
  const account = arn?.account ?? turn.scope.account;
  const roleName = (arn?.resource ?? '').split('/').pop() ?? '';
  const role = turn.doors.identities?.findRole(turn, roleArn);
  return {
    kind: 'session',
    account,
    arn: `arn:${arn?.partition ?? 'aws'}:sts::${account}:assumed-role/${roleName}/${SESSION_NAME}`,
    roleArn,
    userId: `${role?.roleId ?? 'AROA'}:${SESSION_NAME}`,
  };
}
