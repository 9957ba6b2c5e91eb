// API destinations by name and by ARN, and the permission that an operation on one needs.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { formatArn } from '#model/arn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import type { Scope } from '#model/scope.ts';
import { connectionByArn } from '../connections/find-connection.ts';
import type { EventsState, EventsTurn } from '../state.ts';
import type { ApiDestinationDoc } from './documents.ts';
import { destinationDoesNotExist, type Verb } from './errors.ts';

export function destinationKey({ account, region }: Pick<Scope, 'account' | 'region'>, name: string): string {
  return `${account}/${region}/${name}`;
}

/** By its whole ARN: a later one of the same name has another. */
export function destinationByArn(state: EventsState, arn: string): ApiDestinationDoc | undefined {
  return state.apiDestinations.table.by('byArn', arn)[0];
}

export function findDestination(turn: EventsTurn, verb: Verb, name: string): ApiDestinationDoc | Refused {
  const found = turn.state.apiDestinations.table.get(destinationKey(turn.scope, name));
  return found ?? refuse(destinationDoesNotExist(verb, name));
}

export function putDestination(turn: EventsTurn, doc: ApiDestinationDoc): void {
  turn.put(turn.state.apiDestinations.table, destinationKey(doc, doc.name), doc);
}

/** Recorded: with OAuth it is inactive until the connection has its token. */
export function stateOf(state: EventsState, { connectionArn }: ApiDestinationDoc): 'ACTIVE' | 'INACTIVE' {
  return connectionByArn(state, connectionArn)?.state === 'AUTHORIZED' ? 'ACTIVE' : 'INACTIVE';
}

/** AWS: Service Authorization Reference, EventBridge: `api-destination/${ApiDestinationName}`. */
export function destinationPermission(action: string) {
  return (turn: EventsTurn, input: { readonly Name?: string | undefined }): AuthorizationRequest => ({
    action: `events:${action}`,
    resource: formatArn('events', turn.scope, `api-destination/${input.Name ?? ''}`),
    resourceAccount: turn.scope.account,
  });
}
