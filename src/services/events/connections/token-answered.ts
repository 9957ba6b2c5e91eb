// The authorization endpoint answered, or failed to. With a token the connection is authorized, and what waited for it goes; without one it loses
// its authorization when the endpoint has said no, or when it never had one. AWS: EventBridge user guide, "Connection states".

import type { HttpFailureKind, HttpOutcome } from '#cell/http-request.ts';
import type { Outcome } from '#cell/turn.ts';
import { failWaiting, pumpConnection } from '../api-destinations/sending/pump.ts';
import { failureText } from '../api-destinations/sending/verdict.ts';
import type { EventsTurn } from '../state.ts';
import { markAuthorized, markDeauthorized } from './change-state.ts';
import type { ConnectionDoc } from './documents.ts';
import { connectionByArn } from './find-connection.ts';
import { tellChange } from './tell.ts';
import { tokenOf } from './tokens.ts';

export function tokenAnswered(turn: EventsTurn, subject: string, outcome: Outcome): void {
  const { asked, tokens } = turn.state.connections;
  const [arn = '', revision] = subject.split(' ');
  if (asked.get(arn) === Number(revision)) asked.delete(arn);
  const doc = connectionByArn(turn.state, arn);
  if (doc !== undefined && doc.revision === Number(revision) && doc.state !== 'DEAUTHORIZED') {
    const result = readToken(turn, doc, outcome);
    if ('token' in result) {
      tokens.set(arn, result.token);
      if (doc.state !== 'AUTHORIZED') markAuthorized(turn, doc);
    } else if (result.isFinal || doc.state === 'AUTHORIZING') markDeauthorized(turn, doc, result.reason);
    else {
      const detail = failureText(`No token for the connection: ${result.reason}`);
      failWaiting(turn, arn, { code: 'SDK_CLIENT_ERROR', detail, isRetryable: true });
      return;
    }
  }
  pumpConnection(turn, arn);
  if (doc !== undefined) tellChange(turn, doc);
}

const FINAL_KINDS: ReadonlySet<HttpFailureKind> = new Set(['address-not-allowed', 'name-not-found', 'request']);

/** A token, or why there is none and whether asking again can help. */
function readToken(turn: EventsTurn, { revision }: ConnectionDoc, outcome: Outcome) {
  const http = 'result' in outcome ? (outcome.result as HttpOutcome) : undefined;
  if (http === undefined) return { isFinal: false, reason: 'The authorization endpoint could not be asked.' };
  if ('failure' in http) {
    const { kind, detail } = http.failure;
    return { isFinal: FINAL_KINDS.has(kind), reason: `The authorization endpoint cannot be reached: ${detail}.` };
  }
  const { status } = http;
  if (status < 200 || status > 299) {
    const isFinal = status < 500 && status !== 408 && status !== 429;
    return { isFinal, reason: `The authorization endpoint returned HTTP status ${status}.` };
  }
  const token = tokenOf(http, revision, turn.nowMs);
  return token === undefined
    ? { isFinal: true, reason: 'The answer of the authorization endpoint has no access_token.' }
    : { token };
}
