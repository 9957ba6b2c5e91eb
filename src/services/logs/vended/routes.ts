// Where which logs of which resource lead: asked for every event of a bus that logs, so it is looked up once and kept until a
// source, a destination or a delivery changes.

import type { LogDestination, LogSource } from '#cell/log-delivery.ts';
import { parseArn } from '#model/arn.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import { groupNameOfArn } from '../find-group.ts';
import type { LogsState } from '../state.ts';
import { bucketOf } from './destination-kinds.ts';
import type { DeliveryDoc } from './documents.ts';
import { destinationByArn, scopedKey } from './find.ts';
import { newPaths } from './s3-paths.ts';

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

/** Undefined: source or destination are not there. */
export function routeOf(state: LogsState, delivery: DeliveryDoc): VendedRoute | undefined {
  const own = parseArn(delivery.arn);
  if (own === undefined) return undefined;
  const { account, region } = own;
  const doc = state.deliverySources.get(scopedKey(scopeOf(account, region), delivery.sourceName));
  const place = placeOf(state, delivery);
  if (doc === undefined || place === undefined) return undefined;
  const { resourceArn, logType, arn } = doc;
  const source = { arn, account, region, name: resourceArn.slice(resourceArn.indexOf('/') + 1) };
  // Objects are a delivery's own.
  const placeName = JSON.stringify(place.kind === 'bucket' ? [place, arn] : place);
  return { resourceArn, logType, source, place, placeName };
}

function placeOf(state: LogsState, { destinationArn, s3 }: DeliveryDoc): VendedRoute['place'] | undefined {
  const resourceArn = destinationByArn(state, destinationArn)?.resourceArn ?? '';
  const arn = parseArn(resourceArn);
  if (arn === undefined) return undefined;
  if (arn.service === 'firehose') return { kind: 'stream', streamArn: resourceArn };
  if (arn.service === 's3') {
    const { suffixPath: path, isHive } = s3 ?? newPaths();
    const owner = parseArn(destinationArn)?.account ?? '';
    return { kind: 'bucket', ...bucketOf(resourceArn), owner, path, isHive };
  }
  const group = groupNameOfArn(resourceArn);
  return group === undefined ? undefined : { kind: 'group', scope: scopeOf(arn.account, arn.region), group };
}
