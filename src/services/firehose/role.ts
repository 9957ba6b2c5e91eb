// Roles of delivery streams: whether Firehose may assume them, and who it is when it writes objects, calls functions and reads streams. AWS:
// Firehose developer guide, "Controlling access with Amazon Data Firehose".

import { assumedRole, mayAssume } from '#cell/service-role.ts';
import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';

export const FIREHOSE_SERVICE = 'firehose.amazonaws.com';
const SESSION_NAME = 'firehose';

interface Owner {
  readonly arn: string;
  readonly account: string;
}

export function mayAssumeRole(turn: Turn, { arn, account }: Owner, roleArn: string): boolean {
  return mayAssume(turn, roleArn, { kind: 'service', service: FIREHOSE_SERVICE, sourceArn: arn, account });
}

export function sessionOf(turn: Turn, { account }: Owner, roleArn: string): Principal {
  return assumedRole(turn, roleArn, { account, sessionName: SESSION_NAME });
}
