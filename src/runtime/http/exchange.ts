// What a request handler holds in its hands: the way to answer. Callbacks and plain methods, no promises, because every request of the
// data plane passes here.

import type { WireRequest, WireResponse } from '#wire/http-message.ts';

export interface Exchange {
  readonly remoteAddress: string;
  readonly isSecure: boolean;
  /** The client went away before it was answered; an answer would reach nobody. */
  readonly isAborted: boolean;
  /** The body, when it was announced to be streamed: then the request was handed over with its head, and its own body is empty. */
  readonly incoming: IncomingBody | undefined;
  /** Answers, exactly once. After an abort it does nothing. */
  reply(response: WireResponse): void;
  /**
   * Answers with a body that is sent as it comes into being. Instead of {@link reply}, exactly once. `bodyBytes`: how long it will be,
   * where that is known; exactly so much must be written then, or the stream cut.
   */
  stream(head: Pick<WireResponse, 'status' | 'headers'>, bodyBytes?: number): ResponseStream;
  /**
   * Calls back at most once, when the client goes away before the answer is complete (at once if it has gone already): for long polls
   * and streams. Who is called owes no answer any more.
   */
  onAbort(listener: () => void): void;
}

export interface ResponseStream {
  /** False when the client reads slower than this is written: wait for {@link onDrain} before writing more. */
  write(data: Uint8Array | string): boolean;
  /** All that was written is known to have left: its memory may be used again. */
  readonly isFlushed?: boolean;
  end(): void;
  /** Ends without being complete, in a way that the client notices. */
  cut(): void;
  onDrain(listener: () => void): void;
}

/** A body that arrives while its request is already in work. Whoever answers without taking all of it closes the connection. */
export interface IncomingBody {
  /** From Content-Length; undefined when only its end will tell. */
  readonly announcedBytes: number | undefined;
  /** There is neither a length nor a transfer coding: the request has no body. */
  readonly isAbsent: boolean;
  /** Lets the body come, and tells a client that waits for it to go on. Once. */
  start(taker: BodyTaker): void;
  /** After `take` said no. */
  resume(): void;
}

export interface BodyTaker {
  /**
   * Where the next bytes should best be put: asked before each read of a large body, and no longer than what is left of it. Undefined: anywhere.
   * Bytes that lie there are handed to `take` as all others.
   */
  memory?(): Uint8Array | undefined;
  /** The bytes are the taker's own. False: no more until {@link IncomingBody.resume}; what is on its way may still come. */
  take(bytes: Buffer): boolean;
  /** The body is complete. Neither this nor `fail` is followed by anything. */
  end(): void;
  fail(how: BodyFailure): void;
}

/** `ended`: the client stopped in the middle and may still read an answer. `gone`: nobody is there any more. */
export type BodyFailure = 'ended' | 'gone' | 'timed-out' | 'malformed' | 'too-large';

export type RequestHandler = (request: WireRequest, exchange: Exchange) => void;

export interface HttpDiagnostic {
  readonly kind: 'refused' | 'timed-out' | 'connection-limit' | 'bad-response-header' | 'socket-error';
  readonly detail: string;
  readonly status?: number;
  readonly remoteAddress: string | undefined;
}
