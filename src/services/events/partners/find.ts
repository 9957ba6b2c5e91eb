// Partner event sources by name, their states, and the permissions that operations on them need.
// AWS: Service Authorization Reference, EventBridge: `arn:${Partition}:events:${Region}::event-source/${EventSourceName}`, without account.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { formatArn } from '#model/arn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import type { BusDoc } from '../buses/documents.ts';
import { lookUpBus } from '../buses/find-bus.ts';
import type { EventsState, EventsTurn } from '../state.ts';
import type { EventSourceDoc, OfferedSourceDoc } from './documents.ts';
import { sourceDoesNotExist } from './errors.ts';

type Place = Pick<Scope, 'account' | 'region'>;
export type SourceState = 'PENDING' | 'ACTIVE' | 'DELETED';

export function sourceKey({ account, region }: Place, name: string): string {
  return `${account}/${region}/${name}`;
}

export function sourceArn(region: string, name: string): string {
  return formatArn('events', scopeOf('', region), `event-source/${name}`);
}

export function findSource(turn: EventsTurn, name: string): EventSourceDoc | Refused {
  return turn.state.partners.sources.get(sourceKey(turn.scope, name)) ?? refuse(sourceDoesNotExist(name));
}

export function findOffered(turn: EventsTurn, name: string): OfferedSourceDoc | Refused {
  return turn.state.partners.offered.get(sourceKey(turn.scope, name)) ?? refuse(sourceDoesNotExist(name));
}

/** The customer's side of what the partner offers. */
export function sourceOf(state: EventsState, { customer, region, name }: OfferedSourceDoc): EventSourceDoc | undefined {
  return state.partners.sources.get(sourceKey({ account: customer, region }, name));
}

/** The bus that was made for the source: it has its name. */
export function busOf(state: EventsState, { account, region, name }: EventSourceDoc): BusDoc | undefined {
  const bus = lookUpBus(state, { scope: scopeOf(account, region), name });
  return bus?.eventSourceName === name ? bus : undefined;
}

export function sourceState(state: EventsState, source: EventSourceDoc): SourceState {
  if (source.isDeleted) return 'DELETED';
  return !source.isDeactivated && busOf(state, source) !== undefined ? 'ACTIVE' : 'PENDING';
}

/** AWS: names are `aws.partner/` and the partner's own name, then what it likes. */
export function partnerOf(name: string): string {
  return name.split('/', 2).join('/');
}

export function onSource<I>(action: string, nameOf: (input: I) => string | undefined) {
  return (turn: EventsTurn, input: I): AuthorizationRequest => ({
    action: `events:${action}`,
    resource: sourceArn(turn.scope.region, nameOf(input) ?? ''),
    resourceAccount: turn.scope.account,
  });
}

export function onAllSources(action: string) {
  return (turn: EventsTurn): AuthorizationRequest => ({
    action: `events:${action}`,
    resource: '*',
    resourceAccount: turn.scope.account,
  });
}
