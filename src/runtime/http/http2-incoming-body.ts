// The body of an HTTP/2 stream that is handed on as it comes. Holding it back closes the stream's window: the client stops sending.

import type { ServerHttp2Stream } from 'node:http2';
import type { BodyFailure, BodyTaker, IncomingBody } from './exchange.ts';

export class Http2IncomingBody implements IncomingBody {
  readonly announcedBytes: number | undefined;
  readonly isAbsent: boolean;
  isHeld = false;
  isComplete = false;
  /** Received since somebody last asked. */
  windowBytes = 0;
  private taker: BodyTaker | undefined = undefined;
  private failure: BodyFailure | undefined = undefined;

  constructor(
    private readonly byteStream: ServerHttp2Stream,
    contentLength: string | undefined,
    private readonly expectsContinue: boolean,
  ) {
    const isEmpty = byteStream.endAfterHeaders;
    const announced = contentLength === undefined ? undefined : Number(contentLength);
    this.isAbsent = isEmpty && announced === undefined;
    this.announcedBytes = isEmpty ? 0 : announced;
  }

  /** The client is being waited for. */
  get isFlowing(): boolean {
    return this.taker !== undefined && !this.isComplete && !this.isHeld && this.failure === undefined;
  }

  start(taker: BodyTaker): void {
    this.taker = taker;
    if (this.failure !== undefined) {
      taker.fail(this.failure);
      return;
    }
    const { byteStream } = this;
    if (this.expectsContinue && !byteStream.destroyed) byteStream.additionalHeaders({ ':status': 100 });
    byteStream.on('data', this.onData);
    byteStream.on('end', this.onEnd);
  }

  resume(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.byteStream.resume();
  }

  fail(how: BodyFailure): boolean {
    if (this.isComplete || this.failure !== undefined) return false;
    this.failure = how;
    this.taker?.fail(how);
    return this.taker !== undefined;
  }

  /** The request is being answered: nobody takes what still comes. */
  leave(): void {
    this.byteStream.off('data', this.onData);
    this.byteStream.off('end', this.onEnd);
    this.failure ??= 'gone';
    this.byteStream.resume();
  }

  private readonly onData = (bytes: Buffer): void => {
    this.windowBytes += bytes.length;
    if (this.failure !== undefined || this.taker?.take(bytes) !== false) return;
    this.isHeld = true;
    this.byteStream.pause();
  };

  private readonly onEnd = (): void => {
    if (this.failure !== undefined || this.isComplete) return;
    // Node ends the stream of a client that went away, too.
    if (this.byteStream.aborted) {
      this.fail('gone');
      return;
    }
    this.isComplete = true;
    this.taker?.end();
  };
}
