// The canonical request of Signature Version 4: what a client hashed, rebuilt from what arrived.
// Source: AWS IAM User Guide, "Create a signed AWS API request". Rules for services other than S3: the path is normalised and encoded
// once more than it was sent, and the payload's hash is that of the bytes themselves, whatever a header claims.

import type { Credential } from './credential.ts';
import type { WireHeaders, WireRequest } from './http-message.ts';
import { parsePairs, percentEncode } from './percent.ts';

const QUERY_PAIRS_MAX = 1_000;

/** Undefined when the query string cannot be decoded, so nobody can have signed it. */
export function canonicalRequest(
  request: WireRequest,
  { place, signedHeaders }: Credential,
  payloadHash: string,
  pathOf: (path: string) => string = canonicalPath,
): string | undefined {
  const query = canonicalQuery(request.query, place);
  if (query === undefined) return undefined;
  const names = signedHeaders.join(';');
  return `${request.method}\n${pathOf(request.path)}\n${query}\n${canonicalHeaders(request.headers, signedHeaders)}\n${names}\n${payloadHash}`;
}

export function canonicalPath(path: string): string {
  if (path === '/' || path === '') return '/';
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(percentEncode(segment));
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function canonicalQuery(query: string, place: Credential['place']): string | undefined {
  if (query === '') return '';
  // A plus sign is a plus sign to a signer, not a space.
  const pairs = parsePairs(query.replaceAll('+', '%2B'), QUERY_PAIRS_MAX);
  if (pairs === undefined) return undefined;
  const encoded: (readonly [string, string])[] = [];
  for (const { name, value } of pairs) {
    if (place === 'header' || name !== 'X-Amz-Signature') encoded.push([percentEncode(name), percentEncode(value)]);
  }
  encoded.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return encoded.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function canonicalHeaders(headers: WireHeaders, names: readonly string[]): string {
  let text = '';
  for (const name of names) {
    // HTTP/2's name of the host: arrived as `host`, whatever the client called it.
    const value = headers[name === ':authority' ? 'host' : name];
    text += `${name}:${trimmed(value ?? '')}\n`;
  }
  return text;
}

function trimmed(value: string): string {
  const inner = value.trim();
  return inner.includes('  ') || inner.includes('\t') ? inner.replace(/\s+/g, ' ') : inner;
}
