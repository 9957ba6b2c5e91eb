// Sends what waits for a destination, oldest first, as far as its rate, its room and its connection allow. Whatever holds one destination up (a
// rate, an endpoint that never answers, a token that does not come) holds up that one only.

import { HTTP_REQUEST } from '#cell/http-request.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import { openCredentials } from '../../connections/credentials.ts';
import type { ConnectionDoc } from '../../connections/documents.ts';
import { connectionByArn } from '../../connections/find-connection.ts';
import { askForToken, usableToken } from '../../connections/tokens.ts';
import type { EventsTurn } from '../../state.ts';
import type { ApiDestinationDoc } from '../documents.ts';
import { ApiDestinationPaced } from '../facts.ts';
import { destinationByArn } from '../find-destination.ts';
import type { Request } from '../state.ts';
import { endRequest } from './end.ts';
import { httpRequestOf, type RequestSources } from './http-request.ts';
import { hasRoom, type Lane } from './lane.ts';
import { failureText, gone } from './verdict.ts';

export const ANSWER_REACTION = 'api-destination-answer';
export const PACE_TIMER = 'api-destination-pace';

export function pump(turn: EventsTurn, arn: string): void {
  const { apiDestinations } = turn.state;
  const lane = apiDestinations.lanes.get(arn);
  if (lane === undefined) return;
  apiDestinations.crowdedOut.delete(arn);
  while (lane.waitingCount > 0 && sendNext(turn, arn, lane));
  if (lane.isIdle(turn.nowMs, destinationByArn(turn.state, arn) !== undefined)) apiDestinations.lanes.delete(arn);
}

/** After something ended elsewhere: those that found no room look again, as long as there is some. */
export function pumpCrowdedOut(turn: EventsTurn): void {
  const { crowdedOut, open } = turn.state.apiDestinations;
  for (const arn of crowdedOut) {
    if (!hasRoom(0, open.size)) return;
    pump(turn, arn);
  }
}

/** After a connection has changed, or got its token. */
export function pumpConnection(turn: EventsTurn, connectionArn: string): void {
  const { table } = turn.state.apiDestinations;
  for (const { arn } of table.by('byConnection', connectionArn)) pump(turn, arn);
}

/** No token came for the connection: what waits for it fails, and is tried again by whoever asked. */
export function failWaiting(turn: EventsTurn, connectionArn: string, failure: DeliveryFailure): void {
  const { table, lanes } = turn.state.apiDestinations;
  for (const { arn } of table.by('byConnection', connectionArn)) {
    const lane = lanes.get(arn);
    while (lane !== undefined && lane.waitingCount > 0) failNext(turn, lane, failure);
    pump(turn, arn);
  }
}

/** The timer of the rate. */
export function paceReached(turn: EventsTurn, arn: string): void {
  const lane = turn.state.apiDestinations.lanes.get(arn);
  if (lane !== undefined) lane.isPaced = false;
  pump(turn, arn);
}

/** False when the first one has to wait. */
function sendNext(turn: EventsTurn, arn: string, lane: Lane): boolean {
  const destination = destinationByArn(turn.state, arn);
  if (destination === undefined) return failNext(turn, lane, gone(arn));
  const connection = connectionByArn(turn.state, destination.connectionArn);
  if (connection === undefined) return failNext(turn, lane, gone(destination.connectionArn));
  if (connection.state === 'DEAUTHORIZED' || connection.sealed === undefined) {
    return failNext(turn, lane, deauthorized(connection));
  }
  if (isPaced(turn, destination, lane) || isCrowded(turn, arn, lane)) return false;
  const isOAuth = connection.authorizationType === 'OAUTH_CLIENT_CREDENTIALS';
  const token = isOAuth ? usableToken(turn, connection) : undefined;
  if (isOAuth && token === undefined) {
    askForToken(turn, connection);
    return false;
  }
  const credentials = openCredentials(turn, connection.arn, connection.sealed);
  send(turn, take(turn, lane), { destination, credentials, token: token?.authorization, lane });
  return true;
}

function send(turn: EventsTurn, request: Request, sources: RequestSources & { readonly lane: Lane }): void {
  const input = httpRequestOf(request, sources);
  if ('failure' in input) {
    endRequest(turn, request, { failure: input.failure });
    return;
  }
  sources.lane.begin(turn.nowMs);
  turn.state.apiDestinations.open.set(request.id, { request, token: sources.token });
  turn.perform({ performer: HTTP_REQUEST, input, then: { reaction: ANSWER_REACTION, subject: String(request.id) } });
}

function isPaced(turn: EventsTurn, { arn, ratePerSecond }: ApiDestinationDoc, lane: Lane): boolean {
  if (lane.isPaced) return true;
  const untilMs = lane.nextAtMs(ratePerSecond, turn.nowMs);
  if (untilMs <= turn.nowMs) return false;
  lane.isPaced = true;
  turn.record(ApiDestinationPaced, { destinationArn: arn, waiting: lane.waitingCount, untilMs });
  return true;
}

function isCrowded(turn: EventsTurn, arn: string, lane: Lane): boolean {
  const { open, crowdedOut } = turn.state.apiDestinations;
  if (hasRoom(lane.openCount, open.size)) return false;
  // One that has requests under way looks again when the first of them ends.
  if (lane.openCount === 0) crowdedOut.add(arn);
  return true;
}

function failNext(turn: EventsTurn, lane: Lane, failure: DeliveryFailure): true {
  endRequest(turn, take(turn, lane), { failure });
  return true;
}

function take(turn: EventsTurn, lane: Lane): Request {
  const request = lane.shift() as Request;
  turn.state.apiDestinations.waitingCharacters -= request.text.length;
  return request;
}

/** Tried again: an update of the connection puts it right. */
function deauthorized({ arn }: ConnectionDoc): DeliveryFailure {
  return {
    code: 'SDK_CLIENT_ERROR',
    detail: failureText(`The connection ${arn} is not authorized.`),
    isRetryable: true,
  };
}
