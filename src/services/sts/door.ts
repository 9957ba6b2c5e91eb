// Credentials for roles that a service assumes: Lambda's functions run as their execution role. Whether the role trusts
// the service is decided by its trust policy alone; no identity policy speaks for a service.

import type { CredentialsDoor, RoleIdentity } from '#cell/doors.ts';
import type { Turn } from '#cell/turn.ts';
import { evaluate } from '#model/policy/evaluate.ts';
import { issueCredentials, rolePrincipal } from './sessions.ts';
import type { StsTurn } from './state.ts';

/** AWS hands services credentials for several hours and renews them; here they outlast any execution environment. */
const SERVICE_SESSION_SECONDS = 12 * 3600;

export const credentials: CredentialsDoor = {
  forRole(turn, { roleArn, sessionName, service }) {
    const role = turn.doors.identities?.findRole(turn, roleArn);
    if (role === undefined || !isTrusting(turn, role, service)) return undefined;
    return issueCredentials(turn as StsTurn, rolePrincipal(role, { name: sessionName }), SERVICE_SESSION_SECONDS);
  },
  whyNotAssumable(turn, { roleArn, service }) {
    const role = turn.doors.identities?.findRole(turn, roleArn);
    if (role === undefined) return `There is no role ${roleArn}.`;
    if (isTrusting(turn, role, service)) return undefined;
    return `The trust policy of ${roleArn} does not allow ${service} to perform sts:AssumeRole.`;
  },
};

function isTrusting(turn: Turn, role: RoleIdentity, service: string): boolean {
  const verdict = evaluate({
    principal: { kind: 'service', service, sourceArn: role.arn, account: role.account },
    action: 'sts:AssumeRole',
    resource: role.arn,
    resourceAccount: role.account,
    context: { 'aws:CurrentTime': new Date(turn.nowMs).toISOString() },
    identityPolicies: [],
    resourcePolicy: { name: 'trust policy', text: role.trustPolicy },
    isTrustPolicy: true,
  });
  return verdict.decision === 'allow';
}
