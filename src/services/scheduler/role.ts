// The execution role. AWS, Scheduler user guide, "Setting up the execution role" and "Confused deputy prevention": the role trusts
// scheduler.amazonaws.com, where aws:SourceArn is the ARN of the schedule's group; the role's policies allow what the target needs.

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import { groupArn, type ScheduleAddress } from './arns.ts';

export const SCHEDULER_SERVICE = 'scheduler.amazonaws.com';

/** AWS's sessions have a digest as their name. One name for all: verdicts are remembered by who asked. */
const SESSION_NAME = 'scheduler';

/** False only where permissions are enforced; elsewhere what AWS would have denied is noted. */
export function mayAssumeRole(turn: Turn, roleArn: string, { scope, group }: ScheduleAddress): boolean {
  const { identities } = turn.doors;
  if (identities === undefined) return true;
  return turn.authorize({
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: parseArn(roleArn)?.account ?? scope.account,
    resourcePolicy: identities.findRole(turn, roleArn)?.trustPolicy,
    principal: {
      kind: 'service',
      service: SCHEDULER_SERVICE,
      sourceArn: groupArn(scope, group),
      account: scope.account,
    },
  }).isAllowed;
}

/** Who calls the target, and sends to the dead-letter queue. */
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
