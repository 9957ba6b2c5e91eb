// Objects of error records, one group after another; then the run goes on to its end.

import type { StoredBody } from '#cell/objects-door.ts';
import type { Outcome } from '#cell/turn.ts';
import { type ErrorObject, WRITE_ERRORS } from '../performing.ts';
import type { FirehoseTurn } from '../state.ts';
import { failBatch } from './end-batch.ts';
import { type FoundRun, findRun } from './running.ts';

export const ERRORS_WRITTEN = 'errors-written';

export function writeErrors(found: FoundRun): void {
  const { run, turn } = found;
  const group = run.errors[0];
  if (group === undefined) {
    run.finish(found);
    return;
  }
  const { packs } = group.input;
  // Indexes of packs that were just made do not count the batch's own records.
  const input: ErrorObject = { ...group.input, blocks: packs === undefined ? run.blocks : [] };
  const payloads = packs === undefined ? run.payloads : [];
  const then = { reaction: ERRORS_WRITTEN, subject: run.subject };
  turn.perform({ performer: WRITE_ERRORS, input, payloads, then });
}

export function errorsWritten(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const found = findRun(turn, subject, 'failed' in outcome ? [] : [outcome.result as StoredBody]);
  if (found === undefined) return;
  if ('failed' in outcome) {
    failBatch(found, { code: 'InternalError', message: outcome.failed }, { isGivenUp: found.run.isGivenUp });
    return;
  }
  const group = found.run.errors.shift();
  if (group !== undefined) found.run.errorBodies.push({ type: group.type, body: outcome.result as StoredBody });
  writeErrors(found);
}
