// Gives payloads of purged and deleted queues back, a bounded piece at a time.

import { RemainsFreed } from '../facts.ts';
import type { SqsTurn } from '../find-queue.ts';
import { turnBounds } from '../limits.ts';

export function remainsFreed(turn: SqsTurn, subject: string): void {
  const remains = Number(subject);
  if (!turn.state.remains.has(remains)) return;
  turn.record(RemainsFreed, { remains, countMax: turnBounds.freed });
}
