// AWS's limits of a shard, enforced with `--limits aws`: a second's worth of records, bytes and calls is there at first and comes back evenly.
// What a shard has left is not kept over a restart.

import { BusyWindow } from './busy-window.ts';
import { SHARD_ITERATORS, SHARD_READ, SHARD_WRITE } from './limits.ts';
import type { Shard } from './shard.ts';
import type { KinesisTurn } from './state.ts';

/** What may be taken within a second; a single amount beyond that is let through when the bucket is full, and owed. */
class Bucket {
  private level: number;

  constructor(private readonly perSecond: number) {
    this.level = perSecond;
  }

  refill(elapsedMs: number): void {
    this.level = Math.min(this.perSecond, this.level + (elapsedMs / 1000) * this.perSecond);
  }

  has(amount: number): boolean {
    return this.level >= Math.min(amount, this.perSecond);
  }

  /** Something is left, however little. */
  get hasAny(): boolean {
    return this.level > 0;
  }

  take(amount: number): void {
    this.level -= amount;
  }
}

export class ShardMeter {
  /** Of an on-demand stream. */
  readonly busy = new BusyWindow();
  private readonly records = new Bucket(SHARD_WRITE.records);
  private readonly written = new Bucket(SHARD_WRITE.bytes);
  private readonly iterators = new Bucket(SHARD_ITERATORS);
  private readonly calls = new Bucket(SHARD_READ.calls);
  private readonly read = new Bucket(SHARD_READ.bytes);
  private lastMs = 0;

  refill(nowMs: number): this {
    const elapsedMs = nowMs - this.lastMs;
    this.lastMs = nowMs;
    for (const bucket of [this.records, this.written, this.iterators, this.calls, this.read]) bucket.refill(elapsedMs);
    return this;
  }

  /** One record of this size; false when it is too much. */
  write(bytes: number): boolean {
    if (!this.records.has(1) || !this.written.has(bytes)) return false;
    this.records.take(1);
    this.written.take(bytes);
    return true;
  }

  /** False when it is one too many. */
  giveIterator(): boolean {
    if (!this.iterators.has(1)) return false;
    this.iterators.take(1);
    return true;
  }

  /** A call that reads. AWS: API reference, GetRecords: who was given 10 MiB is refused for the next five seconds. */
  beginRead(): boolean {
    if (!this.calls.has(1) || !this.read.hasAny) return false;
    this.calls.take(1);
    return true;
  }

  endRead(bytes: number): void {
    this.read.take(bytes);
  }
}

/** Room for one record of this size; always without AWS's limits. */
export function hasRoom(turn: KinesisTurn, shard: Shard, bytes: number): boolean {
  if (meterOf(turn, shard)?.write(bytes) !== false) return true;
  shard.counters.writeThrottles += 1;
  return false;
}

/** Undefined when AWS's limits are not asked for. */
export function meterOf(turn: KinesisTurn, shard: Shard): ShardMeter | undefined {
  if (turn.limits.mode !== 'aws') return undefined;
  let meter = turn.state.meters.get(shard);
  if (meter === undefined) {
    meter = new ShardMeter();
    turn.state.meters.set(shard, meter);
  }
  return meter.refill(turn.nowMs);
}
