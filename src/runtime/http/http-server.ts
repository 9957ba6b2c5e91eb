// Our own HTTP/1.1 server on node:net, with HTTP/2 cleartext on the same port: the first bytes of a connection tell which it is.
// node:http spends more on a request than everything else that a durable SendMessage needs; see the README for figures.
// One coarse timer looks after the patience with all clients.

import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { HttpDiagnostic, RequestHandler } from './exchange.ts';
import type { Connection, HeadView, HttpContext } from './http-context.ts';
import { Http1Connection } from './http1-connection.ts';
import { createHttp2Sessions, type Http2Sessions } from './http2-sessions.ts';
import type { HttpLimits } from './limits.ts';
import { HTTP_LIMITS } from './limits.ts';
import { DateLine } from './response-head.ts';

export interface HttpServerOptions {
  readonly onRequest: RequestHandler;
  readonly onDiagnostic?: (diagnostic: HttpDiagnostic) => void;
  readonly limits?: Partial<HttpLimits>;
  /** Limit for the body of one request, known from its head; `limits.bodyBytesMax` otherwise. */
  readonly bodyBytesMax?: (head: HeadView) => number;
  /** False for requests whose `Content-Encoding` describes what is to be stored (S3 objects). */
  readonly undoesContentEncoding?: (head: HeadView) => boolean;
  /** True for requests that are handed over with their head alone; the body comes through {@link Exchange.incoming}. */
  readonly streamsBody?: (head: HeadView) => boolean;
  readonly clock?: HttpClock;
}

export interface HttpClock {
  /** For the `Date` header: clients correct their clock skew by it, so it must be the time that signatures are checked against. */
  wallMs(): number;
  /** For patience with clients. */
  monotonicMs(): number;
}

export interface HttpServer {
  listen(options: { host: string; port: number }): Promise<AddressInfo>;
  /** Accepts nothing new, lets requests in work end, and cuts what is left after `graceMs`. */
  close(options: { graceMs: number }): Promise<void>;
  readonly connectionCount: number;
  /** Looks at the clock and acts on it. A timer does this every second; tests that move the clock do it themselves. */
  tick(): void;
}

const TICK_MS = 1000;
const SYSTEM_CLOCK: HttpClock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

export function createHttpServer(options: HttpServerOptions): HttpServer {
  return new Server(options);
}

class Server implements HttpServer, HttpContext {
  readonly limits: HttpLimits;
  readonly onRequest: RequestHandler;
  readonly date: DateLine;
  nowMs: number;
  isDraining = false;
  private readonly connections = new Set<Connection>();
  private readonly clock: HttpClock;
  private readonly netServer;
  /** Made for the first client that speaks it. */
  private http2: Http2Sessions | undefined = undefined;
  private toFlush: Connection[] = [];
  private timer: NodeJS.Timeout | undefined = undefined;
  private drainUntilMs = Number.POSITIVE_INFINITY;

  constructor(private readonly options: HttpServerOptions) {
    this.limits = { ...HTTP_LIMITS, ...options.limits };
    this.onRequest = options.onRequest;
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.nowMs = this.clock.monotonicMs();
    this.date = new DateLine(() => this.clock.wallMs());
    // Half-open: a client may end its side after its last request and still be answered.
    this.netServer = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.accept(socket));
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  bodyBytesMax(head: HeadView): number {
    return this.options.bodyBytesMax?.(head) ?? this.limits.bodyBytesMax;
  }

  undoesContentEncoding(head: HeadView): boolean {
    return this.options.undoesContentEncoding?.(head) ?? true;
  }

  streamsBody(head: HeadView): boolean {
    return this.options.streamsBody?.(head) ?? false;
  }

  diagnose(diagnostic: HttpDiagnostic): void {
    this.options.onDiagnostic?.(diagnostic);
  }

  private accept(socket: Socket): void {
    if (this.connections.size >= this.limits.connectionCountMax) {
      const { remoteAddress } = socket;
      this.diagnose({ kind: 'connection-limit', detail: 'Too many connections.', remoteAddress });
      socket.destroy();
      return;
    }
    this.remember(new Http1Connection(this, socket));
  }

  private remember(connection: Connection): void {
    this.connections.add(connection);
    if (this.isDraining) connection.drain();
  }

  forget(connection: Connection): void {
    this.connections.delete(connection);
  }

  startHttp2(socket: Socket, received: Buffer): void {
    this.http2 ??= createHttp2Sessions(this, (connection) => this.remember(connection));
    this.http2.accept(socket, received);
  }

  flushSoon(connection: Connection): void {
    this.toFlush.push(connection);
    if (this.toFlush.length === 1) process.nextTick(this.flushAll);
  }

  private readonly flushAll = (): void => {
    const connections = this.toFlush;
    this.toFlush = [];
    for (const connection of connections) connection.flush();
  };

  tick(): void {
    this.nowMs = this.clock.monotonicMs();
    for (const connection of this.connections) connection.tick();
    if (this.nowMs < this.drainUntilMs) return;
    for (const connection of this.connections) connection.destroy();
  }

  listen({ host, port }: { host: string; port: number }): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.netServer.once('error', reject);
      this.netServer.listen({ host, port, backlog: 1024 }, () => {
        this.netServer.off('error', reject);
        this.timer = setInterval(() => this.tick(), TICK_MS);
        resolve(this.netServer.address() as AddressInfo);
      });
    });
  }

  close({ graceMs }: { graceMs: number }): Promise<void> {
    this.isDraining = true;
    this.nowMs = this.clock.monotonicMs();
    this.drainUntilMs = this.nowMs + graceMs;
    return new Promise((resolve) => {
      // Called when the last socket is closed, whoever holds it by then.
      this.netServer.close(() => {
        clearInterval(this.timer);
        resolve();
      });
      for (const connection of this.connections) connection.drain();
      if (graceMs <= 0) this.tick();
    });
  }
}
