// The timer of a queue: messages whose retention is over go, hidden and delayed ones whose instant has come become visible.
// A bounded piece at a time; `apply` sets the timer again, at once when more is due.

import { InstantReached, MessagesExpired } from '../facts.ts';
import type { SqsTurn } from '../find-queue.ts';
import { turnBounds } from '../limits.ts';
import { wakeKeyOf } from '../queue.ts';

export function instantReached(turn: SqsTurn, subject: string): void {
  const { state, nowMs } = turn;
  const number = Number(subject);
  const backlog = state.backlogs.get(number);
  const queue = state.queueByNumber(number);
  if (backlog === undefined || queue === undefined) return;
  const { waiting } = backlog;
  const slots = waiting.oldestUpTo(backlog.expiredSentAtMs(nowMs), turnBounds.expired);
  if (slots.length > 0) {
    const sequences = slots.map((slot) => waiting.slots.sequence.get(slot));
    turn.record(MessagesExpired, { queue: number, slots, sequences });
  }
  // Last, and always: it is what sets the timer again.
  turn.record(InstantReached, { queue: number, atMs: nowMs, countMax: turnBounds.promoted });
  if (waiting.hasChoice) turn.wake(wakeKeyOf(queue.arn));
}
