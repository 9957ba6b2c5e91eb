// One page of records out of several blocks, in order of time or of sequence. Blocks are given one after another; the page keeps no more
// records than it may hold, so its memory does not grow with what it is chosen from.

import type { LogPlace, LogRecord } from './block.ts';

export type LogOrder = 'time' | 'sequence';

export interface PageRange {
  readonly order: LogOrder;
  /** The page begins behind this place. */
  readonly after: LogPlace;
  /** Only records whose own time is before this. */
  readonly beforeTimeMs: number;
  /** Only records with smaller numbers. */
  readonly beforeSequence: number;
  /** Only records appended then or later: what is older has expired, though its block is still there. */
  readonly sinceAtMs: number;
  readonly countMax: number;
  /** A page has at least one record, however large. */
  readonly bytesMax: number;
}

/** Negative when `a` comes first. */
export function compareInTime(a: LogPlace, b: LogPlace): number {
  return a.timeMs - b.timeMs || a.sequence - b.sequence;
}

function compareInSequence(a: LogPlace, b: LogPlace): number {
  return a.sequence - b.sequence;
}

export class RecordPage {
  private found: LogRecord[] = [];
  private readonly compare: (a: LogPlace, b: LogPlace) => number;

  constructor(private readonly range: PageRange) {
    this.compare = range.order === 'time' ? compareInTime : compareInSequence;
  }

  /** Takes what belongs to the page from one block, whose records are in the page's order. */
  add(records: readonly LogRecord[]): void {
    const { range } = this;
    const chosen: LogRecord[] = [];
    for (let i = this.firstBehind(records); i < records.length && chosen.length < range.countMax; i += 1) {
      const record = records[i] as LogRecord;
      if (record.timeMs >= range.beforeTimeMs) {
        if (range.order === 'time') break;
        continue;
      }
      if (record.sequence < range.beforeSequence && record.atMs >= range.sinceAtMs) chosen.push(record);
    }
    if (chosen.length === 0) return;
    this.found = [...this.found, ...chosen].sort(this.compare).slice(0, range.countMax);
  }

  /** True when blocks whose records all come at `place` or later have nothing for this page. */
  isCompleteBefore(place: LogPlace): boolean {
    const last = this.found[this.found.length - 1];
    return this.found.length >= this.range.countMax && last !== undefined && this.compare(last, place) < 0;
  }

  /** `isCut`: there was more than a page may hold; nothing can be said about what comes behind its last record. */
  take(): { readonly records: readonly LogRecord[]; readonly isCut: boolean } {
    const { countMax, bytesMax } = this.range;
    let bytes = 0;
    let count = 0;
    for (const record of this.found) {
      bytes += record.bytes.length;
      if (bytes > bytesMax && count > 0) break;
      count += 1;
    }
    const isCut = count < this.found.length || count === countMax;
    return { records: this.found.slice(0, count), isCut };
  }

  private firstBehind(records: readonly LogRecord[]): number {
    let low = 0;
    let high = records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(records[middle] as LogRecord, this.range.after) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
