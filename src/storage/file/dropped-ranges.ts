// Which parts of the journal were given back on purpose. Without this list a missing file in the middle could be a dropped
// segment or a lost one. It is written before the file goes; neighbours melt into one range, so the list never has more
// entries than there are segments left.

import { StorageCorruption } from '../journal.ts';
import { readJson, writeJson } from './atomic-file.ts';
import type { Disk } from './disk.ts';

export interface DroppedRange {
  readonly firstNumber: number;
  readonly lastNumber: number;
  /** Positions. */
  readonly start: number;
  readonly end: number;
}

export class DroppedRanges {
  private constructor(
    private readonly disk: Disk,
    private readonly path: string,
    private ranges: readonly DroppedRange[],
  ) {}

  static async open(disk: Disk, path: string): Promise<DroppedRanges> {
    const content = (await readJson(disk, path)) as { ranges?: unknown } | undefined;
    if (content === undefined) return new DroppedRanges(disk, path, []);
    if (!Array.isArray(content.ranges)) throw new StorageCorruption(`${path} is damaged: it holds no list of ranges`);
    return new DroppedRanges(disk, path, content.ranges as DroppedRange[]);
  }

  get all(): readonly DroppedRange[] {
    return this.ranges;
  }

  contains(segmentNumber: number): boolean {
    return this.ranges.some((range) => segmentNumber >= range.firstNumber && segmentNumber <= range.lastNumber);
  }

  /** The end of the last dropped range; 0 when nothing was dropped. */
  get end(): number {
    return this.ranges.at(-1)?.end ?? 0;
  }

  /** Durable when it resolves. */
  async add(dropped: readonly DroppedRange[]): Promise<void> {
    const next = melt([...this.ranges, ...dropped]);
    await writeJson(this.disk, this.path, { ranges: next });
    this.ranges = next;
  }
}

function melt(ranges: readonly DroppedRange[]): DroppedRange[] {
  const sorted = [...ranges].sort((a, b) => a.firstNumber - b.firstNumber);
  const melted: DroppedRange[] = [];
  for (const range of sorted) {
    const last = melted.at(-1);
    if (last === undefined || last.lastNumber + 1 !== range.firstNumber) melted.push(range);
    else melted[melted.length - 1] = { ...last, lastNumber: range.lastNumber, end: range.end };
  }
  return melted;
}
