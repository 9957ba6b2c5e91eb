// Where which logs of which resource lead: asked for every event of a bus that logs, so it is looked up once and kept until a
// source, a destination or a delivery changes.

import type { LogDestination, LogSource } from '#cell/log-delivery.ts';
import { parseArn } from '#model/arn.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import { groupNameOfArn } from '../find-group.ts';
import type { LogsState } from '../state.ts';
import type { DeliveryDoc } from './documents.ts';
import { destinationByArn, scopedKey } from './find.ts';

export interface VendedRoute {
  readonly resourceArn: string;
  readonly logType: string;
  readonly source: LogSource;
  readonly place: GroupPlace | LogDestination;
  /** The same for routes to one place. */
  readonly placeName: string;
}

export interface GroupPlace {
  readonly kind: 'group';
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
  const place = placeOf(destinationByArn(state, destinationArn)?.resourceArn ?? '');
  if (source === undefined || place === undefined) return undefined;
  const { resourceArn, logType } = source;
  const { account, region } = own;
  return {
    resourceArn,
    logType,
    source: { arn: source.arn, account, region },
    place,
    placeName: JSON.stringify(place),
  };
}

function placeOf(resourceArn: string): VendedRoute['place'] | undefined {
  const arn = parseArn(resourceArn);
  if (arn === undefined) return undefined;
  if (arn.service === 'firehose') return { kind: 'stream', streamArn: resourceArn };
  const group = groupNameOfArn(resourceArn);
  return group === undefined ? undefined : { kind: 'group', scope: scopeOf(arn.account, arn.region), group };
}
