// Who sends a request to S3. As `authentication.ts` has it for the others, with S3's own form of signatures and errors, and with callers
// that do not sign: a bucket's policy may let everybody read.

import type { AwsError } from '#model/aws-error.ts';
import { isRefused } from '#model/aws-error.ts';
import type { Credential, CredentialReading } from '#wire/credential.ts';
import type { WireRequest } from '#wire/http-message.ts';
import { checkPresignedV2, type PresignedV2, readPresignedV2, verifyPresignedV2 } from '#wire/s3/presigned-v2.ts';
import {
  accessDenied,
  contentHashMismatch,
  expiredToken,
  invalidToken,
  twoMechanisms,
  unknownAccessKey,
} from '#wire/s3/refusals.ts';
import { checkS3Form, contentHashOf, type S3SignatureVerifier } from '#wire/s3/signature.ts';
import { type AccountKey, type Caller, callerWith, withoutExpiry } from '../caller.ts';
import { documentProblem } from './document-digests.ts';
import { STREAMED } from './uploads.ts';

export interface S3AuthenticationOptions {
  readonly isStrict: boolean;
  readonly isEnforced: boolean;
  readonly keys: (accessKeyId: string) => AccountKey | undefined;
  readonly verifier: S3SignatureVerifier;
  readonly wallMs: () => number;
  readonly cellMs: () => number;
  readonly onMismatch: (accessKeyId: string, error: AwsError) => void;
  /** The caller that no signature names. */
  readonly unsigned: Caller;
  readonly unknown: (credential: Pick<Credential, 'accessKeyId' | 'region'>) => Caller | AwsError;
}

export class S3Authentication {
  constructor(private readonly options: S3AuthenticationOptions) {}

  callerOf(request: WireRequest, reading: CredentialReading, operation: string | undefined): Caller | AwsError {
    const { isStrict, isEnforced, keys, unsigned, unknown, wallMs, onMismatch } = this.options;
    // A body that is streamed is compared when all of it has come.
    const isStreamed = operation !== undefined && STREAMED.has(operation);
    const wrong =
      checkS3Form(request, reading, wallMs()) ?? (isStreamed ? undefined : this.checkBody(request, operation));
    if (wrong !== undefined) return wrong;
    const presigned = readPresignedV2(request);
    if (presigned !== undefined) return this.callerOfV2(request, presigned);
    const { credential } = reading;
    // Where permissions are enforced, policies say what nobody may do.
    if (credential === undefined) return isStrict && !isEnforced ? accessDenied() : unsigned;
    const mustVerify = isStrict || isEnforced;
    if (keys(credential.accessKeyId) === undefined && !isStrict) return unknown(credential);
    const verified = this.verified(request, credential);
    if (!('code' in verified)) return mustVerify ? verified : withoutSeed(verified);
    if (mustVerify) return verified;
    onMismatch(credential.accessKeyId, verified);
    return callerWith(keys(credential.accessKeyId) as AccountKey, credential);
  }

  /** The signature covers the hash that the header claims: it must be the body's. */
  private checkBody(request: WireRequest, operation: string | undefined): AwsError | undefined {
    // AWS compares nothing of requests that have no body, whatever hash they name.
    if (request.method === 'GET' || request.method === 'HEAD') return undefined;
    const claimed = contentHashOf(request)?.toLowerCase();
    const problem = documentProblem(request, operation);
    if (problem !== undefined || claimed === undefined || !/^[0-9a-f]{64}$/.test(claimed)) return problem;
    const computed = this.options.verifier.digest.sha256Hex(request.signedBody ?? request.body);
    return claimed === computed ? undefined : contentHashMismatch(claimed, computed);
  }

  private callerOfV2(request: WireRequest, presigned: PresignedV2): Caller | AwsError {
    const { isStrict, isEnforced, keys, unknown, wallMs, cellMs, verifier, onMismatch } = this.options;
    const { accessKeyId, sessionToken } = presigned;
    if (request.headers['authorization'] !== undefined) return twoMechanisms(request.headers['authorization']);
    const wrong = checkPresignedV2(presigned, wallMs());
    if (wrong !== undefined) return wrong;
    const key = keys(accessKeyId);
    if (key === undefined) return isStrict ? unknownAccessKey(accessKeyId) : unknown({ accessKeyId, region: '' });
    const caller = callerWith(key, { region: '' }, undefined);
    const { secret, expiresAtMs } = key;
    const refused =
      verifyPresignedV2(request, presigned, { digest: verifier.digest, secret }) ??
      (key.sessionToken === sessionToken ? undefined : invalidToken()) ??
      (expiresAtMs !== undefined && expiresAtMs <= cellMs() ? expiredToken() : undefined);
    if (refused === undefined) return caller;
    if (isStrict || isEnforced) return refused;
    onMismatch(accessKeyId, refused);
    return caller;
  }

  private verified(request: WireRequest, credential: Credential): Caller | AwsError {
    const { verifier, keys, wallMs, cellMs } = this.options;
    const verdict = verifier.verify(request, credential, {
      nowMs: wallMs(),
      keyOf: (accessKeyId) => withoutExpiry(keys(accessKeyId)),
    });
    if (isRefused(verdict)) return verdict.refused;
    const { expiresAtMs } = keys(credential.accessKeyId) ?? {};
    if (expiresAtMs !== undefined && expiresAtMs <= cellMs()) return expiredToken();
    return callerWith(verdict.key, credential, verdict.seed);
  }
}

/** Signatures that nobody insists on are not insisted on in the body either. */
function withoutSeed({ scope, principal }: Caller): Caller {
  return { scope, principal };
}
