// The batching window of a poller: it opens at the first message of a batch, and ends when the batch is full or its time is over.

export interface WindowQuestion {
  /** Messages that could be taken now. */
  readonly visibleCount: number;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly nowMs: number;
}

export class BatchWindow {
  private untilMs: number | undefined;

  /** `due`: take a batch now. `opened`: look again at that time, at the latest. */
  look({
    visibleCount,
    batchSize,
    windowMs,
    nowMs,
  }: WindowQuestion): 'due' | 'waiting' | { readonly openedUntilMs: number } {
    if (windowMs === 0) return 'due';
    const isOver = this.untilMs !== undefined && nowMs >= this.untilMs;
    if (visibleCount === 0 || visibleCount >= batchSize || isOver) {
      this.untilMs = undefined;
      return visibleCount > 0 ? 'due' : 'waiting';
    }
    if (this.untilMs !== undefined) return 'waiting';
    this.untilMs = nowMs + windowMs;
    return { openedUntilMs: this.untilMs };
  }

  /** What is there now is a batch. */
  end(nowMs: number): void {
    this.untilMs = nowMs;
  }
}
