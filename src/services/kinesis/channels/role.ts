// The role of a channel: whether Kinesis may assume it, and who it is when it writes objects.

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import type { ChannelDoc } from './documents.ts';

const SERVICE = 'kinesis.amazonaws.com';
/** AWS's sessions have other names. One name for all: verdicts are remembered by who asked. */
const SESSION_NAME = 'kinesis';

type Owner = Pick<ChannelDoc, 'arn' | 'account' | 'roleArn'>;

export function mayAssumeRole(turn: Turn, { arn, account, roleArn }: Owner): boolean {
  const { identities } = turn.doors;
  if (identities === undefined) return true;
  return turn.authorize({
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: parseArn(roleArn)?.account ?? account,
    resourcePolicy: identities.findRole(turn, roleArn)?.trustPolicy,
    principal: { kind: 'service', service: SERVICE, sourceArn: arn, account },
  }).isAllowed;
}

export function roleSession(turn: Turn, { account: own, roleArn }: Owner): Principal {
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
