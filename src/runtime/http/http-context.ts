// What all connections of one server share. `nowMs` is a coarse monotonic time, moved by the server's one timer: patience is counted in
// seconds, and a timer per socket would cost more than a request does.

import type { Socket } from 'node:net';
import type { HttpDiagnostic, RequestHandler } from './exchange.ts';
import type { HttpLimits } from './limits.ts';
import type { RequestHead } from './request-head.ts';
import type { DateLine } from './response-head.ts';

/** What is known of a request before its body. */
export type HeadView = Pick<RequestHead, 'method' | 'path' | 'query' | 'headers'>;

export interface Connection {
  /** Checks the patience with this client; called by the server's timer. */
  tick(): void;
  /** Lets what is in work end, then closes; an idle connection closes at once. */
  drain(): void;
  destroy(): void;
  flush(): void;
}

export interface HttpContext {
  readonly limits: HttpLimits;
  readonly onRequest: RequestHandler;
  readonly date: DateLine;
  nowMs: number;
  isDraining: boolean;
  bodyBytesMax(head: HeadView): number;
  undoesContentEncoding(head: HeadView): boolean;
  streamsBody(head: HeadView): boolean;
  diagnose(diagnostic: HttpDiagnostic): void;
  /** Has `flush` called once before the event loop goes on, however often it is asked for. */
  flushSoon(connection: Connection): void;
  forget(connection: Connection): void;
  /** Takes over a connection that began as HTTP/2 does; `received` has not been consumed. */
  startHttp2(socket: Socket, received: Buffer): void;
}
