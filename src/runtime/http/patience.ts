// How long one HTTP/1.x client is waited for: for the end of a head, for progress of a body, for the next request, for reading its answers,
// for closing its side. While a request is in work (a long poll) there is no limit here.

import type { Socket } from 'node:net';
import type { HttpContext } from './http-context.ts';

export interface Situation {
  readonly isReadingHead: boolean;
  readonly isReadingBody: boolean;
  readonly isIdle: boolean;
}

export type Verdict = 'wait' | 'refuse' | 'close' | 'destroy';

const NEVER = -1;

export class Patience {
  private hasRequests = false;
  private idleSinceMs: number;
  private headSinceMs = NEVER;
  private windowSinceMs = NEVER;
  private windowBytes = 0;
  private unreadUntilMs = NEVER;
  private inputEndedAtMs = NEVER;
  private endedAtMs = NEVER;
  private discardedBytes = 0;

  constructor(
    private readonly context: HttpContext,
    private readonly socket: Socket,
  ) {
    this.idleSinceMs = context.nowMs;
  }

  headStarted(): void {
    if (this.headSinceMs === NEVER) this.headSinceMs = this.context.nowMs;
  }

  bodyStarted(): void {
    this.headSinceMs = NEVER;
    this.windowSinceMs = this.context.nowMs;
    this.windowBytes = 0;
  }

  bodyReceived(bytes: number): void {
    this.windowBytes += bytes;
  }

  requestReceived(): void {
    this.hasRequests = true;
    this.headSinceMs = NEVER;
  }

  answered(): void {
    this.idleSinceMs = this.context.nowMs;
  }

  writeBlocked(): void {
    if (this.unreadUntilMs !== NEVER) return;
    const { limits, nowMs } = this.context;
    this.unreadUntilMs = nowMs + limits.unreadMs + (this.socket.writableLength * 1000) / limits.readBytesPerSecondMin;
  }

  writeUnblocked(): void {
    this.unreadUntilMs = NEVER;
  }

  inputEnded(): void {
    this.inputEndedAtMs = this.context.nowMs;
  }

  ended(): void {
    this.endedAtMs = this.context.nowMs;
  }

  discarded(bytes: number): void {
    this.discardedBytes += bytes;
    if (this.discardedBytes > this.context.limits.lingerBytesMax) this.socket.destroy();
  }

  verdict({ isReadingHead, isReadingBody, isIdle }: Situation): Verdict {
    const { limits, nowMs } = this.context;
    if (this.unreadUntilMs !== NEVER) return nowMs > this.unreadUntilMs ? 'destroy' : 'wait';
    if (this.endedAtMs !== NEVER) return nowMs - this.endedAtMs > limits.lingerMs ? 'destroy' : 'wait';
    if (this.inputEndedAtMs !== NEVER) return nowMs - this.inputEndedAtMs > limits.unreadMs ? 'destroy' : 'wait';
    if (isReadingBody) return this.bodyVerdict();
    if (isReadingHead) return nowMs - this.headSinceMs > limits.headMs ? 'refuse' : 'wait';
    // A connection that never sent anything gets only the time of a head: occupying places must not be free.
    const idleMs = this.hasRequests ? limits.idleMs : limits.headMs;
    return isIdle && nowMs - this.idleSinceMs > idleMs ? 'close' : 'wait';
  }

  private bodyVerdict(): Verdict {
    const { limits, nowMs } = this.context;
    if (nowMs - this.windowSinceMs < limits.bodyWindowMs) return 'wait';
    if (this.windowBytes < limits.bodyBytesPerWindowMin) return 'refuse';
    this.windowSinceMs = nowMs;
    this.windowBytes = 0;
    return 'wait';
  }
}
