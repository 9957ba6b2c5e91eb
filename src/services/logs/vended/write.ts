// A service writes a resource's own log: to each log group that a delivery leads to, as delivery.logs.amazonaws.com. Nobody was promised the
// lines: a group that is gone or whose policy does not let them in gets none. AWS: CloudWatch Logs user guide, "Enable logging from AWS services".

import type { VendedLog } from '#cell/doors.ts';
import type { Principal } from '#model/principal.ts';
import { appendToGroup } from '../append.ts';
import { type LogsTurn, permission } from '../find-group.ts';
import { resourcePolicyOf } from '../resource-policies.ts';
import { groupKey } from '../state.ts';
import { type VendedRoute, vendedRoutes } from './routes.ts';

export const DELIVERY_SERVICE = 'delivery.logs.amazonaws.com';

export function appendVendedLog(turn: LogsTurn, log: VendedLog): void {
  for (const route of vendedRoutes(turn.state, log.resourceArn)) {
    const events = log.events.filter(({ logType }) => logType === route.logType);
    if (events.length > 0) write(turn, route, { ...log, events });
  }
}

function write(asked: LogsTurn, { scope, group: name, sourceArn }: VendedRoute, { stream, events }: VendedLog): void {
  const account = sourceArn.split(':')[4] ?? '';
  const principal: Principal = { kind: 'service', service: DELIVERY_SERVICE, sourceArn, account };
  const turn = asked.within(scope, principal) as LogsTurn;
  const group = turn.state.groups.get(groupKey(scope, name));
  if (group === undefined) return;
  const resourcePolicy = resourcePolicyOf(turn.state, scope, name);
  const isNew = turn.state.findStream(group.id, stream) === undefined;
  const named = { logGroupName: name, logStreamName: stream };
  for (const action of isNew ? ['CreateLogStream', 'PutLogEvents'] : ['PutLogEvents']) {
    if (!turn.authorize({ ...permission(turn, action, named), resourcePolicy, principal }).isAllowed) return;
  }
  appendToGroup(turn, group, { stream, events });
}
