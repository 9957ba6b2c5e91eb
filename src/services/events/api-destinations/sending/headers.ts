// Headers of a request to an API destination. AWS: EventBridge user guide, "API destinations": "Headers in requests to API destinations", those
// that cannot be overridden, and those that EventBridge removes.

import type { Credentials } from '../../connections/documents.ts';

const USER_AGENT = 'Amazon/EventBridge/ApiDestinations';
const CONTENT_TYPE = 'application/json; charset=utf-8';

/** EventBridge's own: not to be overridden. Host and Content-Length are the HTTP client's. */
const FIXED: readonly (readonly [string, string])[] = [
  ['User-Agent', USER_AGENT],
  ['Range', 'bytes=0-1048575'],
  ['Accept-Encoding', 'gzip,deflate'],
  ['Connection', 'close'],
];

const REMOVED = new Set([
  ...[
    'a-im',
    'accept-charset',
    'accept-datetime',
    'accept-encoding',
    'cache-control',
    'connection',
    'content-encoding',
  ],
  ...['content-length', 'content-md5', 'date', 'expect', 'forwarded', 'from', 'host', 'http2-settings', 'if-match'],
  ...['if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'max-forwards', 'origin', 'pragma'],
  ...['proxy-authorization', 'range', 'referer', 'te', 'trailer', 'transfer-encoding', 'user-agent', 'upgrade', 'via'],
  'warning',
]);

export interface HeaderSources {
  /** Of the rule's or pipe's target. */
  readonly target: Readonly<Record<string, string>> | undefined;
  readonly credentials: Credentials;
  /** With OAuth: `Bearer …`. */
  readonly token: string | undefined;
  readonly basic: string | undefined;
}

/**
 * AWS: API reference, HttpParameters: the target's are merged with the connection's, "with any values from the Connection taking precedence";
 * the authorization stands above both.
 */
export function headersOf({
  target,
  credentials,
  token,
  basic,
}: HeaderSources): readonly (readonly [string, string])[] {
  const merged = new Map<string, readonly [string, string]>();
  const put = (name: string, value: string): void => {
    if (!REMOVED.has(name.toLowerCase())) merged.set(name.toLowerCase(), [name, value]);
  };
  put('Content-Type', CONTENT_TYPE);
  for (const [name, value] of Object.entries(target ?? {})) put(name, value);
  for (const { key, value } of credentials.invocation?.headers ?? []) put(key, value);
  const { authorization } = credentials;
  if (authorization.type === 'API_KEY') put(authorization.name, authorization.value);
  const own = token ?? basic;
  if (own !== undefined) put('Authorization', own);
  return [...FIXED, ...merged.values()];
}
