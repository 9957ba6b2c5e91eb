// Presigned queries of Signature Version 2: what `aws s3 presign` and boto3 make by default for an endpoint of one's own. Requests signed
// that way in a header are refused, as AWS does since 2020 for new buckets.
// AWS: S3 API reference, "Authenticating requests using the REST API (Signature Version 2)", "Query string request authentication".

import { base64Encode } from '#base/base64.ts';
import type { Digest } from '#base/digest.ts';
import { type AwsError, clientError } from '#model/aws-error.ts';
import type { WireRequest } from '../http-message.ts';
import { type Pair, parsePairs } from '../percent.ts';
import { formatDateTime } from '../timestamps.ts';
import { readS3Host } from './address.ts';
import { accessDenied, signatureMismatch } from './refusals.ts';

export interface PresignedV2 {
  readonly accessKeyId: string;
  readonly signature: string;
  /** Seconds since the epoch, as sent. */
  readonly expires: string;
  readonly sessionToken: string | undefined;
  readonly pairs: readonly Pair[];
}

const PAIRS_MAX = 1_000;
/** Parameters that are part of the resource. */
const SUBRESOURCES: ReadonlySet<string> = new Set([
  ...['accelerate', 'acl', 'analytics', 'cors', 'defaultObjectAcl', 'delete', 'encryption', 'inventory', 'lifecycle'],
  ...['location', 'logging', 'metrics', 'notification', 'object-lock', 'partNumber', 'policy', 'publicAccessBlock'],
  ...['replication', 'requestPayment', 'restore', 'retention', 'legal-hold', 'select', 'select-type', 'tagging'],
  ...['torrent', 'uploadId', 'uploads', 'versionId', 'versioning', 'versions', 'website'],
  ...['response-cache-control', 'response-content-disposition', 'response-content-encoding'],
  ...['response-content-language', 'response-content-type', 'response-expires'],
]);

/** Undefined when the query is not signed that way. */
export function readPresignedV2(request: WireRequest): PresignedV2 | undefined {
  if (!/(^|&)AWSAccessKeyId=/.test(request.query)) return undefined;
  const pairs = parsePairs(request.query.replaceAll('+', '%2B'), PAIRS_MAX) ?? [];
  const fieldOf = (name: string) => pairs.find((pair) => pair.name === name)?.value;
  return {
    accessKeyId: fieldOf('AWSAccessKeyId') ?? '',
    signature: fieldOf('Signature') ?? '',
    expires: fieldOf('Expires') ?? '',
    sessionToken: fieldOf('x-amz-security-token') ?? request.headers['x-amz-security-token'],
    pairs,
  };
}

/** What is wrong with it whoever signed it. */
export function checkPresignedV2({ expires, signature }: PresignedV2, nowMs: number): AwsError | undefined {
  if (expires === '' || signature === '') {
    return accessDenied('Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters');
  }
  if (!/^\d{1,12}$/.test(expires)) {
    return clientError('AccessDenied', `Invalid date (should be seconds since epoch): ${expires.slice(0, 64)}`, {
      status: 403,
    });
  }
  if (Number(expires) * 1000 >= nowMs) return undefined;
  const members = { Expires: formatDateTime(Number(expires) * 1000), ServerTime: formatDateTime(nowMs) };
  return accessDenied('Request has expired', members);
}

export function verifyPresignedV2(
  request: WireRequest,
  presigned: PresignedV2,
  { digest, secret }: { readonly digest: Digest; readonly secret: string },
): AwsError | undefined {
  const stringToSign = stringToSignOf(request, presigned);
  const expected = base64Encode(digest.hmacSha1(secret, stringToSign));
  if (digest.timingSafeEqual(expected, presigned.signature)) return undefined;
  const { accessKeyId, signature } = presigned;
  return signatureMismatch({ accessKeyId, signature, stringToSign, canonical: undefined });
}

function stringToSignOf(request: WireRequest, { pairs, expires }: PresignedV2): string {
  const { method, headers } = request;
  const sent = (name: string) => headers[name] ?? pairs.find((pair) => pair.name === name)?.value ?? '';
  const resource = resourceOf(request, pairs);
  return `${method}\n${sent('content-md5')}\n${sent('content-type')}\n${expires}\n${amzHeaders(request, pairs)}${resource}`;
}

function amzHeaders({ headers }: WireRequest, pairs: readonly Pair[]): string {
  const values = new Map<string, string>();
  for (const { name, value } of pairs) if (name.startsWith('x-amz-')) values.set(name, value);
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('x-amz-')) values.set(name, (value ?? '').trim());
  }
  return [...values]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
}

/** The bucket of a host stands before the path. */
function resourceOf({ path, headers }: WireRequest, pairs: readonly Pair[]): string {
  const { bucket } = readS3Host(headers['host'] ?? '');
  const parts = pairs
    .filter(({ name }) => SUBRESOURCES.has(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, value }) => (value === '' ? name : `${name}=${value}`));
  const query = parts.length === 0 ? '' : `?${parts.join('&')}`;
  return `${bucket === undefined ? '' : `/${bucket}`}${path}${query}`;
}
