// Verifies a signature of Signature Version 4 the way S3 wants it: the path is taken as it is and encoded once, the payload's hash is what
// the header says (the bytes are compared later, as they come), and a presigned query lives as long as it says. Version 2 has a place of its own (`presigned-v2.ts`).
// AWS: S3 API reference, "Authenticating Requests (AWS Signature Version 4)". Refused by name: version 2 in a header, 4A.

import type { Digest } from '#base/digest.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { ALGORITHM, type Credential, type CredentialReading, queryParameter } from '../credential.ts';
import type { WireRequest } from '../http-message.ts';
import { percentDecode, percentEncode } from '../percent.ts';
import type { KnownKey } from '../sigv4.ts';
import { canonicalRequest } from '../sigv4-canonical.ts';
import { readInstant, signedDateOf, tokenProblem } from '../sigv4-checks.ts';
import { SigningKeys } from '../sigv4-keys.ts';
import * as refusals from './refusals.ts';

const SKEW_MS = 15 * 60_000;
const EXPIRES_SECONDS_MAX = 604_800;
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const PAYLOADS: ReadonlySet<string> = new Set([
  UNSIGNED,
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
]);
const HASH = /^[0-9a-fA-F]{64}$/;

/** What the signatures of a body's chunks continue. */
export interface ChunkSeed {
  readonly signingKey: Uint8Array;
  readonly stamp: string;
  readonly scope: string;
  readonly signature: string;
}

export interface S3Verified<K extends KnownKey> {
  readonly key: K;
  readonly seed: ChunkSeed;
}

export interface S3VerifyOptions<K extends KnownKey> {
  readonly nowMs: number;
  readonly keyOf: (accessKeyId: string) => K | undefined;
}

/**
 * What is wrong with the request whoever signed it: an authorization that is none, two of them, a presigned query that is over. Holds in
 * every mode, since it takes no secret.
 */
export function checkS3Form(request: WireRequest, reading: CredentialReading, nowMs: number): AwsError | undefined {
  const header = request.headers['authorization'];
  const isInQuery = queryParameter(request.query, 'X-Amz-Algorithm') !== undefined;
  if (header !== undefined && isInQuery) return refusals.twoMechanisms(header);
  if (header?.startsWith('AWS ')) return refusals.mechanismNotSupported();
  if (header !== undefined && !header.startsWith('AWS4-')) return refusals.unsupportedAuthorization(header);
  const { credential, missing = [] } = reading;
  if (credential !== undefined) {
    if (credential.algorithm !== ALGORITHM) return refusals.mechanismNotSupported();
    return credential.place === 'query' ? checkPresigned(request, nowMs) : undefined;
  }
  if (reading.missing === undefined) return undefined;
  if (header === undefined) return refusals.queryIncomplete();
  if (!header.startsWith(ALGORITHM)) return refusals.mechanismNotSupported();
  return refusals.headerMalformed(
    reading.unreadableCredential === undefined
      ? `the authorization header requires ${missing.length} components: ${missing.join(', ')}`
      : 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
  );
}

function checkPresigned(request: WireRequest, nowMs: number): AwsError | undefined {
  const { query } = request;
  const expires = queryParameter(query, 'X-Amz-Expires');
  const date = queryParameter(query, 'X-Amz-Date');
  if (expires === undefined || date === undefined) return refusals.queryIncomplete();
  if (!/^-?\d{1,15}$/.test(expires)) return refusals.queryMalformed('X-Amz-Expires should be a number');
  if (expires.startsWith('-')) return refusals.queryMalformed('X-Amz-Expires must be non-negative');
  if (Number(expires) > EXPIRES_SECONDS_MAX) {
    return refusals.queryMalformed(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  const instant = readInstant(date);
  if (instant === undefined) {
    return refusals.queryMalformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  if (instant.ms > nowMs + SKEW_MS) return refusals.notYetValid();
  const isOver = instant.ms + Number(expires) * 1000 < nowMs;
  return isOver ? refusals.expired(Number(expires), instant.ms, nowMs) : undefined;
}

export class S3SignatureVerifier {
  private readonly keys: SigningKeys;

  constructor(readonly digest: Digest) {
    this.keys = new SigningKeys(digest);
  }

  /** Of a request that {@link checkS3Form} has nothing against. */
  verify<K extends KnownKey>(
    request: WireRequest,
    credential: Credential,
    options: S3VerifyOptions<K>,
  ): S3Verified<K> | Refused {
    const dateText = signedDateOf(request, credential.place);
    const instant = dateText === undefined ? undefined : readInstant(dateText);
    if (instant === undefined || dateText === undefined) return refuse(refusals.noDate());
    const refused =
      checkSkew(credential, { ms: instant.ms, text: dateText }, options.nowMs) ??
      checkHeaders(request, credential) ??
      checkScope(credential, instant.stamp);
    if (refused !== undefined) return refuse(refused);
    const key = options.keyOf(credential.accessKeyId);
    if (key === undefined) return refuse(refusals.unknownAccessKey(credential.accessKeyId));
    const payloadHash = payloadHashOf(request, credential);
    if (typeof payloadHash !== 'string') return refuse(payloadHash);
    const canonical = canonicalRequest(request, credential, payloadHash, encodedOnce);
    const seed = this.seedOf(credential, key.secret, instant.stamp);
    const hash = this.digest.sha256Hex(canonical ?? '');
    const stringToSign = `${ALGORITHM}\n${seed.stamp}\n${seed.scope}\n${hash}`;
    const expected = this.digest.hmacSha256Hex(seed.signingKey, stringToSign);
    if (canonical === undefined || !this.digest.timingSafeEqual(expected, credential.signature)) {
      const { accessKeyId, signature } = credential;
      return refuse(refusals.signatureMismatch({ accessKeyId, signature, stringToSign, canonical }));
    }
    const token = tokenProblem(request, credential, { digest: this.digest, key, nowMs: options.nowMs });
    if (token === undefined) return { key, seed };
    return refuse(token === 'expired' ? refusals.expiredToken() : refusals.invalidToken());
  }

  private seedOf(credential: Credential, secret: string, stamp: string): ChunkSeed {
    const { accessKeyId, date, region, service, signature } = credential;
    const signingKey = this.keys.key(accessKeyId, secret, credential);
    return { signingKey, stamp, scope: `${date}/${region}/${service}/aws4_request`, signature };
  }
}

function checkSkew(
  { place }: Credential,
  date: { readonly ms: number; readonly text: string },
  nowMs: number,
): AwsError | undefined {
  if (place === 'query' || Math.abs(date.ms - nowMs) <= SKEW_MS) return undefined;
  return refusals.timeTooSkewed(date.text, nowMs);
}

/** In a presigned request the payload's hash may stand in a header that the query could not cover. */
function checkHeaders(request: WireRequest, { place, signedHeaders }: Credential): AwsError | undefined {
  const unsigned = Object.keys(request.headers).filter(
    (name) =>
      name.startsWith('x-amz-') &&
      !signedHeaders.includes(name) &&
      !(place === 'query' && name === 'x-amz-content-sha256'),
  );
  if (!signedHeaders.includes('host') && !signedHeaders.includes(':authority')) unsigned.unshift('host');
  return unsigned.length === 0 ? undefined : refusals.unsignedHeaders(unsigned);
}

function checkScope({ place, region, service, date, terminator }: Credential, stamp: string): AwsError | undefined {
  const malformed = (reason: string): AwsError =>
    place === 'header'
      ? refusals.headerMalformed(reason)
      : refusals.queryMalformed(`Error parsing the X-Amz-Credential parameter; ${reason}`);
  if (service !== 's3') {
    return malformed(`incorrect service "${service.slice(0, 64)}". This endpoint belongs to "s3".`);
  }
  if (terminator !== 'aws4_request') {
    return malformed(`incorrect terminal "${terminator.slice(0, 64)}". This endpoint uses "aws4_request".`);
  }
  if (!/^[a-z0-9-]{1,64}$/.test(region)) return malformed(`the region '${region.slice(0, 64)}' is wrong`);
  if (date !== stamp.slice(0, 8)) {
    return malformed(
      `Invalid credential date "${date.slice(0, 64)}". This date is not the same as X-Amz-Date: "${stamp.slice(0, 8)}".`,
    );
  }
  return undefined;
}

function payloadHashOf(request: WireRequest, { place }: Credential): string | AwsError {
  const sent = contentHashOf(request);
  if (sent === undefined) return place === 'header' ? refusals.missingContentHash() : UNSIGNED;
  if (HASH.test(sent) || PAYLOADS.has(sent)) return sent;
  if (sent.startsWith('STREAMING-AWS4-ECDSA-')) return refusals.mechanismNotSupported();
  return refusals.invalidContentHash(sent);
}

/** Also where no signature is checked: what nobody can have meant is refused, not passed over. */
export function contentHashProblem(sent: string): AwsError | undefined {
  const isKnown = HASH.test(sent) || PAYLOADS.has(sent) || sent.startsWith('STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD');
  return isKnown ? undefined : refusals.invalidContentHash(sent);
}

/** What the client says of its payload. */
export function contentHashOf(request: Pick<WireRequest, 'headers' | 'query'>): string | undefined {
  return request.headers['x-amz-content-sha256'] ?? queryParameter(request.query, 'X-Amz-Content-Sha256');
}

/** Nothing is normalised: `..` and `//` are characters of a key. */
function encodedOnce(path: string): string {
  const decoded = percentDecode(path);
  return decoded === undefined ? path : decoded.split('/').map(percentEncode).join('/');
}
