// Gives the space of dropped segments back, in an order that survives a crash: first the list of dropped ranges, then the
// files. A segment that an older kept snapshot would need for its replay is dropped in name only until that snapshot is
// gone, so that a damaged newest snapshot can always be replaced by the one before.

import type { Disk } from './disk.ts';
import type { DroppedRange, DroppedRanges } from './dropped-ranges.ts';
import type { SegmentPreparer } from './segment-preparer.ts';
import type { Segment, SegmentShelf } from './segment-shelf.ts';

export interface ReclaimerInput {
  readonly disk: Disk;
  readonly shelf: SegmentShelf;
  readonly dropped: DroppedRanges;
  readonly preparer: SegmentPreparer;
}

export class SegmentReclaimer {
  /** Segments that end behind this position are still needed. */
  neededFrom: () => number = () => Number.MAX_SAFE_INTEGER;
  private readonly waiting = new Set<Segment>();
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly input: ReclaimerInput) {}

  drop(segment: Segment): Promise<void> {
    this.input.shelf.takeOff(segment);
    this.waiting.add(segment);
    return this.release();
  }

  /** Disposes of everything that is not needed any more; called again when a snapshot was written. */
  release(): Promise<void> {
    // What failed once, for want of space, is tried again with the next call.
    this.work = this.work.catch(() => undefined).then(() => this.dispose());
    return this.work;
  }

  /** Where the last of the segments ends that are dropped in name only. */
  get waitingEnd(): number {
    let end = 0;
    for (const segment of this.waiting) end = Math.max(end, segment.end);
    return end;
  }

  async settled(): Promise<void> {
    await this.work.catch(() => undefined);
  }

  private async dispose(): Promise<void> {
    const neededFrom = this.neededFrom();
    const free = [...this.waiting].filter((segment) => segment.end <= neededFrom);
    if (free.length === 0) return;
    await this.input.dropped.add(free.map(asRange));
    for (const segment of free) {
      this.waiting.delete(segment);
      await this.disposeFile(segment);
    }
  }

  private async disposeFile(segment: Segment): Promise<void> {
    const { disk, shelf, preparer } = this.input;
    if (segment.readers > 0) {
      // Its name goes now, its blocks when the last reader has left: its bytes must not be written over before.
      await disk.remove(segment.path);
      void shelf.unread(segment).then(() => shelf.closeFile(segment));
      return;
    }
    await shelf.closeFile(segment);
    await preparer.recycle(segment.path);
  }
}

function asRange(segment: Segment): DroppedRange {
  const { number, start, end } = segment;
  return { firstNumber: number, lastNumber: number, start, end };
}
