// The retention at work: removes blocks whose newest event has expired. Events that expire before their block does are
// hidden by the readers. Looks again when the oldest block that is left will have expired.

import type { Turn } from '#cell/turn.ts';
import { LogEventsTrimmed } from '../facts.ts';
import { DAY_MS } from '../limits.ts';
import type { GroupContent, LogsState } from '../state.ts';

/** Not more often: a busy group would be looked at for every block. */
const PAUSE_MS = 3_600_000;

export function trim(turn: Turn<LogsState>, subject: string): void {
  const content = turn.state.contents.get(Number(subject));
  if (content === undefined) return;
  const retentionDays = turn.state.groups.get(content.key)?.retentionDays;
  if (retentionDays === undefined) return;
  const retentionMs = retentionDays * DAY_MS;
  const beforeMs = turn.nowMs - retentionMs;
  const oldestMs = oldestAfter(content, beforeMs);
  const nextTrimAtMs = oldestMs === undefined ? undefined : Math.max(oldestMs + retentionMs + 1, turn.nowMs + PAUSE_MS);
  turn.record(LogEventsTrimmed, { group: content.id, beforeMs, nextTrimAtMs });
}

function oldestAfter(content: GroupContent, beforeMs: number): number | undefined {
  let oldestMs: number | undefined;
  for (const stream of content.streams.values()) {
    for (const { maxMs } of stream.blocks) {
      if (maxMs >= beforeMs && maxMs < (oldestMs ?? Number.POSITIVE_INFINITY)) oldestMs = maxMs;
    }
  }
  return oldestMs;
}
