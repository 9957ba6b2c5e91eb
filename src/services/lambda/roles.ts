// The function's role: whether Lambda may assume it, and who the function is when it calls other services.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { assumedRole, mayAssume, passRole } from '#cell/service-role.ts';
import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';
import type { FunctionDoc, FunctionSettings } from './documents.ts';

const LAMBDA_SERVICE = 'lambda.amazonaws.com';

export function mayAssumeRole(turn: Turn, roleArn: string, functionArn: string): boolean {
  const { account } = turn.scope;
  const service = { kind: 'service', service: LAMBDA_SERVICE, sourceArn: functionArn, account } as const;
  return mayAssume(turn, roleArn, service);
}

/** What IAM is asked on top when a function is given a role. AWS: developer guide, "Defining Lambda function permissions with an execution role". */
export function passRoleToLambda(turn: Turn, roleArn: string): AuthorizationRequest {
  return passRole(turn, roleArn, { service: LAMBDA_SERVICE });
}

/** The session under which AWS's Lambda acts for the function: polls queues, sends to dead-letter queues. */
export function sessionOf(turn: Turn, doc: FunctionDoc, settings: FunctionSettings): Principal {
  return assumedRole(turn, settings.role, { account: turn.scope.account, sessionName: doc.name });
}
