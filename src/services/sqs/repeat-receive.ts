// A receive with a ReceiveRequestAttemptId that was used before: the same messages with the same handles, hidden anew, as long as none of them
// was deleted, became visible or had its visibility changed. Otherwise it is a receive like any other.
// AWS: ReceiveMessage, ReceiveRequestAttemptId.

import { ReceiveRepeated } from './facts.ts';
import type { SqsTurn } from './find-queue.ts';
import type { Queue } from './queue.ts';
import { describeTaken, type Taken, type TakeOptions } from './take.ts';

export function repeatReceive(turn: SqsTurn, queue: Queue, options: TakeOptions): readonly Taken[] | undefined {
  if (options.attempt === undefined) return undefined;
  const backlog = turn.state.backlogOf(queue);
  const attempt = backlog.attempts.find(options.attempt, turn.nowMs);
  if (attempt === undefined) return undefined;
  const { waiting } = backlog;
  const isUntouched = attempt.slots.every(
    (slot, i) =>
      waiting.slots.has(slot, attempt.sequences[i] as number) &&
      waiting.isInFlight(slot) &&
      waiting.slots.generation.get(slot) === attempt.generations[i] &&
      waiting.slots.dueAtMs.get(slot) === attempt.untilMs,
  );
  if (!isUntouched) return undefined;
  turn.record(ReceiveRepeated, {
    queue: queue.number,
    atMs: turn.nowMs,
    hiddenMs: options.hiddenSeconds * 1000,
    attempt: options.attempt,
  });
  return attempt.slots.map((slot) => describeTaken(turn, backlog, slot));
}
