// The requests of one destination, in order: those that wait, how many are under way, and when the last ones began, for the rate.

import {
  OPEN_MAX,
  OPEN_PER_DESTINATION_MAX,
  PACE_STEP_MS,
  SHARE_OF_FREE,
  WAITING_CHARACTERS_MAX,
  WAITING_PER_DESTINATION_MAX,
} from '../limits.ts';
import type { Request } from '../state.ts';

const SECOND_MS = 1_000;

export class Lane {
  /** Sent within the last second, oldest first. */
  private begunAtMs: number[] = [];
  private queue: Request[] = [];
  private head = 0;
  openCount = 0;
  /** Of the texts that wait. */
  waitingCharacters = 0;
  /** A timer looks at this lane again. */
  isPaced = false;

  get waitingCount(): number {
    return this.queue.length - this.head;
  }

  first(): Request | undefined {
    return this.queue[this.head];
  }

  push(request: Request): void {
    this.queue.push(request);
    this.waitingCharacters += request.text.length;
  }

  /** Before all others: one that was sent already and is sent again. */
  pushFirst(request: Request): void {
    this.queue = [request, ...this.queue.slice(this.head)];
    this.head = 0;
    this.waitingCharacters += request.text.length;
  }

  shift(): Request | undefined {
    const request = this.queue[this.head];
    if (request === undefined) return undefined;
    this.waitingCharacters -= request.text.length;
    this.head += 1;
    if (this.head > 64 && this.head * 2 > this.queue.length) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    return request;
  }

  /** When the next request may begin: never more than the rate within any second. */
  nextAtMs(ratePerSecond: number, nowMs: number): number {
    const { begunAtMs } = this;
    const past = begunAtMs.findIndex((atMs) => atMs > nowMs - SECOND_MS);
    this.begunAtMs = past < 0 ? [] : begunAtMs.slice(past);
    const limiting = this.begunAtMs.at(-ratePerSecond);
    if (limiting === undefined) return nowMs;
    // Looked at in steps: hundreds of timers a second would serve nobody.
    return Math.max(limiting + SECOND_MS, nowMs + PACE_STEP_MS);
  }

  begin(nowMs: number): void {
    this.begunAtMs.push(nowMs);
    this.openCount += 1;
  }

  /** Nothing waits or is under way, and the rate has nothing to remember. */
  isIdle(nowMs: number, hasRate: boolean): boolean {
    if (this.waitingCount > 0 || this.openCount > 0) return false;
    const last = this.begunAtMs.at(-1);
    return !hasRate || last === undefined || last <= nowMs - SECOND_MS;
  }
}

/** Whether a destination with so many requests under way may begin another one. */
export function hasRoom(openOfDestination: number, openOfAll: number): boolean {
  const share = Math.ceil((OPEN_MAX - openOfAll) / SHARE_OF_FREE);
  return openOfDestination < Math.min(OPEN_PER_DESTINATION_MAX, share);
}

/**
 * Whether one more text may wait: as with what is under way, no destination gets more than its share of what is free. The first one of a
 * destination may always, up to twice the limit: whoever has filled memory must not keep others from trying.
 */
export function mayWait(lane: Lane, length: number, waitingOfAll: number): boolean {
  if (lane.waitingCount >= WAITING_PER_DESTINATION_MAX) return false;
  if (lane.waitingCount === 0) return waitingOfAll + length <= WAITING_CHARACTERS_MAX * 2;
  return lane.waitingCharacters + length <= (WAITING_CHARACTERS_MAX - waitingOfAll) / SHARE_OF_FREE;
}
