// The retention at work: blocks whose newest event has expired go, some at a time; apply sets the timer for the next ones. Events that expire
// before their block does are not replayed any more.

import type { EventsTurn } from '../state.ts';
import { ArchiveTrimmed } from './facts.ts';
import { BLOCKS_TRIMMED_MAX, DAY_MS } from './limits.ts';
import { deleteBlocks } from './sealing.ts';
import type { ArchiveContent } from './state.ts';

export function trimArchive(turn: EventsTurn, subject: string): void {
  const content = turn.state.archives.contents.get(Number(subject));
  if (content === undefined) return;
  const blocks = content.log.expired(keptSinceMs(content, turn.nowMs), BLOCKS_TRIMMED_MAX);
  if (blocks.length === 0) return;
  const events = blocks.reduce((sum, { count }) => sum + count, 0);
  turn.record(ArchiveTrimmed, { archive: content.number, blocks: blocks.length, events });
  deleteBlocks(turn, content.number, blocks);
}

/** Events that were archived before have expired. */
export function keptSinceMs({ doc }: ArchiveContent, nowMs: number): number {
  return doc.retentionDays === 0 ? 0 : Math.max(0, nowMs - doc.retentionDays * DAY_MS);
}
