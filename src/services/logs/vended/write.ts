// A service writes a resource's own log: to each place that deliveries lead to, as delivery.logs.amazonaws.com. Nobody was promised the lines: what is gone or
// does not let them in gets none. AWS: CloudWatch Logs user guide, "Enable logging from AWS services".

import type { VendedLog } from '#cell/doors.ts';
import type { Principal } from '#model/principal.ts';
import { appendToGroup } from '../append.ts';
import { type LogsTurn, permission } from '../find-group.ts';
import { resourcePolicyOf } from '../resource-policies.ts';
import { groupKey } from '../state.ts';
import { deliverLines } from './deliver.ts';
import { DELIVERY_SERVICE } from './delivery-service.ts';
import { type GroupPlace, type VendedRoute, vendedRoutes } from './routes.ts';

export function appendVendedLog(turn: LogsTurn, log: VendedLog): void {
  const wanted = new Set(log.events.map(({ logType }) => logType));
  const byPlace = new Map<string, VendedRoute[]>();
  for (const route of vendedRoutes(turn.state, log.resourceArn)) {
    if (!wanted.has(route.logType)) continue;
    const known = byPlace.get(route.placeName);
    if (known === undefined) byPlace.set(route.placeName, [route]);
    else known.push(route);
  }
  for (const routes of byPlace.values()) write(turn, log, routes);
}

/** Lines of several types keep their order in a place that gets them all. */
function write(turn: LogsTurn, log: VendedLog, routes: readonly VendedRoute[]): void {
  const [first] = routes;
  if (first === undefined) return;
  const { source, place } = first;
  if (place.kind === 'group') writeToGroup(turn, log, { place, routes });
  else {
    const lines = eventsOf(log, routes).map(({ message }) => message);
    deliverLines(turn, { source, destination: place }, lines);
  }
}

function eventsOf({ events }: VendedLog, routes: readonly VendedRoute[]): VendedLog['events'] {
  const types = new Set(routes.map(({ logType }) => logType));
  return events.filter(({ logType }) => types.has(logType));
}

function writeToGroup(
  asked: LogsTurn,
  log: VendedLog,
  { place, routes }: { readonly place: GroupPlace; readonly routes: readonly VendedRoute[] },
): void {
  const { stream } = log;
  const group = asked.state.groups.get(groupKey(place.scope, place.group));
  if (group === undefined) return;
  const isNew = asked.state.findStream(group.id, stream) === undefined;
  const allowed = routes.filter((route) => mayWrite(asked, place, { route, stream, isNew }));
  if (allowed.length === 0) return;
  const turn = asked.within(place.scope, asked.principal) as LogsTurn;
  appendToGroup(turn, group, { stream, events: eventsOf(log, allowed) });
}

function mayWrite(
  asked: LogsTurn,
  { scope, group }: GroupPlace,
  { route, stream, isNew }: { readonly route: VendedRoute; readonly stream: string; readonly isNew: boolean },
): boolean {
  const { arn: sourceArn, account } = route.source;
  const principal: Principal = { kind: 'service', service: DELIVERY_SERVICE, sourceArn, account };
  const turn = asked.within(scope, principal) as LogsTurn;
  const resourcePolicy = resourcePolicyOf(turn.state, scope, group);
  const named = { logGroupName: group, logStreamName: stream };
  return (isNew ? ['CreateLogStream', 'PutLogEvents'] : ['PutLogEvents']).every(
    (action) => turn.authorize({ ...permission(turn, action, named), resourcePolicy, principal }).isAllowed,
  );
}
