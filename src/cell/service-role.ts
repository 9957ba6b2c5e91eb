// Roles by which services act for a resource: who may give one, whether the service may assume it, and who it is then. What a room adds is its service principal
// and the name of its sessions.

import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import type { AuthorizationRequest } from './authorization.ts';
import type { Turn } from './turn.ts';

export type ServicePrincipal = Extract<Principal, { readonly kind: 'service' }>;

/** False only where permissions are enforced; elsewhere what AWS would have denied is noted. */
export function mayAssume(turn: Turn, roleArn: string, service: ServicePrincipal): boolean {
  const { identities } = turn.doors;
  if (identities === undefined) return true;
  return turn.authorize({
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: parseArn(roleArn)?.account ?? service.account,
    resourcePolicy: identities.findRole(turn, roleArn)?.trustPolicy,
    principal: service,
  }).isAllowed;
}

/**
 * What IAM is asked on top of a call that gives a service a role. `ofArn`: the resource that it is for, where the service tells IAM.
 * AWS: IAM user guide, "Grant a user permissions to pass a role to an AWS service".
 */
export function passRole(
  { scope }: Pick<Turn, 'scope'>,
  roleArn: string,
  { service, ofArn }: { readonly service: string; readonly ofArn?: string },
): AuthorizationRequest {
  return {
    action: 'iam:PassRole',
    resource: roleArn,
    resourceAccount: parseArn(roleArn)?.account || scope.account,
    context: {
      'iam:PassedToService': service,
      ...(ofArn === undefined ? {} : { 'iam:AssociatedResourceArn': ofArn }),
    },
  };
}

/** AWS's services name their sessions by digests. One name for all of a service is remembered better: verdicts are by who asked. */
export function assumedRole(
  turn: Turn,
  roleArn: string,
  { account: own, sessionName }: { readonly account: string; readonly sessionName: string },
): Principal {
  const arn = parseArn(roleArn);
  const account = arn?.account ?? own;
  const roleName = (arn?.resource ?? '').split('/').pop() ?? '';
  const role = turn.doors.identities?.findRole(turn, roleArn);
  return {
    kind: 'session',
    account,
    arn: `arn:${arn?.partition ?? 'aws'}:sts::${account}:assumed-role/${roleName}/${sessionName}`,
    roleArn,
    userId: `${role?.roleId ?? 'AROA'}:${sessionName}`,
  };
}
