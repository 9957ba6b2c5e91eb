// Headers that a presigned URL carries as parameters: SDKs put `x-amz-meta-…`, `x-amz-acl` and the like there, so that whoever has the URL need
// not send them. AWS takes them for the headers that they stand for (recorded: aws-sdk-js-v3 #4694, aws-sdk-ruby #1808), but for checksums,
// which it leaves aside there (aws-sdk-js-v3 #4448, aws-sdk-go-v2 #2610): clients compute those before they have a body.

import { type WireHeaders, type WireRequest, wireHeaders } from '../http-message.ts';
import { parsePairs } from '../percent.ts';

const PAIRS_MAX = 1_000;
const OF_THE_SIGNATURE: ReadonlySet<string> = new Set([
  'x-amz-algorithm',
  'x-amz-content-sha256',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);
const OF_A_BODY = /^x-amz-(?:checksum-|sdk-|decoded-|trailer$)/;

/** For reading an input, once the signature is verified. A header that was sent itself is that header. */
export function headersOf({ headers, query }: Pick<WireRequest, 'headers' | 'query'>): WireHeaders {
  if (!query.includes('X-Amz-Signature=')) return headers;
  const hoisted: [string, string][] = [];
  for (const { name, value } of parsePairs(query, PAIRS_MAX) ?? []) {
    const header = name.toLowerCase();
    const isHeader = header.startsWith('x-amz-') && !OF_THE_SIGNATURE.has(header) && !OF_A_BODY.test(header);
    if (isHeader && headers[header] === undefined) hoisted.push([header, value]);
  }
  if (hoisted.length === 0) return headers;
  return wireHeaders([...Object.entries(headers).map(([name, value]) => [name, value ?? ''] as const), ...hoisted]);
}
