// OAuth tokens: got with the client's credentials (RFC 6749, 4.4), kept in memory, used until shortly before they expire.
//
// AWS documents that client id and secret are exchanged for a token with the endpoint, method and further parameters of the connection, and
// nothing of the request's form. This server sends what RFC 6749 says: a form with `grant_type`, `client_id` and `client_secret`, in the query
// with GET, as JSON when a header parameter says so.

import { utf8Decode } from '#base/bytes.ts';
import { HTTP_REQUEST, type HttpAnswer, type HttpRequest } from '#cell/http-request.ts';
import type { EventsTurn } from '../state.ts';
import { openCredentials } from './credentials.ts';
import type { Authorization, ConnectionDoc } from './documents.ts';
import { formText, type NamedValue, withQuery } from './http-parameters.ts';
import { TOKEN_ANSWER_BYTES_MAX, TOKEN_MARGIN_MS, TOKEN_TIMEOUT_MS } from './limits.ts';
import type { Token } from './state.ts';

export const TOKEN_REACTION = 'connection-token';

type OAuth = Extract<Authorization, { readonly type: 'OAUTH_CLIENT_CREDENTIALS' }>;

/** The token of the connection as it is now, when there is one that can be used. */
export function usableToken(turn: EventsTurn, { arn, revision }: ConnectionDoc): Token | undefined {
  const token = turn.state.connections.tokens.get(arn);
  return token?.revision === revision && turn.nowMs < token.usableUntilMs ? token : undefined;
}

/** Asks for a token, unless that has been done already and no answer came yet. */
export function askForToken(turn: EventsTurn, doc: ConnectionDoc): void {
  const { asked } = turn.state.connections;
  if (doc.sealed === undefined || asked.get(doc.arn) === doc.revision) return;
  const { authorization } = openCredentials(turn, doc.arn, doc.sealed);
  if (authorization.type !== 'OAUTH_CLIENT_CREDENTIALS') return;
  asked.set(doc.arn, doc.revision);
  const subject = `${doc.arn} ${doc.revision}`;
  turn.perform({
    performer: HTTP_REQUEST,
    input: requestOf(authorization),
    then: { reaction: TOKEN_REACTION, subject },
  });
}

/** A token that the endpoint did not take is not used again; a newer one that came meanwhile stays. */
export function forgetToken(turn: EventsTurn, arn: string, authorization: string): void {
  const { tokens } = turn.state.connections;
  if (tokens.get(arn)?.authorization === authorization) tokens.delete(arn);
}

function requestOf({ clientId, clientSecret, endpoint, method, parameters }: OAuth): HttpRequest {
  const given = parameters?.body ?? [];
  const own: NamedValue[] = [
    { key: 'grant_type', value: 'client_credentials' },
    { key: 'client_id', value: clientId },
    { key: 'client_secret', value: clientSecret },
  ];
  const fields = [...own.filter(({ key }) => !given.some((one) => one.key === key)), ...given];
  const headers = (parameters?.headers ?? []).map(({ key, value }) => [key, value] as const);
  const isSaid = (name: string) => headers.some(([key]) => key.toLowerCase() === name);
  const isJson = headers.some(([key, value]) => key.toLowerCase() === 'content-type' && /\bjson\b/i.test(value));
  const isInQuery = method === 'GET';
  const more: (readonly [string, string])[] = [];
  if (!isSaid('accept')) more.push(['Accept', 'application/json']);
  if (!isInQuery && !isSaid('content-type')) more.push(['Content-Type', 'application/x-www-form-urlencoded']);
  const query = [...(parameters?.query ?? []), ...(isInQuery ? fields : [])];
  return {
    method,
    url: withQuery(endpoint, query),
    headers: [...more, ...headers],
    body: isInQuery ? undefined : isJson ? jsonText(fields) : formText(fields),
    timeoutMs: TOKEN_TIMEOUT_MS,
    bodyBytesMax: TOKEN_ANSWER_BYTES_MAX,
  };
}

function jsonText(fields: readonly NamedValue[]): string {
  return JSON.stringify(Object.fromEntries(fields.map(({ key, value }) => [key, value])));
}

/** What a header can carry: nothing that would end it. */
const TOKEN_FORM = /^[\x21-\x7e]+$/;

/** The token of an answer with status 200; undefined when it has none. RFC 6749, 5.1. */
export function tokenOf({ body }: HttpAnswer, revision: number, nowMs: number): Token | undefined {
  const document = parsed(utf8Decode(body));
  const { access_token: token, token_type: type, expires_in: expires } = document;
  if (typeof token !== 'string' || !TOKEN_FORM.test(token)) return undefined;
  // Which header a token goes into is known of bearer tokens; most servers that leave the type out mean them.
  const scheme = typeof type === 'string' && TOKEN_FORM.test(type) && !/^bearer$/i.test(type) ? type : 'Bearer';
  const seconds = typeof expires === 'string' || typeof expires === 'number' ? Number(expires) : Number.NaN;
  const lifeMs = seconds > 0 ? seconds * 1000 : Number.POSITIVE_INFINITY;
  const usableUntilMs = nowMs + lifeMs - Math.min(TOKEN_MARGIN_MS, lifeMs / 2);
  return { revision, authorization: `${scheme} ${token}`, usableUntilMs };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
