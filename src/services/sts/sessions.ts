// Making and finding temporary credentials.

import type { Digest } from '#base/digest.ts';
import type { RoleIdentity } from '#cell/doors.ts';
import type { Principal } from '#model/principal.ts';
import { newId, secretOf, sessionTokenOf } from '#wire/credential-ids.ts';
import { type SessionDoc, type StsState, type StsTurn, sessionKey } from './state.ts';

export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAtMs: number;
}

export function issueCredentials(
  turn: StsTurn,
  principal: SessionDoc['principal'],
  durationSeconds: number,
): IssuedCredentials {
  const accessKeyId = newId('ASIA', turn.entropy);
  const expiresAtMs = turn.nowMs + durationSeconds * 1000;
  const session: SessionDoc = { accessKeyId, principal, issuedAtMs: turn.nowMs, expiresAtMs };
  turn.put(turn.state.sessions, sessionKey(session), session);
  return {
    accessKeyId,
    secretAccessKey: secretOf(accessKeyId, turn),
    sessionToken: sessionTokenOf(accessKeyId, turn),
    expiresAtMs,
  };
}

export interface RoleSession {
  readonly name: string;
  readonly policy?: string;
}

export function rolePrincipal(
  role: RoleIdentity,
  { name, policy }: RoleSession,
): Extract<Principal, { kind: 'session' }> {
  const partition = role.arn.split(':')[1] ?? 'aws';
  return {
    kind: 'session',
    account: role.account,
    // The role's path is not part of a session's ARN.
    arn: `arn:${partition}:sts::${role.account}:assumed-role/${role.roleName}/${name}`,
    roleArn: role.arn,
    userId: `${role.roleId}:${name}`,
    ...(policy === undefined ? {} : { sessionPolicy: policy }),
  };
}

/** A session's key. The secret is for verifying a signature only; it must not be stored or shown. */
export interface FoundSession {
  readonly principal: SessionDoc['principal'];
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAtMs: number;
}

/** For the gateway. `ports`: the store's secret, and how to digest. A session that has expired may still be found. */
export function findSession(
  state: StsState,
  accessKeyId: string,
  ports: { readonly digest: Digest; readonly secret: Uint8Array },
): FoundSession | undefined {
  const session = state.sessions.by('byId', accessKeyId)[0];
  if (session === undefined) return undefined;
  return {
    principal: session.principal,
    secretAccessKey: secretOf(accessKeyId, ports),
    sessionToken: sessionTokenOf(accessKeyId, ports),
    expiresAtMs: session.expiresAtMs,
  };
}
