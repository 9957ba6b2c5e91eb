// Compares two states section by section: what life made, and what replay makes of its journal.

import type { Cell } from '#cell/cell.ts';
import { takeSnapshot } from '#cell/snapshots.ts';
import type { Position } from '#storage/journal.ts';
import { wholeSnapshot } from '#storage/snapshot-sections.ts';
import { promise } from './violation.ts';

type Sections = ReadonlyMap<string, Uint8Array>;

function take(cell: Cell): Sections {
  const snapshot = takeSnapshot(cell.memory, cell.nowMs, 0 as Position);
  const { sections } = wholeSnapshot(snapshot);
  snapshot.release();
  return sections;
}

function check(lived: Sections, replayed: Sections): void {
  for (const [name, bytes] of lived) {
    // The kernel's section has the clock and the order in which timers were set: those differ by right.
    if (name === 'kernel') continue;
    const other = replayed.get(name);
    const isSame = other !== undefined && other.length === bytes.length && bytes.every((byte, i) => byte === other[i]);
    promise(isSame, () => `replay differs from life in ${name}: ${bytes.length} and ${other?.length} bytes`);
  }
}

export const snapshotDifference = { take, check };
