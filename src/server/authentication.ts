// Who sends a request, and in whose account and region. One place, one verdict: an operation cannot be reached without it.
//
// Relaxed: any key is taken. A 12-digit one is the account, one that IAM knows is its owner, every other is root of the default account.
// Signatures of known keys are looked at and mismatches noted. Strict: only known keys, every signature must verify.
// With permissions enforced, an unknown key is nobody, in both modes: a made-up key must not be root by accident.

import type { IamMode } from '#cell/authorization.ts';
import { type AwsError, clientError } from '#model/aws-error.ts';
import { type Principal, rootOf } from '#model/principal.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION, partitionOf, type Scope, scopeOf } from '#model/scope.ts';
import type { Credential, CredentialReading } from '#wire/credential.ts';
import type { WireRequest } from '#wire/http-message.ts';

/** A key whose secret is known: of the root, of a user, of a session. */
export interface KnownKey {
  readonly secretAccessKey: string;
  readonly principal: Principal;
  readonly account: string;
  /** Of a session: must come with every request. */
  readonly sessionToken?: string;
  readonly expiresAtMs?: number;
}

export type KeyDirectory = (accessKeyId: string) => KnownKey | undefined;

export type SignatureCheck = (
  request: WireRequest,
  credential: Credential,
  key: { readonly secretAccessKey: string; readonly service: string | undefined },
) => AwsError | undefined;

export interface Caller {
  readonly scope: Scope;
  readonly principal: Principal;
}

export interface AuthenticationOptions {
  readonly isStrict: boolean;
  readonly iamMode: IamMode;
  readonly keys: KeyDirectory;
  readonly verify: SignatureCheck;
  /** Epoch milliseconds by which sessions expire. */
  readonly nowMs: () => number;
  readonly onMismatch: (accessKeyId: string, error: AwsError) => void;
}

/** Callers of unknown keys are the same for every request; that many pairs of key and region are remembered. */
const REMEMBERED_MAX = 1_000;

export class Authentication {
  private readonly remembered = new Map<string, Caller>();
  private readonly unsigned: Caller;

  constructor(private readonly options: AuthenticationOptions) {
    const isNobody = options.iamMode === 'enforce';
    const principal: Principal = isNobody ? { kind: 'anonymous' } : rootOf(DEFAULT_ACCOUNT);
    this.unsigned = { scope: scopeOf(DEFAULT_ACCOUNT, DEFAULT_REGION), principal };
  }

  /** `service` is the signing name of what the request was identified as. */
  callerOf(request: WireRequest, reading: CredentialReading, service: string | undefined): Caller | AwsError {
    const { credential } = reading;
    if (credential === undefined) return this.callerWithoutCredential(reading);
    const key = this.options.keys(credential.accessKeyId);
    if (key === undefined) return this.callerOfUnknownKey(credential);
    const problem = this.problemOf(request, credential, key, service);
    if (problem !== undefined) {
      if (this.options.isStrict) return problem;
      this.options.onMismatch(credential.accessKeyId, problem);
    }
    return { scope: scopeOf(key.account, credential.region || DEFAULT_REGION), principal: key.principal };
  }

  private callerWithoutCredential({ missing }: CredentialReading): Caller | AwsError {
    if (!this.options.isStrict) return this.unsigned;
    return missing === undefined ? missingToken() : incompleteSignature(missing);
  }

  private callerOfUnknownKey({ accessKeyId, region }: Credential): Caller | AwsError {
    if (this.options.isStrict) return invalidToken();
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

  private problemOf(
    request: WireRequest,
    credential: Credential,
    key: KnownKey,
    service: string | undefined,
  ): AwsError | undefined {
    const { secretAccessKey, sessionToken, expiresAtMs } = key;
    if (sessionToken !== undefined && tokenOf(request) !== sessionToken) return invalidToken();
    if (expiresAtMs !== undefined && expiresAtMs <= this.options.nowMs()) return expiredToken();
    return this.options.verify(request, credential, { secretAccessKey, service });
  }
}

function tokenOf({ headers, query }: WireRequest): string | undefined {
  return headers['x-amz-security-token'] ?? new URLSearchParams(query).get('X-Amz-Security-Token') ?? undefined;
}

// AWS: the common errors of the query and JSON services (SQS API reference, "Common errors").
function missingToken(): AwsError {
  return clientError('MissingAuthenticationToken', 'Missing Authentication Token', { status: 403 });
}

function invalidToken(): AwsError {
  return clientError('InvalidClientTokenId', 'The security token included in the request is invalid.', { status: 403 });
}

function expiredToken(): AwsError {
  return clientError('ExpiredToken', 'The security token included in the request is expired', { status: 403 });
}

function incompleteSignature(missing: readonly string[]): AwsError {
  const parts = missing.map((part) => `Authorization header requires '${part}' parameter.`).join(' ');
  return clientError('IncompleteSignature', parts, { status: 400 });
}

function unknownKeyHasNoPermissions(accessKeyId: string): AwsError {
  const shown = /^[\w-]{1,128}$/.test(accessKeyId) ? ` ${accessKeyId}` : '';
  const text = `The access key${shown} is not known, and permissions are enforced here (--iam enforce): use the key of an IAM user, or the root key that \`eddy env\` prints.`;
  return clientError('AccessDeniedException', text, { status: 403, queryCode: 'AccessDenied' });
}
