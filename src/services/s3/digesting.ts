// Bytes that are in blobs already get an MD5 or a checksum that nobody computed when they came: a part copied out of an object, an object of
// parts that is copied into one piece. A performer reads them; what they are made of is held meanwhile, whatever happens to their objects.

import type { Reply } from '#cell/service-definition.ts';
import type { Outcome, Ticket } from '#cell/turn.ts';
import { type AwsError, serverError } from '#model/aws-error.ts';
import type { ChecksumAlgorithm } from '#model/checksum.ts';
import { deleteBlobs } from './blobs.ts';
import type { Checksums, Piece, S3Turn } from './state.ts';

export interface Digested {
  /** Hex. */
  readonly md5: string;
  readonly checksums: Checksums;
}

/** What is decided when the digest is known, in a turn of its own. */
export interface Digesting {
  readonly ticket: Ticket;
  readonly pieces: readonly Piece[];
  readonly decide: (turn: S3Turn, digested: Digested) => { readonly output: unknown } | { readonly refused: AwsError };
  readonly within: Pick<S3Turn, 'scope' | 'principal'>;
}

export function digestThen(
  turn: S3Turn,
  pieces: readonly Piece[],
  { algorithms, decide }: { readonly algorithms: readonly ChecksumAlgorithm[]; readonly decide: Digesting['decide'] },
): Reply<never> {
  const ticket = turn.defer();
  const { scope, principal, state } = turn;
  const subject = turn.uuid();
  for (const { blob } of pieces) state.held.set(blob, (state.held.get(blob) ?? 0) + 1);
  state.digesting.set(subject, { ticket, pieces, decide, within: { scope, principal } });
  turn.perform({
    performer: 'digest-pieces',
    input: { pieces, algorithms },
    then: { reaction: 'digested', subject },
  });
  return { deferred: ticket };
}

export function digested(turn: S3Turn, subject: string, outcome: Outcome): void {
  const digesting = turn.state.digesting.get(subject);
  if (digesting === undefined) return;
  turn.state.digesting.delete(subject);
  const { ticket, pieces, decide, within } = digesting;
  const acting = turn.within(within.scope, within.principal) as S3Turn;
  if ('failed' in outcome) turn.resolve(ticket, { refused: unreadable() });
  else turn.resolve(ticket, decide(acting, outcome.result as Digested));
  letGo(turn, pieces);
}

/** Blobs whose minute came while they were held go now. */
function letGo(turn: S3Turn, pieces: readonly Piece[]): void {
  const { held, references } = turn.state;
  const free: string[] = [];
  for (const { blob } of pieces) {
    const left = (held.get(blob) ?? 1) - 1;
    if (left > 0) held.set(blob, left);
    else {
      held.delete(blob);
      if (!references.has(blob)) free.push(blob);
    }
  }
  deleteBlobs(turn, free);
}

const unreadable = (): AwsError =>
  serverError('InternalError', 'We encountered an internal error. Please try again.', 500);
