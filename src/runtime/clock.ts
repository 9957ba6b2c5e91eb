// The server's clock: real (the wall's time at the start plus what a monotonic counter measured since, so that it never goes back and no
// correction of the machine's clock ends a visibility timeout early) or virtual (standing still, moved by hand).
//
// In virtual time an alarm rings only while somebody moves the clock: `advanceTo` stops at every alarm on the way, so that everything due
// happens in order and each thing sees the time at which it was due.

import type { Clock } from '#cell/ports.ts';

export interface TimeSource {
  /** Epoch milliseconds; read once, at the start. */
  wallMs(): number;
  /** Milliseconds that only grow. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`, unless cancelled; does not keep the process alive. */
  after(delayMs: number, callback: () => void): { cancel(): void };
}

export type ClockMode = 'real' | 'virtual';

/** setTimeout takes 31 bits of milliseconds; a day at a time is far below. */
const SLEEP_MS_MAX = 86_400_000;

export class ServerClock implements Clock {
  private mode: ClockMode = 'real';
  /** Real: the time at `startedAtMs` of the counter. Virtual: the time. */
  private baseMs: number;
  private startedAtMs: number;
  private alarmAtMs: number | undefined;
  private sleep: { cancel(): void } | undefined;
  private ring: () => void = () => {};
  private isStopped = false;
  private readingCount = 0;

  constructor(private readonly source: TimeSource) {
    this.baseMs = Math.floor(source.wallMs());
    this.startedAtMs = source.monotonicMs();
  }

  get currentMode(): ClockMode {
    return this.mode;
  }

  /** When the next thing is due, as far as the cell has asked. */
  get nextAlarmAtMs(): number | undefined {
    return this.alarmAtMs;
  }

  /** How far this clock is from the machine's. */
  get offsetMs(): number {
    return this.nowMs() - Math.floor(this.source.wallMs());
  }

  /** How often virtual time was read: every turn of the cell does, so it tells how much is going on while time stands. */
  get readings(): number {
    return this.readingCount;
  }

  nowMs(): number {
    if (this.mode === 'virtual') {
      this.readingCount += 1;
      return this.baseMs;
    }
    return Math.floor(this.baseMs + (this.source.monotonicMs() - this.startedAtMs));
  }

  startFrom(ms: number): void {
    if (ms <= this.nowMs()) return;
    this.baseMs = ms;
    this.startedAtMs = this.source.monotonicMs();
    this.arm();
  }

  onAlarm(ring: () => void): void {
    this.ring = ring;
  }

  setAlarm(atMs: number | undefined): void {
    // A busy queue sets the same alarm with every turn: the timer is only touched when the new one is earlier.
    const isLater =
      this.sleep !== undefined && atMs !== undefined && this.alarmAtMs !== undefined && atMs >= this.alarmAtMs;
    this.alarmAtMs = atMs;
    if (!isLater) this.arm();
  }

  /** Stops time where it is. */
  freeze(): void {
    this.baseMs = this.nowMs();
    this.mode = 'virtual';
    this.disarm();
  }

  /** Lets time run on from where it stands. */
  resume(): void {
    if (this.mode === 'real') return;
    this.startedAtMs = this.source.monotonicMs();
    this.mode = 'real';
    this.arm();
  }

  /**
   * Moves virtual time to the first alarm on the way to `targetMs`, or to `targetMs` when there is none, and rings if it is one.
   * True when the target is reached and nothing is due there any more.
   */
  stepTowards(targetMs: number): boolean {
    const alarm = this.alarmAtMs;
    if (alarm === undefined || alarm > targetMs) {
      this.baseMs = Math.max(this.baseMs, targetMs);
      return true;
    }
    this.baseMs = Math.max(this.baseMs, alarm);
    this.fire();
    return false;
  }

  /** No alarm rings any more; time can still be read. For ending the process. */
  stop(): void {
    this.isStopped = true;
    this.disarm();
  }

  private disarm(): void {
    this.sleep?.cancel();
    this.sleep = undefined;
  }

  private arm(): void {
    this.disarm();
    if (this.mode === 'virtual' || this.alarmAtMs === undefined || this.isStopped) return;
    const delayMs = Math.min(Math.max(this.alarmAtMs - this.nowMs(), 0), SLEEP_MS_MAX);
    this.sleep = this.source.after(delayMs, () => this.wake());
  }

  private wake(): void {
    this.sleep = undefined;
    if (this.alarmAtMs === undefined) return;
    // Timers may fire a millisecond early, and an alarm may have moved: then it sleeps again.
    if (this.alarmAtMs > this.nowMs()) this.arm();
    else this.fire();
  }

  private fire(): void {
    this.alarmAtMs = undefined;
    this.ring();
  }
}

export const systemTime: TimeSource = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
