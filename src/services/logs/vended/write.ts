// A service writes a resource's own log: to each log group that deliveries lead to, as delivery.logs.amazonaws.com. Nobody was promised the lines:
// a group that is gone or whose policy does not let them in gets none. AWS: CloudWatch Logs user guide, "Enable logging from AWS services".

import type { VendedLog } from '#cell/doors.ts';
import type { Principal } from '#model/principal.ts';
import { appendToGroup } from '../append.ts';
import { type LogsTurn, permission } from '../find-group.ts';
import { resourcePolicyOf } from '../resource-policies.ts';
import { groupKey, type LogGroupDoc } from '../state.ts';
import { type VendedRoute, vendedRoutes } from './routes.ts';

export const DELIVERY_SERVICE = 'delivery.logs.amazonaws.com';

export function appendVendedLog(turn: LogsTurn, log: VendedLog): void {
  const wanted = new Set(log.events.map(({ logType }) => logType));
  const groups = new Map<LogGroupDoc, VendedRoute[]>();
  for (const route of vendedRoutes(turn.state, log.resourceArn)) {
    const group = turn.state.groups.get(groupKey(route.scope, route.group));
    if (group === undefined || !wanted.has(route.logType)) continue;
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [route]);
    else known.push(route);
  }
  for (const [group, routes] of groups) write(turn, log, { group, routes });
}

/** Lines of several types keep their order in a group that gets them all. */
function write(
  asked: LogsTurn,
  { stream, events }: VendedLog,
  { group, routes }: { readonly group: LogGroupDoc; readonly routes: readonly VendedRoute[] },
): void {
  const isNew = asked.state.findStream(group.id, stream) === undefined;
  const allowed = routes.filter((route) => mayWrite(asked, route, { stream, isNew }));
  const [first] = allowed;
  if (first === undefined) return;
  const types = new Set(allowed.map(({ logType }) => logType));
  const turn = asked.within(first.scope, asked.principal) as LogsTurn;
  appendToGroup(turn, group, { stream, events: events.filter(({ logType }) => types.has(logType)) });
}

function mayWrite(
  asked: LogsTurn,
  { scope, group, sourceArn }: VendedRoute,
  { stream, isNew }: { readonly stream: string; readonly isNew: boolean },
): boolean {
  const account = sourceArn.split(':')[4] ?? '';
  const principal: Principal = { kind: 'service', service: DELIVERY_SERVICE, sourceArn, account };
  const turn = asked.within(scope, principal) as LogsTurn;
  const resourcePolicy = resourcePolicyOf(turn.state, scope, group);
  const named = { logGroupName: group, logStreamName: stream };
  return (isNew ? ['CreateLogStream', 'PutLogEvents'] : ['PutLogEvents']).every(
    (action) => turn.authorize({ ...permission(turn, action, named), resourcePolicy, principal }).isAllowed,
  );
}
