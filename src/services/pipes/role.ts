// The pipe's role: whether Pipes may assume it, and who the pipe is when it reads its source, asks its enrichment and hands on to its target. AWS:
// EventBridge user guide, "Permissions for Amazon EventBridge Pipes".

import { assumedRole, mayAssume } from '#cell/service-role.ts';
import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';
import type { PipeDoc } from './documents.ts';

export const PIPES_SERVICE = 'pipes.amazonaws.com';

type RoleOfPipe = Pick<PipeDoc, 'arn' | 'name' | 'account' | 'roleArn'>;

export function mayAssumeRole(turn: Turn, { arn, account, roleArn }: RoleOfPipe): boolean {
  return mayAssume(turn, roleArn, { kind: 'service', service: PIPES_SERVICE, sourceArn: arn, account });
}

export function sessionOf(turn: Turn, { name, account, roleArn }: RoleOfPipe): Principal {
  return assumedRole(turn, roleArn, { account, sessionName: name });
}
