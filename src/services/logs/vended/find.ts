// Finding sources, destinations and deliveries, and the permission that operations on them need. AWS: Service Authorization Reference, "Amazon
// CloudWatch Logs": delivery-source, delivery-destination and delivery are resource types of their own.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { formatArn, parseArn } from '#model/arn.ts';
import { type Scope, scopeOf, scopePrefix } from '#model/scope.ts';
import type { LogsTurn } from '../find-group.ts';
import type { LogsState } from '../state.ts';
import type { DeliveryDestinationDoc } from './documents.ts';

export type VendedKind = 'delivery-source' | 'delivery-destination' | 'delivery';

export function scopedKey(scope: Scope, name: string): string {
  return `${scopePrefix(scope)}${name}`;
}

export function vendedArn(scope: Scope, kind: VendedKind, name: string): string {
  return formatArn('logs', scope, `${kind}:${name}`);
}

/** Also of another account. */
export function destinationByArn(state: LogsState, text: string): DeliveryDestinationDoc | undefined {
  const arn = parseArn(text);
  if (arn === undefined || arn.service !== 'logs' || !arn.resource.startsWith('delivery-destination:'))
    return undefined;
  const name = arn.resource.slice('delivery-destination:'.length);
  return state.deliveryDestinations.get(scopedKey(scopeOf(arn.account, arn.region), name));
}

export function vendedAccess(turn: LogsTurn, action: string, resource: string): AuthorizationRequest {
  return { action: `logs:${action}`, resource, resourceAccount: turn.scope.account };
}

/** For operations whose input names the resource. */
export function onVended<I>(action: string, kind: VendedKind, nameOf: (input: I) => string | undefined) {
  return (turn: LogsTurn, input: I): AuthorizationRequest =>
    vendedAccess(turn, action, vendedArn(turn.scope, kind, nameOf(input) ?? '*'));
}
