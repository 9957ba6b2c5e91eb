// Verifies AWS Signature Version 4, in the Authorization header or in a presigned query. One function, one verdict: the gateway cannot
// go on without it, so no handler can forget a check. The order of the checks is that of AWS's front end (dynalite's notes on it).
//
// Refused here as everywhere outside S3: unsigned payloads, unsigned `host` or `x-amz-*` headers, both places at once, SigV2, SigV4A.
// A replay inside the window is accepted, as AWS does: there is no nonce.

import type { Digest } from '#base/digest.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { ALGORITHM, type Credential, type CredentialReading } from './credential.ts';
import type { WireRequest } from './http-message.ts';
import { canonicalRequest } from './sigv4-canonical.ts';
import {
  checkHeaders,
  checkPlaces,
  checkScope,
  checkTime,
  incompleteReading,
  placeOf,
  readInstant,
  signedDateOf,
  tokenProblem,
} from './sigv4-checks.ts';
import { SigningKeys } from './sigv4-keys.ts';
import * as refusals from './sigv4-refusals.ts';

/** What must be known about an access key; the holder's own record, with whatever else it needs afterwards. */
export interface KnownKey {
  readonly secret: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
  readonly expiresAtMs?: number | undefined;
}

export interface Verified<K extends KnownKey> {
  readonly kind: 'verified';
  readonly key: K;
  readonly credential: Credential;
  readonly signedAtMs: number;
}

/** Let in without a check, because the mode allows it: what the request claims, and why nothing was checked. */
export interface Unverified {
  readonly kind: 'unverified';
  readonly reason: 'not signed' | 'incomplete signature' | 'signatures are not checked';
  readonly credential: Credential | undefined;
}

export interface Rejected extends Refused {
  readonly kind: 'refused';
}

export type Verdict<K extends KnownKey> = Verified<K> | Unverified | Rejected;

/** The verdict of a mode that checks nothing; never refuses. */
export function takeUnverified({ credential, missing }: CredentialReading): Unverified {
  if (credential !== undefined) return { kind: 'unverified', reason: 'signatures are not checked', credential };
  return { kind: 'unverified', reason: missing === undefined ? 'not signed' : 'incomplete signature', credential };
}

export interface VerifyOptions<K extends KnownKey> {
  readonly nowMs: number;
  /** Signing name of the identified service. */
  readonly signingName: string;
  readonly keyOf: (accessKeyId: string) => K | undefined;
}

export class SignatureVerifier {
  readonly digest: Digest;
  private readonly keys: SigningKeys;

  constructor(digest: Digest) {
    this.digest = digest;
    this.keys = new SigningKeys(digest);
  }

  verify<K extends KnownKey>(
    request: WireRequest,
    reading: CredentialReading,
    options: VerifyOptions<K>,
  ): Verified<K> | Rejected {
    const outcome = this.check(request, reading, options);
    return 'kind' in outcome ? outcome : { kind: 'refused', ...refuse(outcome) };
  }

  private check<K extends KnownKey>(
    request: WireRequest,
    reading: CredentialReading,
    options: VerifyOptions<K>,
  ): Verified<K> | AwsError {
    const ambiguous = checkPlaces(request);
    if (ambiguous !== undefined) return ambiguous;
    const dateText = signedDateOf(request, reading.credential?.place ?? placeOf(request));
    const { credential } = reading;
    if (credential === undefined || dateText === undefined) return incompleteReading(request, reading, dateText);
    const instant = readInstant(dateText);
    if (instant === undefined) return refusals.unreadableDate(dateText);
    const refused =
      checkTime(request, credential, { signedAtMs: instant.ms, nowMs: options.nowMs }) ??
      checkHeaders(request, credential) ??
      checkScope(credential, options.signingName, instant.stamp);
    if (refused !== undefined) return refused;
    const key = options.keyOf(credential.accessKeyId);
    if (key === undefined) return refusals.unknownToken();
    const unsigned = this.checkSignature(request, credential, { secret: key.secret, stamp: instant.stamp });
    if (unsigned !== undefined) return unsigned;
    const token = tokenProblem(request, credential, { digest: this.digest, key, nowMs: options.nowMs });
    if (token !== undefined) return token === 'expired' ? refusals.expiredToken() : refusals.unknownToken();
    return { kind: 'verified', key, credential, signedAtMs: instant.ms };
  }

  private checkSignature(
    request: WireRequest,
    credential: Credential,
    { secret, stamp }: { readonly secret: string; readonly stamp: string },
  ): AwsError | undefined {
    const payloadHash = this.digest.sha256Hex(request.signedBody ?? request.body);
    const claimed = request.headers['x-amz-content-sha256'];
    if (claimed !== undefined && claimed !== payloadHash) return refusals.payloadHashMismatch();
    const canonical = canonicalRequest(request, credential, payloadHash);
    const { date, region, service } = credential;
    const hash = canonical === undefined ? '' : this.digest.sha256Hex(canonical);
    const stringToSign = `${ALGORITHM}\n${stamp}\n${date}/${region}/${service}/aws4_request\n${hash}`;
    const signingKey = this.keys.key(credential.accessKeyId, secret, credential);
    const expected = this.digest.hmacSha256Hex(signingKey, stringToSign);
    const isEqual = canonical !== undefined && this.digest.timingSafeEqual(expected, credential.signature);
    return isEqual ? undefined : refusals.mismatch(canonical, stringToSign);
  }
}
