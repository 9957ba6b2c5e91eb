// An answer came, or failed to. A refused token is replaced once and the request sent again; refused credentials of another kind take the
// connection's authorization away. AWS: EventBridge user guide, "Authorization methods for connections", "De-authorizing connections".

import { assertDefined } from '#base/assert.ts';
import type { HttpOutcome } from '#cell/http-request.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import type { Outcome } from '#cell/turn.ts';
import { markDeauthorized } from '../../connections/change-state.ts';
import type { ConnectionDoc } from '../../connections/documents.ts';
import { connectionByArn } from '../../connections/find-connection.ts';
import { tellChange } from '../../connections/tell.ts';
import { forgetToken } from '../../connections/tokens.ts';
import type { EventsTurn } from '../../state.ts';
import { destinationByArn } from '../find-destination.ts';
import type { OpenRequest, Request } from '../state.ts';
import { endRequest } from './end.ts';
import { pump, pumpCrowdedOut } from './pump.ts';
import { failureOf, failureText, isUnauthorized } from './verdict.ts';

export function answered(turn: EventsTurn, subject: string, outcome: Outcome): void {
  const { open, lanes } = turn.state.apiDestinations;
  const found = open.get(Number(subject));
  if (found === undefined) return;
  const { request } = found;
  open.delete(request.id);
  const lane = assertDefined(lanes.get(request.destinationArn), 'the lane of an open request');
  lane.openCount -= 1;
  const http = httpOutcome(outcome);
  const connection = connectionOf(turn, request);
  if (isUnauthorized(http) && withNewToken(turn, found)) lane.pushFirst(request);
  else endRequest(turn, request, resultOf(request, http, turn.nowMs));
  pump(turn, request.destinationArn);
  pumpCrowdedOut(turn);
  if (connection !== undefined) tellChange(turn, connection);
}

function connectionOf(turn: EventsTurn, { destinationArn }: Request): ConnectionDoc | undefined {
  const destination = destinationByArn(turn.state, destinationArn);
  return destination === undefined ? undefined : connectionByArn(turn.state, destination.connectionArn);
}

/** A performer that failed itself is like an endpoint that cannot be reached. */
function httpOutcome(outcome: Outcome): HttpOutcome {
  if ('result' in outcome) return outcome.result as HttpOutcome;
  return { failure: { kind: 'connection', detail: outcome.failed } };
}

function resultOf(
  { asker }: Request,
  http: HttpOutcome,
  nowMs: number,
): { readonly failure: DeliveryFailure } | { readonly body: Uint8Array } {
  const failure = failureOf(http, nowMs);
  if (failure !== undefined) return { failure };
  if ('failure' in http || (asker.kind === 'call' && http.isBodyCut)) {
    const detail = failureText('the answer is larger than an enrichment may be.');
    return { failure: { code: 'ERROR_FROM_TARGET', detail, isRetryable: false } };
  }
  return { body: http.body };
}

/** True when the request goes again with another token. */
function withNewToken(turn: EventsTurn, { request, token }: OpenRequest): boolean {
  const connectionArn = destinationByArn(turn.state, request.destinationArn)?.connectionArn;
  if (connectionArn === undefined) return false;
  if (token === undefined) {
    const connection = connectionByArn(turn.state, connectionArn);
    if (connection !== undefined) markDeauthorized(turn, connection, 'The endpoint refused the credentials.');
    return false;
  }
  forgetToken(turn, connectionArn, token);
  if (request.hasNewToken) return false;
  request.hasNewToken = true;
  turn.state.apiDestinations.waitingCharacters += request.text.length;
  return true;
}
