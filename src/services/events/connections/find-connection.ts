// Connections by name and by ARN, and the permission that an operation on one needs.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { formatArn } from '#model/arn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import type { Scope } from '#model/scope.ts';
import type { EventsState, EventsTurn } from '../state.ts';
import type { ConnectionDoc } from './documents.ts';
import { connectionDoesNotExist } from './errors.ts';

export function connectionKey({ account, region }: Pick<Scope, 'account' | 'region'>, name: string): string {
  return `${account}/${region}/${name}`;
}

/** A connection is meant by its whole ARN: a later one of the same name has another. */
export function connectionByArn(state: EventsState, arn: string): ConnectionDoc | undefined {
  return state.connections.table.by('byArn', arn)[0];
}

export function findConnection(turn: EventsTurn, name: string): ConnectionDoc | Refused {
  const found = turn.state.connections.table.get(connectionKey(turn.scope, name));
  return found ?? refuse(connectionDoesNotExist(name));
}

export function putConnection(turn: EventsTurn, doc: ConnectionDoc): void {
  turn.put(turn.state.connections.table, connectionKey(doc, doc.name), doc);
}

/** AWS: Service Authorization Reference, EventBridge: resource type connection, `connection/${ConnectionName}`. */
export function connectionPermission(action: string) {
  return (turn: EventsTurn, input: { readonly Name?: string | undefined }): AuthorizationRequest => ({
    action: `events:${action}`,
    resource: formatArn('events', turn.scope, `connection/${input.Name ?? ''}`),
    resourceAccount: turn.scope.account,
  });
}
