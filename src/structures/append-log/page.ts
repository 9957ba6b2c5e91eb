// One page of records out of several blocks, in order of time or of sequence. Blocks are given one after another; the page keeps no more
// records than it may hold, and gives copies in one piece, so that nobody holds the blocks they come from.

import type { LogPlace, LogRecord, RecordHead } from './block.ts';

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

export function compareIn(order: LogOrder): (a: LogPlace, b: LogPlace) => number {
  return order === 'time' ? compareInTime : compareInSequence;
}

export class RecordPage {
  private found: LogRecord[] = [];
  private readonly compare: (a: LogPlace, b: LogPlace) => number;

  constructor(private readonly range: PageRange) {
    this.compare = compareIn(range.order);
  }

  /** Whether it would be taken as things are. */
  wants(record: RecordHead): boolean {
    const { after, beforeTimeMs, beforeSequence, sinceAtMs } = this.range;
    if (record.timeMs >= beforeTimeMs || record.sequence >= beforeSequence || record.atMs < sinceAtMs) return false;
    return this.compare(record, after) > 0 && !this.isCompleteBefore(record);
  }

  /** Takes what belongs to the page from one block, whose records are in the page's order. */
  add(records: readonly LogRecord[]): void {
    const { countMax } = this.range;
    const chosen: LogRecord[] = [];
    for (let i = this.firstBehind(records); i < records.length && chosen.length < countMax; i += 1) {
      const record = records[i] as LogRecord;
      if (this.isCompleteBefore(record)) break;
      if (this.wants(record)) chosen.push(record);
    }
    this.merge(chosen);
  }

  /** The same for records in any order, of which the page wants a small part; copies them, so that the block can go at once. */
  addUnordered(records: readonly LogRecord[]): void {
    const chosen = records.filter((record) => this.wants(record)).sort(this.compare);
    this.merge(chosen.map((record) => ({ ...record, bytes: new Uint8Array(record.bytes) })));
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
    return { records: inOnePiece(this.found.slice(0, count)), isCut };
  }

  /** Both are in order. */
  private merge(chosen: readonly LogRecord[]): void {
    if (chosen.length === 0) return;
    const { found } = this;
    const merged: LogRecord[] = [];
    let own = 0;
    let other = 0;
    while (merged.length < this.range.countMax && (own < found.length || other < chosen.length)) {
      const ours = found[own];
      const theirs = chosen[other];
      const isOurs = theirs === undefined || (ours !== undefined && this.compare(ours, theirs) < 0);
      merged.push((isOurs ? ours : theirs) as LogRecord);
      if (isOurs) own += 1;
      else other += 1;
    }
    this.found = merged;
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

function inOnePiece(records: readonly LogRecord[]): readonly LogRecord[] {
  const whole = new Uint8Array(records.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let end = 0;
  return records.map((record) => {
    const start = end;
    end += record.bytes.length;
    whole.set(record.bytes, start);
    return { ...record, bytes: whole.subarray(start, end) };
  });
}
