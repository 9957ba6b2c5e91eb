// The messages of one queue, and what is remembered about sends and receives: everything of a queue that is not in its document.
// The settings that `apply` needs are copied from the document when it changes, because facts are applied without looking documents up.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { TimerSetter } from '#cell/timers.ts';
import { NONE } from '#structures/columns.ts';
import { DedupWindow } from '#structures/dedup-window.ts';
import { FifoGroups } from '#structures/fifo-groups.ts';
import { VisibilityQueue } from '#structures/visibility-queue.ts';
import { limits } from './limits.ts';
import type { Queue } from './queue.ts';
import { ReceiveAttempts } from './receive-attempts.ts';

/** Name of the timer that wakes a queue for whatever is due next. */
export const INSTANT_TIMER = 'instant';

export class Backlog {
  waiting: VisibilityQueue | FifoGroups;
  readonly deduplication = new DedupWindow(limits.dedupWindowMs);
  readonly attempts = new ReceiveAttempts();
  nextSequence = 1;
  purgedAtMs = 0;
  private retentionMs = 0;
  private delayMs = 0;
  /** When the timer is set for; Infinity when it is not. */
  private armedAtMs = Number.POSITIVE_INFINITY;

  constructor(
    readonly number: number,
    readonly isFifo: boolean,
  ) {
    this.waiting = isFifo ? new FifoGroups() : new VisibilityQueue();
  }

  applySettings(queue: Queue): void {
    this.retentionMs = queue.retentionSeconds * 1000;
    const delayMs = queue.delaySeconds * 1000;
    // AWS: a FIFO queue's delay is retroactive, a standard queue's is not.
    if (this.waiting instanceof FifoGroups && delayMs !== this.delayMs) this.waiting.changeDelay(delayMs);
    this.delayMs = delayMs;
  }

  /** Messages sent at or before this instant are to be gone by `nowMs`. */
  expiredSentAtMs(nowMs: number): number {
    return nowMs - this.retentionMs;
  }

  /** A new empty line; returns the old one. */
  replaceWaiting(): VisibilityQueue | FifoGroups {
    const old = this.waiting;
    this.waiting = this.isFifo ? new FifoGroups() : new VisibilityQueue();
    return old;
  }

  /** Makes sure that the timer fires when the next message becomes visible or expires. It may fire too early, never too late. */
  arm(timers: TimerSetter): void {
    const { waiting } = this;
    let nextMs = waiting.nextDueAtMs() ?? Number.POSITIVE_INFINITY;
    const oldest = waiting.oldest();
    if (oldest !== NONE) nextMs = Math.min(nextMs, waiting.slots.sentAtMs.get(oldest) + this.retentionMs);
    if (nextMs >= this.armedAtMs) return;
    this.armedAtMs = nextMs;
    timers.set(INSTANT_TIMER, String(this.number), nextMs);
  }

  /** The timer has fired and is gone. */
  disarm(): void {
    this.armedAtMs = Number.POSITIVE_INFINITY;
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.nextSequence);
    writer.f64(this.purgedAtMs);
    writer.f64(this.armedAtMs);
    this.waiting.encode(writer);
    this.deduplication.encode(writer);
    this.attempts.encode(writer);
  }

  restore(reader: ByteReader): void {
    this.nextSequence = reader.varint();
    this.purgedAtMs = reader.f64();
    this.armedAtMs = reader.f64();
    this.waiting.restore(reader);
    this.deduplication.restore(reader);
    this.attempts.restore(reader);
  }
}
