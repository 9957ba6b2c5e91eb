// Which log groups get which logs of which resource: asked for every event of a bus that logs, so it is looked up once and kept until a
// source, a destination or a delivery changes.

import { parseArn } from '#model/arn.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import { groupNameOfArn } from '../find-group.ts';
import type { LogsState } from '../state.ts';
import type { DeliveryDoc } from './documents.ts';
import { destinationByArn, scopedKey } from './find.ts';

export interface VendedRoute {
  readonly resourceArn: string;
  readonly logType: string;
  readonly sourceArn: string;
  /** Of the log group. */
  readonly scope: Scope;
  readonly group: string;
}

const NONE: readonly VendedRoute[] = [];

/** The same array until something changes. */
export function vendedRoutes(state: LogsState, resourceArn: string): readonly VendedRoute[] {
  state.vendedRoutes ??= routesOf(state);
  return state.vendedRoutes.get(resourceArn) ?? NONE;
}

function routesOf(state: LogsState): ReadonlyMap<string, readonly VendedRoute[]> {
  const routes = new Map<string, VendedRoute[]>();
  for (const [, delivery] of state.deliveries.entries()) {
    const route = routeOf(state, delivery);
    if (route === undefined) continue;
    const known = routes.get(route.resourceArn);
    if (known === undefined) routes.set(route.resourceArn, [route]);
    else known.push(route);
  }
  return routes;
}

function routeOf(state: LogsState, { arn, sourceName, destinationArn }: DeliveryDoc): VendedRoute | undefined {
  const own = parseArn(arn);
  if (own === undefined) return undefined;
  const source = state.deliverySources.get(scopedKey(scopeOf(own.account, own.region), sourceName));
  const groupArn = destinationByArn(state, destinationArn)?.resourceArn ?? '';
  const place = parseArn(groupArn);
  const group = groupNameOfArn(groupArn);
  if (source === undefined || place === undefined || group === undefined) return undefined;
  const { resourceArn, logType, arn: sourceArn } = source;
  return { resourceArn, logType, sourceArn, scope: scopeOf(place.account, place.region), group };
}
