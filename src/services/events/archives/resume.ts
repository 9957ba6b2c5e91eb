// After a restart: blocks that no archive knows go (the process ended before the fact that they are there), and only then new ones are written;
// replays go on behind the last event that was handed over.

import { blockName } from '#structures/append-log/block.ts';
import { SWEEP_BLOCKS, type SweepBlocks } from '#structures/append-log/effects.ts';
import type { EventsTurn } from '../state.ts';
import { BLOCK_POLICY } from './limits.ts';
import { pumpReplay } from './replaying/pump.ts';
import { sealNow } from './sealing.ts';
import { BLOCK_PREFIX, logName } from './state.ts';

export const BLOCKS_SWEPT = 'archive-blocks-swept';

export function resume(turn: EventsTurn): void {
  const { archives } = turn.state;
  if (archives.nextArchive === 1) {
    archives.isSwept = true;
    return;
  }
  const known = new Set<string>();
  for (const { number, log } of archives.contents.values()) {
    for (const block of log.blocks) known.add(blockName(logName(number), block));
  }
  const input: SweepBlocks = { prefix: BLOCK_PREFIX, known };
  turn.perform({ performer: SWEEP_BLOCKS, input, then: { reaction: BLOCKS_SWEPT, subject: '' } });
}

/** Whatever came of it: what could not be removed is tried again at the next start. */
export function blocksSwept(turn: EventsTurn): void {
  const { archives } = turn.state;
  archives.isSwept = true;
  for (const content of archives.contents.values()) {
    const { log } = content;
    const isDue = (log.sealDueAtMs(BLOCK_POLICY) ?? Number.POSITIVE_INFINITY) <= turn.nowMs;
    if (isDue || log.isFull(BLOCK_POLICY)) sealNow(turn, content);
  }
  for (const run of archives.runs.values()) pumpReplay(turn, run);
}
