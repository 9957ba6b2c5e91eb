// HTTP/2 over cleartext with prior knowledge (the JS SDK's Kinesis client speaks nothing else by default), on sockets that the sniffer handed
// over. Frames are Node's business; here are the sessions' limits and the way from a stream to a request.

import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { HEADER_HOST, HEADER_UNIQUE, headerKind } from './header-names.ts';
import type { Connection, HttpContext } from './http-context.ts';
import type { Http2Head } from './http2-exchange.ts';
import { Http2Exchange } from './http2-exchange.ts';
import { HeaderBag, HOST } from './request-head.ts';

const STREAM_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 8 * 1024 * 1024;
const STREAMS_MAX = 128;
/** Node counts what a session buffers in both directions; 50 bodies of 900 KB in flight must fit. */
const SESSION_MEGABYTES_MAX = 64;

export interface Http2Sessions {
  accept(socket: Socket, received: Buffer): void;
}

export function createHttp2Sessions(context: HttpContext, remember: (connection: Connection) => void): Http2Sessions {
  const { limits } = context;
  // Loaded now, not with this file: most servers never meet such a client, and Node's HTTP/2 with its TLS takes time to start and memory to keep.
  const { createServer } = process.getBuiltinModule('node:http2');
  const server = createServer({
    maxSessionMemory: SESSION_MEGABYTES_MAX,
    maxHeaderListPairs: limits.headerCountMax,
    settings: {
      maxConcurrentStreams: STREAMS_MAX,
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxHeaderListSize: limits.headBytesMax,
    },
  });
  server.on('session', (session) => {
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    remember(new Http2Connection(context, session));
  });
  server.on('sessionError', (error) => {
    context.diagnose({ kind: 'socket-error', detail: `HTTP/2: ${error.message}`, remoteAddress: undefined });
  });
  return {
    accept(socket, received) {
      // A handed-over socket must not flow: the session reads what was put back and then takes the handle over.
      socket.pause();
      // A session whose client closed its side is over: nobody sends a last request that way here.
      socket.allowHalfOpen = false;
      socket.unshift(received);
      server.emit('connection', socket);
    },
  };
}

class Http2Connection implements Connection {
  private readonly exchanges = new Set<Http2Exchange>();
  private idleSinceMs: number;
  private hasRequests = false;

  constructor(
    private readonly context: HttpContext,
    private readonly session: ServerHttp2Session,
  ) {
    this.idleSinceMs = context.nowMs;
    session.on('stream', this.onStream);
    session.on('close', () => context.forget(this));
    // Reported by the server's `sessionError`; without a listener here it would end the process.
    session.on('error', () => session.destroy());
  }

  private readonly onStream = (
    stream: ServerHttp2Stream,
    _headers: unknown,
    _flags: number,
    rawHeaders: readonly string[],
  ): void => {
    const head = http2Head(rawHeaders);
    if (head === undefined) {
      stream.respond({ ':status': 400 }, { endStream: true });
      stream.on('error', () => {});
      return;
    }
    this.hasRequests = true;
    const exchange = new Http2Exchange(this.context, stream, head);
    this.exchanges.add(exchange);
    stream.on('close', () => {
      this.exchanges.delete(exchange);
      this.idleSinceMs = this.context.nowMs;
    });
    exchange.begin();
  };

  tick(): void {
    const { limits, nowMs } = this.context;
    for (const exchange of this.exchanges) exchange.tick();
    const idleMs = this.hasRequests ? limits.idleMs : limits.headMs;
    if (this.exchanges.size === 0 && nowMs - this.idleSinceMs > idleMs) this.session.close();
    if (this.exchanges.size === 0 && nowMs - this.idleSinceMs > idleMs + limits.lingerMs) this.session.destroy();
  }

  drain(): void {
    if (!this.session.closed) this.session.close();
  }

  destroy(): void {
    this.session.destroy();
  }

  flush(): void {}
}

/** The request without its body; undefined when it is malformed. */
export function http2Head(rawHeaders: readonly string[]): Http2Head | undefined {
  const headers = new HeaderBag();
  const pseudo = new HeaderBag();
  const repeatedHeaders: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (name.startsWith(':')) {
      pseudo[name] = value;
      continue;
    }
    const before = headers[name];
    const kind = headerKind(name);
    if (before === undefined) headers[name] = value;
    else if (kind === HEADER_UNIQUE || kind === HEADER_HOST) return undefined;
    else {
      // RFC 9113, 8.2.3: crumbs of a cookie are joined as one cookie.
      headers[name] = name === 'cookie' ? `${before}; ${value}` : `${before}, ${value}`;
      repeatedHeaders.push(name);
    }
  }
  const authority = pseudo[':authority'] ?? headers['host'];
  if (authority === undefined || !HOST.test(authority)) return undefined;
  if (headers['host'] !== undefined && headers['host'] !== authority) return undefined;
  headers['host'] = authority;
  const target = pseudo[':path'] ?? '';
  if (!target.startsWith('/')) return undefined;
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  return { method: pseudo[':method'] ?? '', path, query, headers, repeatedHeaders };
}
