// The body of an HTTP/1.x request that is streamed: hands its bytes to whoever takes them, holds the socket when they come too fast, and
// keeps account of how the body ends.

import type { BodySink } from './body-bytes.ts';
import type { BodyFailure, BodyTaker, IncomingBody } from './exchange.ts';

/** What the connection does for its streamed body. */
export interface BodyConnection {
  /** The taker is there: bytes may come, and the client may be told to go on. */
  bodyStarted(): void;
  holdBody(): void;
  resumeBody(): void;
  /** Nobody takes the rest, which is read and thrown away so that the next request can be found. */
  skipBody(): void;
}

export interface AnnouncedBody {
  readonly bytes: number | undefined;
  readonly isAbsent: boolean;
  /** The client sends nothing before it is told to. */
  readonly isWaitedFor: boolean;
}

const LARGE_BYTES = 1024 * 1024;
/** So much of an unwanted body is read to keep the connection; more costs the client its connection. */
const SKIPPED_BYTES_MAX = 256 * 1024;

export class Http1IncomingBody implements IncomingBody, BodySink {
  length = 0;
  /** Bytes may be handed on, or dropped. */
  isFlowing = false;
  /** The taker is behind: waiting is not the client's fault. */
  isHeld = false;
  private taker: BodyTaker | undefined = undefined;
  private isComplete = false;
  private isLeft = false;
  private failure: BodyFailure | undefined = undefined;

  constructor(
    private readonly connection: BodyConnection,
    private readonly announced: AnnouncedBody,
  ) {}

  get announcedBytes(): number | undefined {
    return this.announced.bytes;
  }

  get isAbsent(): boolean {
    return this.announced.isAbsent;
  }

  start(taker: BodyTaker): void {
    this.taker = taker;
    this.isFlowing = true;
    if (this.failure !== undefined) taker.fail(this.failure);
    else if (this.isComplete) taker.end();
    else this.connection.bodyStarted();
  }

  /** It is worth being read straight into the taker's memory. */
  get isLarge(): boolean {
    return (this.announced.bytes ?? 0) >= LARGE_BYTES && this.taker?.memory !== undefined;
  }

  /** The taker's, for the next bytes; longer than what is left of the body it is never. */
  memory(): Uint8Array | undefined {
    return this.isFlowing && !this.isLeft && this.failure === undefined ? this.taker?.memory?.() : undefined;
  }

  append(bytes: Buffer, start: number, end: number): void {
    this.length += end - start;
    if (this.isLeft || this.failure !== undefined || this.taker?.take(bytes.subarray(start, end)) !== false) return;
    // The answer may have been given meanwhile: then nobody is behind.
    if (this.isLeft) return;
    this.isHeld = true;
    this.connection.holdBody();
  }

  resume(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.connection.resumeBody();
  }

  complete(): void {
    this.isComplete = true;
    if (!this.isLeft && this.failure === undefined) this.taker?.end();
  }

  /** True when somebody was told, who will answer. */
  fail(how: BodyFailure): boolean {
    if (this.isComplete || this.failure !== undefined) return false;
    this.failure = how;
    if (this.isLeft) return false;
    this.taker?.fail(how);
    return this.taker !== undefined;
  }

  /** The request is being answered. Returns whether the connection can be kept: the end of the body is within reach. */
  leave(): boolean {
    if (this.isComplete) return true;
    this.isLeft = true;
    // Who had no room will not say that there is some: from now on the client is waited for again.
    this.isHeld = false;
    const { bytes, isWaitedFor } = this.announced;
    const isNear = bytes !== undefined && bytes - this.length <= SKIPPED_BYTES_MAX;
    const canSkip = isNear && this.failure === undefined && (!isWaitedFor || this.isFlowing);
    if (canSkip) {
      this.isFlowing = true;
      this.connection.skipBody();
    }
    return canSkip;
  }
}
