// How busy a shard of an on-demand stream is: on-demand.ts.

import { SHARD_WRITE } from './limits.ts';

const WINDOW_MS = 60_000;
const BUSY_SHARE = 0.5;
const BUSY_RECORDS = (SHARD_WRITE.records * WINDOW_MS * BUSY_SHARE) / 1_000;
const BUSY_BYTES = (SHARD_WRITE.bytes * WINDOW_MS * BUSY_SHARE) / 1_000;

/** What a shard took since the window began. */
export class BusyWindow {
  private startedAtMs = Number.NEGATIVE_INFINITY;
  private records = 0;
  private bytes = 0;

  /** True when the shard is busy. */
  note(nowMs: number, records: number, bytes: number): boolean {
    if (nowMs - this.startedAtMs >= WINDOW_MS) Object.assign(this, { startedAtMs: nowMs, records: 0, bytes: 0 });
    this.records += records;
    this.bytes += bytes;
    return this.records > BUSY_RECORDS || this.bytes > BUSY_BYTES;
  }
}
