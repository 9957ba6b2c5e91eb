// How a request to S3 was signed, for the condition keys of policies that ask for it. Whether the signature is right is asked elsewhere.

import type { RequestSignature } from '#model/request-signature.ts';
import type { Credential } from '../credential.ts';
import type { WireRequest } from '../http-message.ts';
import { readInstant, signedDateOf } from '../sigv4-checks.ts';
import { readPresignedV2 } from './presigned-v2.ts';

/** Undefined: nobody signed it. */
export function signatureView(
  request: WireRequest,
  credential: Credential | undefined,
  nowMs: number,
): RequestSignature | undefined {
  // AWS, of `s3:x-amz-content-sha256`: "does not support x-amz-content-sha256 as a query string parameter".
  const payload = request.headers['x-amz-content-sha256'];
  if (credential === undefined) {
    // AWS: "In Signature Version 2, this value is always set to 0."
    const isV2 = readPresignedV2(request) !== undefined;
    return isV2 ? { place: 'query', version: 'AWS', ageMs: 0, payload } : undefined;
  }
  const date = signedDateOf(request, credential.place);
  const signedAtMs = (date === undefined ? undefined : readInstant(date)?.ms) ?? nowMs;
  return { place: credential.place, version: 'AWS4-HMAC-SHA256', ageMs: Math.max(0, nowMs - signedAtMs), payload };
}
