// What a request handler holds in its hands: the way to answer. Callbacks and plain methods, no promises, because every request of the
// data plane passes here.

import type { WireRequest, WireResponse } from '#wire/http-message.ts';

export interface Exchange {
  readonly remoteAddress: string;
  readonly isSecure: boolean;
  /** The client went away before it was answered; an answer would reach nobody. */
  readonly isAborted: boolean;
  /** Answers, exactly once. After an abort it does nothing. */
  reply(response: WireResponse): void;
  /** Answers with a body that is sent as it comes into being. Instead of {@link reply}, exactly once. */
  stream(head: Pick<WireResponse, 'status' | 'headers'>): ResponseStream;
  /**
   * Calls back at most once, when the client goes away before the answer is complete (at once if it has gone already): for long polls
   * and streams. Who is called owes no answer any more.
   */
  onAbort(listener: () => void): void;
}

export interface ResponseStream {
  /** False when the client reads slower than this is written: wait for {@link onDrain} before writing more. */
  write(data: Uint8Array | string): boolean;
  end(): void;
  onDrain(listener: () => void): void;
}

export type RequestHandler = (request: WireRequest, exchange: Exchange) => void;

export interface HttpDiagnostic {
  readonly kind: 'refused' | 'timed-out' | 'connection-limit' | 'bad-response-header' | 'socket-error';
  readonly detail: string;
  readonly status?: number;
  readonly remoteAddress: string | undefined;
}
