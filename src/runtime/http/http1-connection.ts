// One HTTP/1.x connection: takes bytes as they come, finds the requests in them, and keeps the order of the answers. A request is handed on
// as soon as its body is complete; the next one may be read meanwhile (pipelining), up to a limit.
//
// Invariants: bytes are looked at by exactly one reader (head, fixed body, chunked body, or nobody after the last request); after a refusal
// nothing of this connection is interpreted any more.

import type { Socket } from 'node:net';
import type { WireRequest } from '#wire/http-message.ts';
import { BodyBytes } from './body-bytes.ts';
import { ChunkedBody } from './chunked-body.ts';
import { decodeBody, isDecodable } from './content-encoding.ts';
import { readDirectly } from './direct-reading.ts';
import type { BodyFailure } from './exchange.ts';
import type { Connection, HttpContext } from './http-context.ts';
import type { HttpRefusal } from './http-refusal.ts';
import * as refusals from './http-refusal.ts';
import { Http1Exchange } from './http1-exchange.ts';
import { type BodyConnection, Http1IncomingBody } from './http1-incoming-body.ts';
import { Outbox } from './outbox.ts';
import { Patience } from './patience.ts';
import { parseRequestHead, RequestHead } from './request-head.ts';
import { noteShortLived } from './young-memory.ts';

const READING_HEAD = 0;
const READING_BODY = 1;
const READING_CHUNKS = 2;
/** After the last request: what still comes is thrown away. */
const READING_NOTHING = 3;

const NO_BYTES = Buffer.alloc(0);
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
/** Answers of one pass over the input are sent together up to this size. */
const READY_BYTES_MAX = 64 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** Whoever takes a streamed body counts its bytes against a limit of its own. */
const STREAMED_BYTES_MAX = Number.MAX_SAFE_INTEGER;

export class Http1Connection implements Connection, BodyConnection {
  private readonly outbox: Outbox;
  private readonly patience: Patience;
  private reading = READING_HEAD;
  /** Bytes of an incomplete head, or whole requests that wait for room in the pipeline. */
  private input: Buffer | undefined = undefined;
  /** Bytes of `input` known not to hold the end of the head. */
  private scannedBytes = 0;
  private requestCount = 0;
  private isInLoop = false;
  private isPaused = false;
  private isDetached = false;
  private isReadDirectly = false;
  private head: RequestHead = new RequestHead();
  private body: BodyBytes | undefined = undefined;
  /** The body that is being read, when it is streamed, and the exchange that it belongs to. */
  private incoming: Http1IncomingBody | undefined = undefined;
  private incomingExchange: Http1Exchange | undefined = undefined;
  private chunked: ChunkedBody | undefined = undefined;
  /** The client waits for "100 Continue", but answers to earlier requests come first. */
  private owesContinue = false;

  constructor(
    private readonly context: HttpContext,
    private readonly socket: Socket,
  ) {
    this.outbox = new Outbox(socket, this.onReady);
    this.patience = new Patience(context, socket);
    socket.on('data', this.onData);
    socket.on('drain', this.onDrain);
    socket.on('end', this.onEnd);
    socket.on('error', this.onError);
    socket.on('close', this.onClose);
  }

  private readonly onData = (bytes: Buffer): void => {
    if (this.incoming !== undefined) noteShortLived(bytes.length);
    this.receive(bytes);
  };

  private receive(bytes: Buffer): void {
    if (this.reading === READING_NOTHING) {
      this.patience.discarded(bytes.length);
      return;
    }
    this.input = this.input === undefined ? bytes : Buffer.concat([this.input, bytes]);
    this.read();
  }

  private read(): void {
    const bytes = this.input as Buffer;
    this.input = undefined;
    this.isInLoop = true;
    let at = 0;
    while (at < bytes.length) {
      let next = at;
      if (this.reading === READING_HEAD) next = this.hasRoom() ? this.readHead(bytes, at) : at;
      else if (this.reading === READING_BODY) next = this.readBody(bytes, at);
      else if (this.reading === READING_CHUNKS) next = this.readChunks(bytes, at);
      else break;
      if (next === at) {
        this.keep(bytes, at);
        break;
      }
      at = next;
    }
    this.isInLoop = false;
    this.flush();
  }

  private keep(bytes: Buffer, at: number): void {
    if (this.reading === READING_NOTHING) return;
    if (this.reading !== READING_HEAD) {
      // Nobody takes the body yet.
      this.input = bytes.subarray(at);
      this.socket.pause();
      return;
    }
    this.input = at === 0 ? bytes : bytes.subarray(at);
    if (!this.isPaused) this.patience.headStarted();
  }

  private hasRoom(): boolean {
    // Small requests for large answers must not pile up answers that the client may never read.
    if (this.outbox.readyBytes > READY_BYTES_MAX) this.outbox.flush();
    if (this.outbox.count < this.context.limits.pipelineCountMax && !this.socket.writableNeedDrain) return true;
    this.isPaused = true;
    this.socket.pause();
    return false;
  }

  /** Returns where the head ends, or `at` while it is incomplete. */
  private readHead(bytes: Buffer, at: number): number {
    if (this.requestCount === 0 && this.isHttp2(bytes, at)) return at;
    let start = at;
    // RFC 9112, 2.2: an empty line before the request line is ignored. One is.
    if (bytes[start] === CR && bytes[start + 1] === LF) start += 2;
    const { headBytesMax, headerCountMax } = this.context.limits;
    const found = bytes.indexOf('\r\n\r\n', start + this.scannedBytes, 'latin1');
    if (found === -1 ? bytes.length - start > headBytesMax : found - start > headBytesMax) {
      return this.refuse(refusals.headTooLarge, bytes);
    }
    if (found === -1) {
      if (hasBareLineFeed(bytes, start)) return this.refuse(refusals.lineWithoutCarriageReturn, bytes);
      this.scannedBytes = Math.max(0, bytes.length - start - 3);
      return at;
    }
    this.scannedBytes = 0;
    const head = parseRequestHead(bytes, { start, end: found + 2, headerCountMax });
    if (!(head instanceof RequestHead)) return this.refuse(head, bytes);
    this.requestCount += 1;
    this.head = head;
    return this.beginBody(head, bytes, found + 4);
  }

  private isHttp2(bytes: Buffer, at: number): boolean {
    // "PRI * HTTP/2.0": nothing else that begins with PR and is valid here has three letters.
    if (bytes[at] !== 0x50 || bytes[at + 1] !== 0x52 || bytes[at + 2] !== 0x49) return false;
    this.reading = READING_NOTHING;
    this.detach();
    this.context.startHttp2(this.socket, bytes.subarray(at));
    return true;
  }

  private beginBody(head: RequestHead, bytes: Buffer, at: number): number {
    const { contentLength } = head;
    if (this.context.streamsBody(head)) return this.beginStream(head, at);
    if (contentLength <= 0 && !head.isChunked) {
      this.complete(head, NO_BYTES);
      return at;
    }
    const bytesMax = this.context.bodyBytesMax(head);
    if (contentLength > bytesMax) return this.refuse(refusals.bodyTooLarge, bytes);
    if (head.isChunked) {
      this.body = new BodyBytes(bytesMax);
      this.chunked = new ChunkedBody(this.body, bytesMax);
      this.reading = READING_CHUNKS;
    } else if (bytes.length - at >= contentLength) {
      this.complete(head, bytes.subarray(at, at + contentLength));
      return at + contentLength;
    } else {
      this.body = new BodyBytes(contentLength);
      this.reading = READING_BODY;
    }
    this.patience.bodyStarted();
    if (head.expectsContinue && at === bytes.length) this.sendContinue();
    return at;
  }

  /** Hands the request on with its head alone. */
  private beginStream(head: RequestHead, at: number): number {
    const { contentLength, isChunked, expectsContinue, method, path, query, headers, repeatedHeaders } = head;
    const isAbsent = contentLength < 0 && !isChunked;
    const bytes = isChunked ? undefined : Math.max(0, contentLength);
    const incoming = new Http1IncomingBody(this, { bytes, isAbsent, isWaitedFor: expectsContinue });
    const exchange = new Http1Exchange(this.outbox, this.context, head, incoming);
    this.patience.requestReceived();
    this.outbox.add(exchange);
    if (bytes === 0) {
      // botocore reads the next answer of a connection wrongly when this one came without it, and waits in vain.
      if (expectsContinue && this.outbox.isFirst(exchange)) this.outbox.interim(CONTINUE);
      this.reading = head.isKeptAlive ? READING_HEAD : READING_NOTHING;
      incoming.complete();
    } else {
      this.incoming = incoming;
      this.incomingExchange = exchange;
      this.reading = isChunked ? READING_CHUNKS : READING_BODY;
      if (isChunked) this.chunked = new ChunkedBody(incoming, STREAMED_BYTES_MAX);
    }
    const request: WireRequest = { method, path, query, headers, body: NO_BYTES };
    if (repeatedHeaders !== undefined) Object.assign(request, { repeatedHeaders });
    this.context.onRequest(request, exchange);
    return at;
  }

  bodyStarted(): void {
    this.patience.bodyStarted();
    if (!this.isReadDirectly && this.incoming?.isLarge === true) {
      const memory = (): Uint8Array | undefined => this.incoming?.memory();
      this.isReadDirectly = readDirectly(this.socket, { memory, take: (bytes) => this.receive(bytes) });
    }
    if (this.head.expectsContinue && this.input === undefined) this.sendContinue();
    this.readKept();
  }

  skipBody(): void {
    this.patience.bodyStarted();
    this.readKept();
  }

  holdBody(): void {
    this.socket.pause();
  }

  resumeBody(): void {
    this.patience.bodyStarted();
    this.socket.resume();
  }

  /** Goes on with what came while nobody took the body; inside the loop it goes on by itself. */
  private readKept(): void {
    if (this.isInLoop || this.reading === READING_NOTHING) return;
    this.socket.resume();
    if (this.input !== undefined) this.read();
  }

  private streamEnded(incoming: Http1IncomingBody): void {
    this.incoming = undefined;
    this.incomingExchange = undefined;
    this.chunked = undefined;
    this.owesContinue = false;
    this.reading = this.head.isKeptAlive ? READING_HEAD : READING_NOTHING;
    incoming.resume();
    incoming.complete();
  }

  /** Tells the taker of the body, who answers; false when there is none. */
  private failStream(how: BodyFailure): boolean {
    const { incoming } = this;
    if (incoming === undefined) return false;
    this.reading = READING_NOTHING;
    this.input = undefined;
    incoming.fail(how);
    return true;
  }

  /** No answer is owed before the one to the request whose body is awaited. */
  private get isContinueDue(): boolean {
    return this.outbox.isEmpty || this.outbox.isFirst(this.incomingExchange);
  }

  private sendContinue(): void {
    if (this.isContinueDue) this.outbox.interim(CONTINUE);
    else this.owesContinue = true;
  }

  private readStream(incoming: Http1IncomingBody, bytes: Buffer, at: number): number {
    if (!incoming.isFlowing) return at;
    const { contentLength } = this.head;
    const end = Math.min(bytes.length, at + contentLength - incoming.length);
    this.patience.bodyReceived(end - at);
    incoming.append(bytes, at, end);
    if (incoming.length === contentLength) this.streamEnded(incoming);
    return end;
  }

  private readBody(bytes: Buffer, at: number): number {
    if (this.incoming !== undefined) return this.readStream(this.incoming, bytes, at);
    const body = this.body as BodyBytes;
    const { contentLength } = this.head;
    const end = Math.min(bytes.length, at + contentLength - body.length);
    body.append(bytes, at, end);
    this.patience.bodyReceived(end - at);
    if (body.length === contentLength) this.complete(this.head, body.bytes);
    return end;
  }

  private readChunks(bytes: Buffer, at: number): number {
    const chunked = this.chunked as ChunkedBody;
    const { incoming } = this;
    if (incoming?.isFlowing === false) return at;
    const end = chunked.take(bytes, at);
    this.patience.bodyReceived(end - at);
    if (chunked.refusal !== undefined) {
      return this.failStream('malformed') ? bytes.length : this.refuse(chunked.refusal, bytes);
    }
    if (chunked.isComplete) {
      if (incoming !== undefined) this.streamEnded(incoming);
      else this.complete(this.head, (this.body as BodyBytes).bytes);
    }
    return end;
  }

  private complete(head: RequestHead, body: Buffer): void {
    this.body = undefined;
    this.chunked = undefined;
    this.owesContinue = false;
    this.reading = head.isKeptAlive ? READING_HEAD : READING_NOTHING;
    this.patience.requestReceived();
    const exchange = new Http1Exchange(this.outbox, this.context, head, undefined);
    this.outbox.add(exchange);
    const { method, path, query, headers, repeatedHeaders } = head;
    if (head.contentEncoding !== '' && isDecodable(head.contentEncoding) && this.context.undoesContentEncoding(head)) {
      this.decode(head, body, exchange);
      return;
    }
    const request: WireRequest = { method, path, query, headers, body };
    if (repeatedHeaders !== undefined) Object.assign(request, { repeatedHeaders });
    this.context.onRequest(request, exchange);
  }

  private decode(head: RequestHead, signedBody: Buffer, exchange: Http1Exchange): void {
    const { method, path, query, headers, repeatedHeaders = [] } = head;
    const done = (refusal: HttpRefusal | undefined, body: Buffer): void => {
      if (exchange.isAborted) return;
      if (refusal === undefined) {
        this.context.onRequest({ method, path, query, headers, repeatedHeaders, body, signedBody }, exchange);
        return;
      }
      this.reading = READING_NOTHING;
      this.diagnose('refused', refusal);
      exchange.refuse(refusal);
    };
    decodeBody(signedBody, { contentEncoding: head.contentEncoding, bytesMax: this.context.bodyBytesMax(head), done });
  }

  /** Answers that the request cannot be taken, after the answers that are owed before, and reads no further. */
  private refuse(refusal: HttpRefusal, bytes: Buffer): number {
    this.reading = READING_NOTHING;
    this.diagnose(refusal.status === 408 ? 'timed-out' : 'refused', refusal);
    const exchange = new Http1Exchange(this.outbox, this.context, undefined, undefined);
    this.outbox.add(exchange);
    exchange.refuse(refusal);
    return bytes.length;
  }

  private diagnose(kind: 'refused' | 'timed-out', refusal: HttpRefusal): void {
    const { remoteAddress } = this.socket;
    this.context.diagnose({ kind, detail: refusal.reason, status: refusal.status, remoteAddress });
  }

  private readonly onReady = (): void => {
    if (!this.isInLoop) this.context.flushSoon(this);
  };

  flush(): void {
    const { socket, outbox } = this;
    if (this.isDetached || socket.destroyed) return;
    if (this.owesContinue && this.isContinueDue) {
      this.owesContinue = false;
      this.patience.bodyStarted();
      outbox.interim(CONTINUE);
    }
    outbox.flush();
    if (socket.writableNeedDrain) this.patience.writeBlocked();
    if (outbox.isEmpty) this.patience.answered();
    if (outbox.isShut || (outbox.isEmpty && this.mayEnd())) this.end();
    else if (this.isPaused) this.resume();
  }

  private mayEnd(): boolean {
    if (this.reading === READING_NOTHING) return true;
    return this.context.isDraining && this.reading === READING_HEAD && this.input === undefined;
  }

  private resume(): void {
    if (!this.hasRoom()) return;
    this.isPaused = false;
    this.socket.resume();
    if (this.input !== undefined) this.read();
  }

  private end(): void {
    this.reading = READING_NOTHING;
    this.input = undefined;
    if (this.socket.writableEnded) return;
    this.patience.ended();
    this.socket.end();
    if (this.isPaused || this.incoming !== undefined) this.socket.resume();
    this.isPaused = false;
  }

  private readonly onDrain = (): void => {
    this.patience.writeUnblocked();
    this.outbox.drained();
    if (this.isPaused) this.resume();
  };

  private readonly onEnd = (): void => {
    this.failStream('ended');
    this.reading = READING_NOTHING;
    this.input = undefined;
    this.patience.inputEnded();
    this.outbox.abortWaiting();
  };

  private readonly onError = (error: Error & { code?: string }): void => {
    // A client that resets the connection is everyday life; `close` follows.
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return;
    this.context.diagnose({ kind: 'socket-error', detail: error.message, remoteAddress: this.socket.remoteAddress });
  };

  private readonly onClose = (): void => {
    this.failStream('gone');
    this.reading = READING_NOTHING;
    this.context.forget(this);
    this.outbox.abortAll();
  };

  private detach(): void {
    const { socket } = this;
    this.isDetached = true;
    socket.off('data', this.onData);
    socket.off('drain', this.onDrain);
    socket.off('end', this.onEnd);
    socket.off('error', this.onError);
    socket.off('close', this.onClose);
    this.context.forget(this);
  }

  tick(): void {
    const isReadingBody = this.reading === READING_BODY || this.reading === READING_CHUNKS;
    const verdict = this.patience.verdict({
      isReadingBody:
        isReadingBody && !this.owesContinue && this.incoming?.isFlowing !== false && this.incoming?.isHeld !== true,
      isReadingHead: this.reading === READING_HEAD && this.input !== undefined && !this.isPaused,
      isIdle: this.reading === READING_HEAD && this.input === undefined && this.outbox.isEmpty,
    });
    if (verdict === 'destroy') this.destroy();
    else if (verdict === 'close') this.end();
    else if (verdict === 'refuse') this.timeOut();
  }

  private timeOut(): void {
    // A body that was left has its answer, and nobody who would give another.
    if (this.incoming !== undefined && this.outbox.isEmpty) this.end();
    else if (!this.failStream('timed-out')) this.refuse(refusals.requestTimedOut, NO_BYTES);
  }

  drain(): void {
    if (!this.outbox.isEmpty || !this.mayEnd()) return;
    const isIdle = this.reading === READING_HEAD;
    this.end();
    // Nothing is on its way to an idle client, and one with a pool of connections may not look at this one for minutes.
    if (isIdle) this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }
}

function hasBareLineFeed(bytes: Buffer, start: number): boolean {
  for (let at = bytes.indexOf(LF, start); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (at === start || bytes[at - 1] !== CR) return true;
  }
  return false;
}
