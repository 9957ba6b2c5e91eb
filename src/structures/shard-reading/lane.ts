// One lane of a shard: records in order, of which one batch is worked on at a time. A batch that failed stays at the head, whole or in pieces, until it is done or
// given up: nothing overtakes it.

import type { ReadingSettings, ReadRecord, Window, Work } from './records.ts';

export class Lane<R extends ReadRecord> {
  private readonly queue: R[] = [];
  /** Batches that were begun; only the first one may be under way. */
  private works: Work<R>[] = [];
  private isBusy = false;
  private gatherUntilMs: number | undefined;
  bytes = 0;

  constructor(
    private readonly number: number,
    private readonly settings: ReadingSettings,
  ) {}

  get isUnderWay(): boolean {
    return this.isBusy;
  }

  get isEmpty(): boolean {
    return this.works.length === 0 && this.queue.length === 0;
  }

  /** Nothing is worked on, and a batch would not be full. */
  get needsMore(): boolean {
    return this.works.length === 0 && this.queue.length < this.settings.batchSize;
  }

  /** Records that wait, without those that were begun. */
  get waitingCount(): number {
    return this.queue.length;
  }

  /** Of the first record that is not done; undefined: none is here. */
  get firstPlace(): number | undefined {
    for (const { records } of this.works) {
      const [first] = records;
      if (first !== undefined) return first.place;
    }
    return this.queue[0]?.place;
  }

  add(record: R): void {
    this.queue.push(record);
    this.bytes += record.bytes;
  }

  /** Records at the head that have become too old. They count as under way until `finish`. */
  takeExpired(nowMs: number): Work<R> | undefined {
    if (this.isBusy) return undefined;
    const [begun] = this.works;
    const records = begun?.records ?? this.queue;
    const live = records.findIndex(({ arrivedAtMs }) => nowMs - arrivedAtMs <= this.settings.ageMsMax);
    const count = live === -1 ? records.length : live;
    if (count === 0) return undefined;
    const expired = records.slice(0, count);
    const base = { lane: this.number, dueAtMs: nowMs, failures: begun?.failures ?? 0 };
    if (begun === undefined) this.queue.splice(0, count);
    else {
      const rest = begun.records.slice(count);
      this.works.splice(0, 1, ...(rest.length === 0 ? [] : [{ ...begun, records: rest }]));
    }
    return this.begin({ ...base, records: expired });
  }

  /** The batch that may be worked on now. `isDrained`: nothing more comes, a batch is not waited for. */
  take(
    nowMs: number,
    given: { readonly isDrained: boolean; readonly window: Window | undefined },
  ): Work<R> | undefined {
    if (this.isBusy) return undefined;
    const [begun] = this.works;
    if (begun !== undefined) {
      if (begun.dueAtMs > nowMs) return undefined;
      this.isBusy = true;
      const { window } = given;
      if (begun.window === undefined || window === undefined) return begun;
      // A piece before it may have changed the window's state.
      const work = { ...begun, window: { ...window, isFinal: begun.window.isFinal } };
      this.works[0] = work;
      return work;
    }
    if (this.queue.length === 0) return undefined;
    const count = this.batchCount(given.window);
    if (count === 0 || !this.isGathered(nowMs, count, given.isDrained)) return undefined;
    this.gatherUntilMs = undefined;
    const records = this.queue.splice(0, count);
    const { window } = given;
    const head = { lane: this.number, records, failures: 0, dueAtMs: nowMs };
    return this.begin(window === undefined ? head : { ...head, window: { ...window, isFinal: false } });
  }

  /** The last invocation of a window: no records, and what follows waits for it. */
  takeFinal(nowMs: number, window: Window): Work<R> | undefined {
    if (this.isBusy || this.works.length > 0) return undefined;
    const final = { ...window, isFinal: true };
    return this.begin({ lane: this.number, records: [], failures: 0, dueAtMs: nowMs, window: final });
  }

  get hasBegun(): boolean {
    return this.works.length > 0;
  }

  /** The record that is next, when no batch was begun. */
  get next(): R | undefined {
    return this.works.length > 0 ? undefined : this.queue[0];
  }

  /** When to look again, if nothing comes. */
  get dueAtMs(): number | undefined {
    if (this.isBusy) return undefined;
    return this.works[0]?.dueAtMs ?? this.gatherUntilMs;
  }

  get expiresAtMs(): number | undefined {
    const first = this.works[0]?.records[0] ?? this.queue[0];
    return this.isBusy || first === undefined ? undefined : first.arrivedAtMs + this.settings.ageMsMax + 1;
  }

  /** The batch under way is at its end: done, or replaced by what is still to be done of it. */
  finish(rest: readonly Work<R>[] = []): void {
    const [ended] = this.works;
    for (const { bytes } of ended?.records ?? []) this.bytes -= bytes;
    for (const { records } of rest) for (const { bytes } of records) this.bytes += bytes;
    this.works.splice(0, 1, ...rest);
    this.isBusy = false;
  }

  /** What is at the head is under way again: it is given up, which may take a while. */
  hold(): void {
    this.isBusy = this.works.length > 0;
  }

  private begin(work: Work<R>): Work<R> {
    this.works.unshift(work);
    this.isBusy = true;
    return work;
  }

  /** How many of the waiting records are one batch. */
  private batchCount(window: Window | undefined): number {
    const { batchSize, batchBytesMax } = this.settings;
    let bytes = 0;
    let count = 0;
    for (const record of this.queue) {
      bytes += record.bytes;
      if (count === batchSize || (count > 0 && bytes > batchBytesMax)) break;
      if (window !== undefined && record.arrivedAtMs >= window.endMs) break;
      count += 1;
    }
    return count;
  }

  private isGathered(nowMs: number, count: number, isDrained: boolean): boolean {
    const { gatherMs, batchSize } = this.settings;
    // A batch that is not all that waits cannot grow.
    if (gatherMs === 0 || isDrained || count === batchSize || count < this.queue.length) return true;
    this.gatherUntilMs ??= nowMs + gatherMs;
    return nowMs >= this.gatherUntilMs;
  }
}
