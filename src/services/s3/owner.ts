// The canonical id of an account, by which S3 names owners: 64 hexadecimal digits, the same for the same account.

import type { S3Turn } from './state.ts';

export function ownerOf(turn: S3Turn, account: string): { readonly ID: string } {
  return { ID: turn.digest.sha256Hex(`canonical id of ${account}`) };
}

/** Who begins an upload, as it is listed. */
export function initiatorOf(turn: S3Turn): string {
  const { principal } = turn;
  if (principal.kind === 'anonymous') return 'anonymous';
  return principal.kind === 'service' ? principal.service : principal.arn;
}
