// As whom log events are handed over: a stream and a delivery stream by the filter's role, a function by CloudWatch Logs itself. Source: CloudWatch Logs user guide,
// "Subscription filters": trust and permissions name `logs.amazonaws.com` or `logs.<region>.amazonaws.com`.

import { assumedRole, mayAssume, type ServicePrincipal } from '#cell/service-role.ts';
import type { Turn } from '#cell/turn.ts';
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

export function serviceFor(owned: Owned, service: string): ServicePrincipal {
  return { kind: 'service', service, sourceArn: `${groupArnOf(owned)}:*`, account: owned.account };
}

export function mayAssumeRole(turn: Turn, owned: Owned, roleArn: string): boolean {
  return servicesOf(owned).some((service) => mayAssume(turn, roleArn, serviceFor(owned, service)));
}

export function sessionOf(turn: Turn, roleArn: string): Principal {
  return assumedRole(turn, roleArn, { account: turn.scope.account, sessionName: SESSION_NAME });
}
