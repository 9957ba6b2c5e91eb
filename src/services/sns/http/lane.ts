// What is on its way to one HTTP/S endpoint. In memory only: the deliveries are recorded, and begin their attempts again after a restart. What
// waits is a number and a payload, not a text: however long an endpoint hangs, memory does not grow by what it does not take.

import type { PayloadId } from '#cell/payloads.ts';

/** Ours: requests to one endpoint, and to all, that wait for an answer at the same time. */
export const OPEN_PER_ENDPOINT_MAX = 32;
export const OPEN_MAX = 512;
/** Ours: a throttled endpoint is looked at not less often than this. */
const PACE_STEP_MS = 20;
const SECOND_MS = 1_000;

/** One attempt of one delivery. */
export interface Post {
  readonly deliveryId: number;
  /** The target of the delivery. */
  readonly subscriptionArn: string;
  readonly topicArn: string;
  readonly payload: PayloadId;
  readonly isRaw: boolean;
}

export class Lane {
  private waiting: Post[] = [];
  private head = 0;
  private begunAtMs: number[] = [];
  openCount = 0;
  /** A timer looks at this lane again. */
  isPaced = false;

  get waitingCount(): number {
    return this.waiting.length - this.head;
  }

  push(post: Post): void {
    this.waiting.push(post);
  }

  shift(): Post | undefined {
    const post = this.waiting[this.head];
    if (post === undefined) return undefined;
    this.head += 1;
    if (this.head > 64 && this.head * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    return post;
  }

  begin(nowMs: number, isThrottled: boolean): void {
    this.openCount += 1;
    if (isThrottled) this.begunAtMs.push(nowMs);
  }

  /** When the next request may begin: never more than so many within any second. */
  nextAtMs(perSecond: number, nowMs: number): number {
    const past = this.begunAtMs.findIndex((atMs) => atMs > nowMs - SECOND_MS);
    this.begunAtMs = past < 0 ? [] : this.begunAtMs.slice(past);
    const limiting = this.begunAtMs.at(-perSecond);
    return limiting === undefined ? nowMs : Math.max(limiting + SECOND_MS, nowMs + PACE_STEP_MS);
  }

  /** Nothing waits or is under way, and the pace has nothing to remember. */
  isIdle(nowMs: number): boolean {
    return this.waitingCount === 0 && this.openCount === 0 && (this.begunAtMs.at(-1) ?? 0) <= nowMs - SECOND_MS;
  }
}

export class HttpSending {
  /** By the subscription's ARN; those with something on its way only. */
  readonly lanes = new Map<string, Lane>();
  readonly open = new Map<number, Post>();
  /** ARNs of subscriptions that found no room although they might send. */
  readonly crowdedOut = new Set<string>();
  nextPost = 1;
}
