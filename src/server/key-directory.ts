// Which access keys are known, and whose they are: the root's, those of IAM's users, those of sessions.

import type { Cell } from '#cell/cell.ts';
import { rootOf } from '#model/principal.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { findAccessKey } from '#services/iam/door.ts';
import type { IamState } from '#services/iam/state.ts';
import { type FoundSession, findSession } from '#services/sts/sessions.ts';
import type { StsState } from '#services/sts/state.ts';
import type { AccountKey, KeyDirectory } from './caller.ts';
import type { Config, RootKey } from './config/config.ts';

export interface KeyParts {
  readonly config: Pick<Config, 'rootAccount'>;
  readonly cell: Cell;
  readonly rootKey: RootKey | undefined;
}

export function keyDirectory({ config, cell, rootKey }: KeyParts): KeyDirectory {
  const root = rootKey === undefined ? undefined : rootKeyOf(rootKey, config.rootAccount);
  const iam = cell.registry.services.get('iam')?.state as IamState;
  const sts = cell.registry.services.get('sts')?.state as StsState;
  const ports = { digest: nodeDigest, secret: cell.engine.secret };
  return (accessKeyId) => {
    if (accessKeyId === rootKey?.accessKeyId) return root;
    // The key ids of users and sessions begin so; made-up ones rarely do.
    if (accessKeyId.startsWith('ASIA')) return sessionKeyOf(findSession(sts, accessKeyId, ports));
    if (!accessKeyId.startsWith('AKIA')) return undefined;
    const found = findAccessKey(iam, accessKeyId, ports);
    if (found?.isActive !== true || found.principal.kind === 'anonymous') return undefined;
    return { secret: found.secretAccessKey, account: found.principal.account, principal: found.principal };
  };
}

function sessionKeyOf(session: FoundSession | undefined): AccountKey | undefined {
  if (session === undefined) return undefined;
  const { secretAccessKey: secret, sessionToken, expiresAtMs, principal } = session;
  return { secret, sessionToken, expiresAtMs, account: principal.account, principal };
}

function rootKeyOf({ secretAccessKey }: RootKey, account: string): AccountKey {
  return { secret: secretAccessKey, account, principal: rootOf(account) };
}
