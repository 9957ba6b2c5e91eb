// What EventBridge tells the default bus of its own connections and API destinations. AWS: EventBridge user guide, "Amazon EventBridge events
// detail reference", "Connection state events" and "API Destination state events"; "Connection states": "EventBridge emits events when the state
// of a connection changes". Best effort there, here part of the entry that changes the state. What is over at once here (creating, updating,
// deleting) is told as begun. A new destination is told of only when its state changes: the guide has no event for its creation.

import { scopeOf } from '#model/scope.ts';
import type { ApiDestinationDoc } from '../api-destinations/documents.ts';
import type { EventsTurn } from '../state.ts';
import type { ConnectionDoc, ConnectionState } from './documents.ts';
import { connectionByArn } from './find-connection.ts';

type Begun = 'Creation Started' | 'Update Started' | 'Deletion Started' | 'Deauthorization Started';
type Reached = 'Authorized' | 'Authorization Started' | 'Deauthorized';

const REACHED: Readonly<Record<ConnectionState, Reached>> = {
  AUTHORIZED: 'Authorized',
  AUTHORIZING: 'Authorization Started',
  DEAUTHORIZED: 'Deauthorized',
};

export function tellBegun(turn: EventsTurn, { stateReason: _, ...doc }: ConnectionDoc, begun: Begun): void {
  tellConnection(turn, doc, begun);
}

/** The state that the connection has now, as if it had just got it. */
export function tellReached(turn: EventsTurn, doc: ConnectionDoc): void {
  tellConnection(turn, doc, REACHED[doc.state]);
}

/** After something that may have changed the connection's state or taken it away: tells of that, and of its destinations. */
export function tellChange(turn: EventsTurn, before: ConnectionDoc): void {
  const after = connectionByArn(turn.state, before.arn);
  if (after !== undefined && after.state !== before.state) tellReached(turn, after);
  const isActive = after?.state === 'AUTHORIZED';
  if (isActive === (before.state === 'AUTHORIZED')) return;
  for (const doc of turn.state.apiDestinations.table.by('byConnection', before.arn)) {
    tellDestination(turn, doc, isActive);
  }
}

export function tellDestination(turn: EventsTurn, doc: ApiDestinationDoc, isActive: boolean): void {
  const detail = { ApiDestinationName: doc.name, Timestamp: timestamp(turn.nowMs) };
  emit(turn, doc, { detailType: `API Destination ${isActive ? 'Activated' : 'Deactivated'}`, detail });
}

function tellConnection(turn: EventsTurn, doc: ConnectionDoc, status: Begun | Reached): void {
  const { name: ConnectionName, stateReason } = doc;
  const reason = stateReason === undefined ? {} : { StateReason: stateReason };
  emit(turn, doc, {
    detailType: `Connection ${status}`,
    detail: { ConnectionName, ...reason, Timestamp: timestamp(turn.nowMs) },
  });
}

function emit(
  turn: EventsTurn,
  { arn, account, region }: Pick<ConnectionDoc, 'arn' | 'account' | 'region'>,
  { detailType, detail }: { readonly detailType: string; readonly detail: object },
): void {
  const scope = scopeOf(account, region);
  turn.doors.events?.emit(turn.within(scope, turn.principal), {
    scope,
    source: 'aws.events',
    detailType,
    resources: [arn],
    detail: JSON.stringify(detail),
  });
}

/** `2024-10-24 09:26:35 +0000 UTC`, as in the guide's example. */
function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}
