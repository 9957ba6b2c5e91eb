// STS remembers the sessions it has handed credentials out for, until they expire. Neither secret nor token is stored:
// both follow from the key's id and the secret of the store.

import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';
import { Table } from '#structures/table.ts';

export interface SessionDoc {
  readonly accessKeyId: string;
  /** Who one is with these credentials. */
  readonly principal: Exclude<Principal, { kind: 'service' | 'anonymous' }>;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

export class StsState {
  readonly sessions = new Table<SessionDoc>({
    name: 'sts.sessions',
    indexes: { byId: (session) => session.accessKeyId },
  });
}

export type StsTurn = Turn<StsState>;

export const EXPIRY_TIMER = 'expiry';

export function sessionKey(session: SessionDoc): string {
  return `${session.principal.account}//${session.accessKeyId}`;
}
