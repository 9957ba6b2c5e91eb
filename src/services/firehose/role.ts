// Roles of delivery streams: whether Firehose may assume them, and who it is when it writes objects, calls functions and reads streams. AWS:
// Firehose developer guide, "Controlling access with Amazon Data Firehose".

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';

export const FIREHOSE_SERVICE = 'firehose.amazonaws.com';

interface Owner {
  readonly arn: string;
  readonly account: string;
}

/** False only where permissions are enforced; elsewhere what AWS would have denied is noted. */
export function mayAssumeRole(turn: Turn, { arn, account }: Owner, roleArn: string): boolean {
  const { identities } = turn.doors;
  if (identities === undefined) return true;
  return turn.authorize({
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: parseArn(roleArn)?.account ?? account,
    resourcePolicy: identities.findRole(turn, roleArn)?.trustPolicy,
    principal: { kind: 'service', service: FIREHOSE_SERVICE, sourceArn: arn, account },
  }).isAllowed;
}

/** AWS's sessions have other names. One name for all: verdicts are remembered by who asked. */
const SESSION_NAME = 'firehose';

export function sessionOf(turn: Turn, { account: own }: Owner, roleArn: string): Principal {
  const arn = parseArn(roleArn);
  const account = arn?.account ?? own;
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
