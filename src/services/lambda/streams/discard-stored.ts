// The record of a discarded batch has become a blob: it becomes an object, and reading goes on behind the batch in the same entry.

import type { Outcome } from '#cell/turn.ts';
import type { LambdaTurn } from '../find-function.ts';
import { putRecord, recordKey } from '../record-object.ts';
import { endDiscard } from './discard.ts';
import { pollCrowdedOut, pollStream } from './poll.ts';
import { openStream } from './source.ts';

export { DISCARD_STORED } from './discard.ts';

export function discardStored(turn: LambdaTurn, subject: string, outcome: Outcome): void {
  const { discards, streams } = turn.state.running;
  const pending = discards.get(subject);
  discards.delete(subject);
  const open = pending === undefined ? undefined : openStream(turn, pending.key);
  const bucketArn = open?.mapping.stream.onFailureArn;
  // The mapping or its function was deleted, or the mapping's stream.
  if (pending === undefined || open === undefined || streams.get(pending.key)?.id !== pending.runId) return;
  const { reader } = pending.discarded;
  const key = recordKey(turn, `aws/lambda/${open.mapping.uuid}/${reader.shardId}`);
  const problem = bucketArn === undefined ? undefined : putRecord(turn, open.found, { bucketArn, key, outcome });
  endDiscard(open, pending.discarded, problem);
  pollStream(turn, pending.key);
  pollCrowdedOut(turn);
}
