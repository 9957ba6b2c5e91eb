// Who sends a request, and in whose account and region. One place, one verdict: an operation cannot be reached without it.
//
// Relaxed: any key is taken. A 12-digit one is the account, one that IAM knows is its owner, every other is root of the default account.
// Signatures of known keys are looked at and mismatches noted. Strict: only known keys, every signature must verify.
// With permissions enforced unknown keys are refused and known ones must verify, in both modes: nobody is root by accident.

import type { IamMode } from '#cell/authorization.ts';
import { type AwsError, clientError } from '#model/aws-error.ts';
import { type Principal, rootOf } from '#model/principal.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION, partitionOf, scopeOf } from '#model/scope.ts';
import type { Credential, CredentialReading } from '#wire/credential.ts';
import type { WireRequest } from '#wire/http-message.ts';
import type { PostedForm } from '#wire/s3/form/posted-form.ts';
import { S3SignatureVerifier } from '#wire/s3/signature.ts';
import type { WireService } from '#wire/services.ts';
import type { SignatureVerifier } from '#wire/sigv4.ts';
import { type Caller, callerWith, type KeyDirectory, withoutExpiry } from './caller.ts';
import { FormAuthentication } from './objects/form-authentication.ts';
import { S3Authentication } from './objects/s3-authentication.ts';

export interface AuthenticationOptions {
  readonly isStrict: boolean;
  readonly iamMode: IamMode;
  readonly keys: KeyDirectory;
  readonly verifier: SignatureVerifier;
  /** The machine's time: clients sign with theirs, whatever virtual time says. */
  readonly wallMs: () => number;
  /** The cell's time, by which sessions expire. */
  readonly cellMs: () => number;
  readonly onMismatch: (accessKeyId: string, error: AwsError) => void;
}

/** What a request asks for, as far as authentication cares: an identification, or what there is of it. */
export interface Asked {
  readonly service?: WireService | undefined;
  readonly operation?: { readonly name: string } | undefined;
}

/** Links in mails and envelopes. AWS: "does not require authentication" (API references of ConfirmSubscription and Unsubscribe). */
const UNSIGNED_OPERATIONS: ReadonlySet<string> = new Set(['sns.Unsubscribe', 'sns.ConfirmSubscription']);

/**
 * Besides S3, which has its own rules. AWS: "You can allow shared queue access to anonymous users. Such access requires no signature" (SQS developer
 * guide, "Granting Anonymous Access to a Queue").
 */
const ANONYMOUS_SERVICES: ReadonlySet<string> = new Set(['sqs']);

/** Callers of unknown keys are the same for every request; that many pairs of key and region are remembered. */
const REMEMBERED_MAX = 1_000;

export class Authentication {
  private readonly remembered = new Map<string, Caller>();
  private readonly unsigned: Caller;
  private readonly s3: S3Authentication;
  private readonly forms: FormAuthentication;

  constructor(private readonly options: AuthenticationOptions) {
    const isNobody = options.isStrict || options.iamMode === 'enforce';
    const principal: Principal = isNobody ? { kind: 'anonymous' } : rootOf(DEFAULT_ACCOUNT);
    this.unsigned = { scope: scopeOf(DEFAULT_ACCOUNT, DEFAULT_REGION), principal };
    const { digest } = options.verifier;
    const ofS3 = {
      ...options,
      isEnforced: options.iamMode === 'enforce',
      unsigned: this.unsigned,
      unknown: (credential: Pick<Credential, 'accessKeyId' | 'region'>) => this.callerOfUnknownKey(credential),
    };
    this.s3 = new S3Authentication({ ...ofS3, verifier: new S3SignatureVerifier(digest) });
    this.forms = new FormAuthentication({ ...ofS3, digest });
  }

  callerOfForm(form: PostedForm): Caller | AwsError {
    return this.forms.callerOf(form);
  }

  callerOf(request: WireRequest, reading: CredentialReading, asked: Asked): Caller | AwsError {
    if (asked.service?.prefix === 's3') return this.s3.callerOf(request, reading, asked.operation?.name);
    const { isStrict, iamMode, keys } = this.options;
    const { credential } = reading;
    const signingName = asked.service?.schema.signingName;
    if (credential === undefined && reading.missing === undefined && this.takesUnsigned(asked)) return this.unsigned;
    if (isStrict) return this.verified(request, reading, signingName);
    if (credential === undefined) return this.unsigned;
    const key = keys(credential.accessKeyId);
    if (key === undefined) return this.callerOfUnknownKey(credential);
    const verified = this.verified(request, reading, signingName);
    if (!('code' in verified)) return verified;
    // Enforced permissions are worth nothing when knowing a key's id is enough.
    if (iamMode === 'enforce') return verified;
    this.options.onMismatch(credential.accessKeyId, verified);
    return callerWith(key, credential);
  }

  /** Where nobody's permissions are enforced, a queue's policy would not be asked: in strict mode somebody must sign then. */
  private takesUnsigned({ service, operation }: Asked): boolean {
    if (UNSIGNED_OPERATIONS.has(`${service?.prefix}.${operation?.name}`)) return true;
    return this.options.iamMode === 'enforce' && ANONYMOUS_SERVICES.has(service?.prefix ?? '');
  }

  private verified(
    request: WireRequest,
    reading: CredentialReading,
    signingName: string | undefined,
  ): Caller | AwsError {
    const { verifier, keys, wallMs, cellMs } = this.options;
    const verdict = verifier.verify(request, reading, {
      nowMs: wallMs(),
      signingName: signingName ?? reading.credential?.service ?? '',
      keyOf: (accessKeyId) => withoutExpiry(keys(accessKeyId)),
    });
    if (verdict.kind === 'refused') return verdict.refused;
    const { key, credential } = verdict;
    const { expiresAtMs } = keys(credential.accessKeyId) ?? {};
    if (expiresAtMs !== undefined && expiresAtMs <= cellMs()) return expiredToken();
    return callerWith(key, credential);
  }

  private callerOfUnknownKey({ accessKeyId, region }: Pick<Credential, 'accessKeyId' | 'region'>): Caller | AwsError {
    if (this.options.iamMode === 'enforce') return unknownKeyHasNoPermissions(accessKeyId);
    const name = `${accessKeyId}/${region}`;
    const known = this.remembered.get(name);
    if (known !== undefined) return known;
    const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT;
    const scope = scopeOf(account, region || DEFAULT_REGION);
    const caller = { scope, principal: rootOf(account, partitionOf(scope.region)) };
    if (this.remembered.size < REMEMBERED_MAX) this.remembered.set(name, caller);
    return caller;
  }
}

function expiredToken(): AwsError {
  return clientError('ExpiredToken', 'The security token included in the request is expired', { status: 403 });
}

function unknownKeyHasNoPermissions(accessKeyId: string): AwsError {
  const shown = /^[\w-]{1,128}$/.test(accessKeyId) ? ` ${accessKeyId}` : '';
  const text = `The access key${shown} is not known, and permissions are enforced here (--iam enforce): use the key of an IAM user, or the root key that \`eddy env\` prints.`;
  return clientError('AccessDeniedException', text, { status: 403, queryCode: 'AccessDenied' });
}
