// The execution role. AWS, Scheduler user guide, "Setting up the execution role" and "Confused deputy prevention": the role trusts
// scheduler.amazonaws.com, where aws:SourceArn is the ARN of the schedule's group; the role's policies allow what the target needs.

import { assumedRole, mayAssume } from '#cell/service-role.ts';
import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';
import { groupArn, type ScheduleAddress } from './arns.ts';

export const SCHEDULER_SERVICE = 'scheduler.amazonaws.com';
const SESSION_NAME = 'scheduler';

export function mayAssumeRole(turn: Turn, roleArn: string, { scope, group }: ScheduleAddress): boolean {
  const { account } = scope;
  const sourceArn = groupArn(scope, group);
  return mayAssume(turn, roleArn, { kind: 'service', service: SCHEDULER_SERVICE, sourceArn, account });
}

/** Who calls the target, and sends to the dead-letter queue. */
export function sessionOf(turn: Turn, roleArn: string): Principal {
  return assumedRole(turn, roleArn, { account: turn.scope.account, sessionName: SESSION_NAME });
}
