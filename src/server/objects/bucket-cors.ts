// Pages of other origins and buckets: a bucket's own CORS rules say which may ask what of it, where the server's guard would let none in.
// AWS: S3 user guide, "Using cross-origin resource sharing (CORS)".

import { type AwsError, clientError } from '#model/aws-error.ts';
import { corsHeaders } from '#services/s3/cors.ts';
import type { CORSRule } from '#wire/generated/s3.ts';
import type { WireRequest } from '#wire/http-message.ts';
import { readS3Host, type S3Address } from '#wire/s3/address.ts';
import { s3AddressOf } from '#wire/s3/identify.ts';

export type Headers = readonly (readonly [string, string])[];

/** Undefined: there is no such bucket. */
export type RulesOf = (bucket: string) => readonly CORSRule[] | undefined;

export interface BucketAnswer {
  /** Undefined: no rule allows it. */
  readonly headers: Headers | undefined;
  readonly refusal: AwsError;
}

/** What the bucket that a request speaks of says to this origin. Undefined: it speaks of no bucket that exists. */
export function askBucket(request: WireRequest, origin: string, rulesOf: RulesOf): BucketAnswer | undefined {
  const found = findRules(request, rulesOf);
  if (found === undefined) return undefined;
  const { rules, address } = found;
  const { headers } = request;
  const isPreflight = request.method === 'OPTIONS';
  const method = isPreflight ? headers['access-control-request-method'] : request.method;
  const asked = headers['access-control-request-headers'];
  const names = asked?.split(',').map((name) => name.trim());
  const allowed =
    method === undefined
      ? undefined
      : corsHeaders(rules, { origin, method, ...(isPreflight && names !== undefined ? { headers: names } : {}) });
  return { headers: allowed, refusal: refusalOf(rules.length > 0, method ?? '', address) };
}

/** A host like `photos.localhost` is a bucket's when there is such a bucket. */
function findRules(
  request: WireRequest,
  rulesOf: RulesOf,
): { readonly rules: readonly CORSRule[]; readonly address: S3Address } | undefined {
  const host = readS3Host(request.headers['host'] ?? '');
  for (const isHostTaken of host.bucket === undefined || host.isS3 ? [false] : [true, false]) {
    const address = s3AddressOf(request, isHostTaken);
    const rules = address?.bucket === undefined ? undefined : rulesOf(address.bucket);
    if (address !== undefined && rules !== undefined) return { rules, address };
  }
  return undefined;
}

function refusalOf(hasRules: boolean, method: string, { key }: S3Address): AwsError {
  const text = hasRules
    ? "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
    : 'CORSResponse: CORS is not enabled for this bucket.';
  const members = { Method: method.slice(0, 32), ResourceType: key === undefined ? 'BUCKET' : 'OBJECT' };
  return clientError('AccessForbidden', text, { status: 403, members });
}
