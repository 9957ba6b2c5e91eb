// A token bucket: `capacity` tokens at most, refilled evenly. Time comes with each call, so that virtual time works and a test moves it.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';

export class TokenBucket {
  private tokens: number;
  private atMs: number;

  constructor(
    private readonly capacity: number,
    private readonly perSecond: number,
    nowMs: number,
  ) {
    this.tokens = capacity;
    this.atMs = nowMs;
  }

  /** Whole tokens there are at this instant. */
  available(nowMs: number): number {
    this.refill(nowMs);
    return Math.floor(this.tokens + 1e-9);
  }

  /** Takes all or nothing. */
  take(nowMs: number, count = 1): boolean {
    if (this.available(nowMs) < count) return false;
    this.tokens = Math.max(0, this.tokens - count);
    return true;
  }

  /** Instant at which `count` tokens will be there if nobody takes any. */
  availableAtMs(nowMs: number, count = 1): number {
    this.refill(nowMs);
    const missing = Math.min(count, this.capacity) - this.tokens;
    return missing <= 0 ? nowMs : nowMs + Math.ceil((missing * 1000) / this.perSecond);
  }

  encode(writer: ByteWriter): void {
    writer.f64(this.tokens);
    writer.f64(this.atMs);
  }

  restore(reader: ByteReader): void {
    this.tokens = reader.f64();
    this.atMs = reader.f64();
  }

  private refill(nowMs: number): void {
    if (nowMs <= this.atMs) return;
    this.tokens = Math.min(this.capacity, this.tokens + ((nowMs - this.atMs) * this.perSecond) / 1000);
    this.atMs = nowMs;
  }
}
