// The role of a channel: whether Kinesis may assume it, and who it is when it writes objects.

import { assumedRole, mayAssume } from '#cell/service-role.ts';
import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';
import type { ChannelDoc } from './documents.ts';

export const KINESIS_SERVICE = 'kinesis.amazonaws.com';
const SESSION_NAME = 'kinesis';

type Owner = Pick<ChannelDoc, 'arn' | 'account' | 'roleArn'>;

export function mayAssumeRole(turn: Turn, { arn, account, roleArn }: Owner): boolean {
  return mayAssume(turn, roleArn, { kind: 'service', service: KINESIS_SERVICE, sourceArn: arn, account });
}

export function roleSession(turn: Turn, { account, roleArn }: Owner): Principal {
  return assumedRole(turn, roleArn, { account, sessionName: SESSION_NAME });
}
