// The pipe's role: whether Pipes may assume it, and who the pipe is when it reads its source, asks its enrichment and hands on to its target. AWS:
// EventBridge user guide, "Permissions for Amazon EventBridge Pipes".

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import type { PipeDoc } from './documents.ts';

export const PIPES_SERVICE = 'pipes.amazonaws.com';

type RoleOfPipe = Pick<PipeDoc, 'arn' | 'name' | 'account' | 'roleArn'>;

/** False only where permissions are enforced; elsewhere what AWS would have denied is noted. */
export function mayAssumeRole(turn: Turn, { arn, account, roleArn }: RoleOfPipe): boolean {
  const { identities } = turn.doors;
  if (identities === undefined) return true;
  return turn.authorize({
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: parseArn(roleArn)?.account ?? account,
    resourcePolicy: identities.findRole(turn, roleArn)?.trustPolicy,
    principal: { kind: 'service', service: PIPES_SERVICE, sourceArn: arn, account },
  }).isAllowed;
}

export function sessionOf(turn: Turn, { name, account: own, roleArn }: RoleOfPipe): Principal {
  const arn = parseArn(roleArn);
  const account = arn?.account ?? own;
  const roleName = (arn?.resource ?? '').split('/').pop() ?? '';
  const role = turn.doors.identities?.findRole(turn, roleArn);
  return {
    kind: 'session',
    account,
    arn: `arn:${arn?.partition ?? 'aws'}:sts::${account}:assumed-role/${roleName}/${name}`,
    roleArn,
    userId: `${role?.roleId ?? 'AROA'}:${name}`,
  };
}
