// As whom log events are handed over: a stream and a delivery stream by the filter's role, a function by CloudWatch Logs itself. Source: CloudWatch Logs user guide,
// "Subscription filters": trust and permissions name `logs.amazonaws.com` or `logs.<region>.amazonaws.com`.

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import type { SubscriptionFilterDoc } from './documents.ts';

type Owned = Pick<SubscriptionFilterDoc, 'account' | 'region' | 'groupName'>;

/** Plausible: AWS does not say what its sessions are called. */
const SESSION_NAME = 'CloudWatchLogs';

export function servicesOf({ region }: Pick<Owned, 'region'>): readonly string[] {
  return ['logs.amazonaws.com', `logs.${region}.amazonaws.com`];
}

export function groupArnOf({ account, region, groupName }: Owned): string {
  return `arn:aws:logs:${region}:${account}:log-group:${groupName}`;
}

export function serviceFor(owned: Owned, service: string): Principal {
  return { kind: 'service', service, sourceArn: `${groupArnOf(owned)}:*`, account: owned.account };
}

export function mayAssumeRole(turn: Turn, owned: Owned, roleArn: string): boolean {
  const { identities } = turn.doors;
  if (identities === undefined) return true;
  return servicesOf(owned).some(
    (service) =>
      turn.authorize({
        action: 'sts:AssumeRole',
        resource: roleArn,
        resourceAccount: parseArn(roleArn)?.account ?? owned.account,
        resourcePolicy: identities.findRole(turn, roleArn)?.trustPolicy,
        principal: serviceFor(owned, service),
      }).isAllowed,
  );
}

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
