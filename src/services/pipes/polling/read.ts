// The next bodies of a batch are read from the journal.

import { READ_AT_ONCE } from '../limits.ts';
import type { Batch, PipesTurn } from '../state.ts';

/** Reaction to bodies that were read. */
export const BODIES_READ = 'bodies-read';

export function readOn(turn: PipesTurn, batch: Batch): void {
  turn.state.running.reading.set(batch.number, batch);
  turn.perform({
    performer: 'read-payloads',
    input: null,
    payloads: nextMessages(batch).map(({ payload }) => payload),
    then: { reaction: BODIES_READ, subject: batch.number },
  });
}

export function nextMessages({ messages, next }: Batch): Batch['messages'] {
  return messages.slice(next, next + READ_AT_ONCE);
}
