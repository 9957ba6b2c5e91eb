// Reads one shard in order: asks for records while it has room, deals them to lanes, gives out batches that are due, and knows how far everything is done. Pure
// memory: what must outlive the process is its progress, which the reader's owner records.

import { afterFailure, type FailedWork, type Verdict } from './after-failure.ts';
import { Lane } from './lane.ts';
import { advanced, firstPlace, isDone, laneOf, type ShardProgress, withLanes } from './progress.ts';
import type { ReadingSettings, ReadRecord, Window, Work } from './records.ts';

export interface ReadWish {
  readonly from: number;
  readonly countMax: number;
  readonly bytesMax: number;
}

const EMPTY_STATE = '{}';

export class ShardReader<R extends ReadRecord> {
  private readonly lanes: Lane<R>[];
  private readonly start: ShardProgress;
  private nextPlace: number;
  /** Lanes take turns where not all can be worked on at once: whose it is. */
  private turn = 0;
  private isReading = false;
  private isEnd = false;
  /** A page gave nothing: not asked again before the shard has changed. */
  private stalledAtPlace: number | undefined;
  /** What the last look at the stream said. */
  private endPlace = 0;
  /** The tumbling window that is open. */
  window: Window | undefined;

  constructor(
    readonly shardId: string,
    private readonly settings: ReadingSettings,
    kept: { readonly progress: ShardProgress; readonly window?: Window | undefined },
  ) {
    this.start = withLanes(kept.progress, settings.laneCount);
    this.nextPlace = firstPlace(this.start);
    this.window = settings.windowMs > 0 ? kept.window : undefined;
    this.lanes = Array.from({ length: settings.laneCount }, (_, number) => new Lane<R>(number, settings));
  }

  /** Of records that are here, or are being read. */
  get heldBytes(): number {
    const reading = this.isReading ? this.settings.batchBytesMax : 0;
    return this.lanes.reduce((sum, lane) => sum + lane.bytes, reading);
  }

  get isUnderWay(): boolean {
    return this.lanes.some((lane) => lane.isUnderWay);
  }

  /** The shard is closed, everything in it was read, and all of it is done. */
  get isFinished(): boolean {
    return this.isEnd && this.window === undefined && this.lanes.every((lane) => lane.isEmpty);
  }

  get progress(): ShardProgress {
    return advanced(
      this.start,
      this.lanes.map((lane, i) => lane.firstPlace ?? Math.max(this.nextPlace, this.start.lanes[i] as number)),
    );
  }

  isDone(record: R): boolean {
    return isDone(this.start, record);
  }

  /** What to read now. The answer must come to `took` or `notRead`. */
  wish(shard: { readonly endPlace: number; readonly isClosed: boolean }): ReadWish | undefined {
    this.endPlace = shard.endPlace;
    if (this.isReading || this.isEnd) return undefined;
    if (this.nextPlace >= shard.endPlace && !shard.isClosed) return undefined;
    if (this.stalledAtPlace === shard.endPlace) return undefined;
    // While batches are worked on nothing is fetched for them: a stream that is written all the time would be read record by record.
    if (!this.lanes.some((lane) => lane.needsMore)) return undefined;
    const { batchSize, batchBytesMax, laneCount } = this.settings;
    const waiting = this.lanes.reduce((sum, lane) => sum + lane.waitingCount, 0);
    const countMax = Math.min(batchSize * laneCount, READ_COUNT_MAX) - waiting;
    if (countMax <= 0 || this.heldBytes >= 2 * batchBytesMax) return undefined;
    this.isReading = true;
    return { from: this.nextPlace, countMax, bytesMax: batchBytesMax };
  }

  /** `wanted`: the records of the page that are not done and that no filter keeps out, in order. */
  took(page: { readonly wanted: readonly R[]; readonly next: number; readonly isEnd: boolean }): void {
    this.isReading = false;
    this.isEnd = page.isEnd;
    this.stalledAtPlace = page.next <= this.nextPlace && !page.isEnd ? this.endPlace : undefined;
    this.nextPlace = Math.max(this.nextPlace, page.next);
    for (const record of page.wanted) {
      (this.lanes[laneOf(record.partitionKey, this.lanes.length)] as Lane<R>).add(record);
    }
  }

  notRead(): void {
    this.isReading = false;
  }

  /** The next records that are too old, to be given up. Ends with `finish`, as work does. */
  takeExpired(nowMs: number): Work<R> | undefined {
    for (const lane of this.lanes) {
      const work = lane.takeExpired(nowMs);
      if (work !== undefined) return work;
    }
    return undefined;
  }

  takeWork(nowMs: number): Work<R> | undefined {
    if (this.settings.windowMs > 0) return this.takeOfWindow(nowMs);
    const { length } = this.lanes;
    for (let i = 0; i < length; i += 1) {
      const number = (this.turn + i) % length;
      const work = (this.lanes[number] as Lane<R>).take(nowMs, { isDrained: this.isEnd, window: undefined });
      if (work === undefined) continue;
      this.turn = number + 1;
      return work;
    }
    return undefined;
  }

  /** When there will be work without anything new to read; undefined: not before something happens. */
  get dueAtMs(): number | undefined {
    let dueAtMs: number | undefined;
    for (const lane of this.lanes) {
      if (lane.dueAtMs !== undefined) dueAtMs = Math.min(dueAtMs ?? lane.dueAtMs, lane.dueAtMs);
    }
    const [lane] = this.lanes;
    if (this.window === undefined || lane === undefined || lane.isUnderWay || lane.hasBegun) return dueAtMs;
    return Math.min(dueAtMs ?? this.window.endMs, this.window.endMs);
  }

  /** When the oldest record that waits becomes too old. */
  get expiresAtMs(): number | undefined {
    const times = this.lanes.flatMap((lane) => lane.expiresAtMs ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Done with, well or not. What it made of its window is set in `window`. */
  finish(work: Work<R>): void {
    (this.lanes[work.lane] as Lane<R>).finish();
  }

  /** After `give-up` the rest is still under way, until it is finished. */
  fail(work: Work<R>, failed: FailedWork): Verdict<R> {
    const verdict = afterFailure(work, this.settings, failed);
    const lane = this.lanes[work.lane] as Lane<R>;
    lane.finish(verdict.rest);
    if (verdict.kind === 'give-up') lane.hold();
    return verdict;
  }

  private takeOfWindow(nowMs: number): Work<R> | undefined {
    const lane = this.lanes[0] as Lane<R>;
    if (lane.hasBegun) return lane.take(nowMs, { isDrained: this.isEnd, window: this.window });
    const { next } = lane;
    if (this.window === undefined) {
      if (next === undefined) return undefined;
      this.window = this.windowOf(next.arrivedAtMs);
    }
    const { window } = this;
    if (window.isTerminatedEarly || this.isOver(window, next, nowMs)) return lane.takeFinal(nowMs, window);
    return lane.take(nowMs, { isDrained: this.isEnd, window });
  }

  /** Later records are there, or none can come any more: all that arrived before its end has been read. */
  private isOver({ endMs }: Window, next: R | undefined, nowMs: number): boolean {
    if (next !== undefined) return next.arrivedAtMs >= endMs;
    return this.isEnd || (nowMs >= endMs && this.nextPlace >= this.endPlace);
  }

  /** Windows lie side by side from the epoch on. */
  private windowOf(atMs: number): Window {
    const { windowMs } = this.settings;
    const startMs = Math.floor(atMs / windowMs) * windowMs;
    return { startMs, endMs: startMs + windowMs, state: EMPTY_STATE, isTerminatedEarly: false };
  }
}

/** Records of one shard that wait at the same time. */
const READ_COUNT_MAX = 10_000;
