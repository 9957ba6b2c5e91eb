// An event and a destination become an HTTP request.

import { base64Encode } from '#base/base64.ts';
import { utf8Encode } from '#base/bytes.ts';
import type { HttpRequest } from '#cell/http-request.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import type { Authorization, Credentials } from '../../connections/documents.ts';
import type { ApiDestinationDoc } from '../documents.ts';
import { ANSWER_BYTES_MAX, ENRICHMENT_BYTES_MAX, REQUEST_TIMEOUT_MS } from '../limits.ts';
import type { Request } from '../state.ts';
import { bodyOf } from './body.ts';
import { headersOf } from './headers.ts';
import { urlOf } from './url.ts';
import { notInvoked } from './verdict.ts';

export interface RequestSources {
  readonly destination: ApiDestinationDoc;
  readonly credentials: Credentials;
  readonly token: string | undefined;
}

export function httpRequestOf(
  { text, parameters, asker }: Request,
  { destination, credentials, token }: RequestSources,
): HttpRequest | { readonly failure: DeliveryFailure } {
  const { invocation, authorization } = credentials;
  const targetQuery = Object.entries(parameters?.queryStringParameters ?? {}).map(([key, value]) => ({ key, value }));
  const url = urlOf({
    endpoint: destination.endpoint,
    pathValues: parameters?.pathParameterValues,
    query: [...targetQuery, ...(invocation?.query ?? [])],
  });
  if (url === undefined) return notInvoked('a value for the path leads to another place of it.');
  const body = bodyOf(text, invocation?.body ?? []);
  if (body === undefined) {
    return notInvoked('the connection adds parameters to the body, and the event is no JSON object.');
  }
  return {
    method: destination.method,
    url,
    headers: headersOf({ target: parameters?.headerParameters, credentials, token, basic: basicOf(authorization) }),
    body,
    timeoutMs: REQUEST_TIMEOUT_MS,
    bodyBytesMax: asker.kind === 'call' ? ENRICHMENT_BYTES_MAX : ANSWER_BYTES_MAX,
  };
}

/** RFC 7617, in UTF-8. */
function basicOf(authorization: Authorization): string | undefined {
  if (authorization.type !== 'BASIC') return undefined;
  return `Basic ${base64Encode(utf8Encode(`${authorization.username}:${authorization.password}`))}`;
}
