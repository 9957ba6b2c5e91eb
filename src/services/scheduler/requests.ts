// Client tokens. AWS: CreateSchedule and others, ClientToken: "Unique, case-sensitive identifier you provide to ensure the idempotency of
// the request". A repetition is the same token with the same request; what a document was made by, it remembers itself.

import { base64Encode } from '#base/base64.ts';
import { DeletionRemembered } from './facts.ts';
import type { SchedulerTurn } from './state.ts';

const DIGEST_BYTES = 16;

/** Short text for documents; empty without a token, and then nothing is a repetition. */
export function requestDigest(turn: SchedulerTurn, input: { readonly ClientToken?: string | undefined }): string {
  if (input.ClientToken === undefined) return '';
  return base64Encode(digestOf(turn, input).subarray(0, 9));
}

/** `what` names the resource: `schedule/default/nightly`. */
export function isRepeatedDeletion(turn: SchedulerTurn, what: string, token: string | undefined): boolean {
  if (token === undefined) return false;
  return turn.state.deletions.find(deletionDigest(turn, what, token), turn.nowMs) !== undefined;
}

export function rememberDeletion(turn: SchedulerTurn, what: string, token: string | undefined): void {
  if (token === undefined) return;
  turn.record(DeletionRemembered, { digest: deletionDigest(turn, what, token), atMs: turn.nowMs });
}

function deletionDigest(turn: SchedulerTurn, what: string, token: string): Uint8Array {
  return digestOf(turn, { delete: what, token });
}

function digestOf(turn: SchedulerTurn, request: object): Uint8Array {
  const { account, region } = turn.scope;
  const text = JSON.stringify([account, region, request]);
  return turn.digest.hmacSha256(turn.secret, `scheduler-request\n${text}`).subarray(0, DIGEST_BYTES);
}
