// The role of a target. AWS: EventBridge user guide, "Using identity-based policies": it trusts events.amazonaws.com, where aws:SourceArn is the rule
// and aws:SourceAccount the account of its bus; its own policies allow what the target needs.

import { assumedRole, mayAssume, type ServicePrincipal } from '#cell/service-role.ts';
import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';
import type { RuleDoc } from '../rules/documents.ts';

export const EVENTS_SERVICE = 'events.amazonaws.com';
const SESSION_NAME = 'events';

/** Who hands over where the target has no role. */
export function serviceFor(rule: RuleDoc): ServicePrincipal {
  return { kind: 'service', service: EVENTS_SERVICE, sourceArn: rule.arn, account: rule.account };
}

export function mayAssumeRole(turn: Turn, roleArn: string, rule: RuleDoc): boolean {
  return mayAssume(turn, roleArn, serviceFor(rule));
}

export function sessionOf(turn: Turn, roleArn: string): Principal {
  return assumedRole(turn, roleArn, { account: turn.scope.account, sessionName: SESSION_NAME });
}
