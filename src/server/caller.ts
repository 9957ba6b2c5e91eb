// Who calls, and with which key.

import type { Principal } from '#model/principal.ts';
import { DEFAULT_REGION, type Scope, scopeOf } from '#model/scope.ts';
import type { Credential } from '#wire/credential.ts';
import type { LengthRange } from '#wire/s3/form/post-policy.ts';
import type { ChunkSeed } from '#wire/s3/signature.ts';
import type { KnownKey } from '#wire/sigv4.ts';

/** A key whose secret is known: of the root, of a user, of a session. */
export interface AccountKey extends KnownKey {
  readonly principal: Principal;
  readonly account: string;
}

export type KeyDirectory = (accessKeyId: string) => AccountKey | undefined;

export interface Caller {
  readonly scope: Scope;
  readonly principal: Principal;
  /** What the signatures of the body's chunks continue, where they must be right. */
  readonly chunkSeed?: ChunkSeed;
  /** How long the file may be that a form brings. */
  readonly lengthRange?: LengthRange;
}

/** A caller who signed with the key. */
export function callerWith(
  { account, principal }: AccountKey,
  { region }: Pick<Credential, 'region'>,
  seed?: ChunkSeed,
): Caller {
  const caller = { scope: scopeOf(account, region || DEFAULT_REGION), principal };
  return seed === undefined ? caller : { ...caller, chunkSeed: seed };
}

/** The verifier works with the machine's time; sessions expire in the cell's. */
export function withoutExpiry(key: AccountKey | undefined): AccountKey | undefined {
  return key?.expiresAtMs === undefined ? key : { ...key, expiresAtMs: undefined };
}
