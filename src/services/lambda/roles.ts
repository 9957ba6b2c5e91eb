// The function's role: whether Lambda may assume it, and who the function is when it calls other services.

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import type { FunctionDoc, FunctionSettings } from './documents.ts';

const LAMBDA_SERVICE = 'lambda.amazonaws.com';

/** False only where permissions are enforced; elsewhere what AWS would have denied is noted. */
export function mayAssumeRole(turn: Turn, roleArn: string, functionArn: string): boolean {
  const role = turn.doors.identities?.findRole(turn, roleArn);
  if (turn.doors.identities === undefined) return true;
  const account = parseArn(roleArn)?.account ?? turn.scope.account;
  return turn.authorize({
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: account,
    resourcePolicy: role?.trustPolicy,
    principal: { kind: 'service', service: LAMBDA_SERVICE, sourceArn: functionArn, account: turn.scope.account },
  }).isAllowed;
}

/** The session under which AWS's Lambda acts for the function: polls queues, sends to dead-letter queues. */
export function sessionOf(turn: Turn, doc: FunctionDoc, settings: FunctionSettings): Principal {
  const arn = parseArn(settings.role);
  const account = arn?.account ?? turn.scope.account;
  const roleName = (arn?.resource ?? '').split('/').pop() ?? '';
  const role = turn.doors.identities?.findRole(turn, settings.role);
  return {
    kind: 'session',
    account,
    arn: `arn:${arn?.partition ?? 'aws'}:sts::${account}:assumed-role/${roleName}/${doc.name}`,
    roleArn: settings.role,
    userId: `${role?.roleId ?? 'AROA'}:${doc.name}`,
  };
}

/** Whether the function's role may do this; noted or refused as for any other caller. */
export function roleMay(
  turn: Turn,
  found: { readonly doc: FunctionDoc; readonly settings: FunctionSettings },
  asked: { readonly action: string; readonly resource: string },
): boolean {
  const resourceAccount = parseArn(asked.resource)?.account ?? turn.scope.account;
  return turn.authorize({ ...asked, resourceAccount, principal: sessionOf(turn, found.doc, found.settings) }).isAllowed;
}
