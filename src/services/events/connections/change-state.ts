// A connection becomes authorized, or loses it. AWS: EventBridge user guide, "De-authorizing connections".

import type { EventsTurn } from '../state.ts';
import type { ConnectionDoc } from './documents.ts';
import { putConnection } from './find-connection.ts';
import { STATE_REASON_LENGTH_MAX } from './limits.ts';

export function markAuthorized(turn: EventsTurn, doc: ConnectionDoc): void {
  putConnection(turn, { ...doc, state: 'AUTHORIZED', stateReason: undefined, authorizedAtMs: turn.nowMs });
}

/** The credentials stay: an update that gives better ones may leave out what was right. */
export function markDeauthorized(turn: EventsTurn, doc: ConnectionDoc, reason: string): void {
  if (doc.state === 'DEAUTHORIZED') return;
  turn.state.connections.tokens.delete(doc.arn);
  putConnection(turn, { ...doc, state: 'DEAUTHORIZED', stateReason: reason.slice(0, STATE_REASON_LENGTH_MAX) });
}
