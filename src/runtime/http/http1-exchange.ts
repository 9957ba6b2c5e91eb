// One request of an HTTP/1.x connection and the bytes that answer it. Rendering makes one string (or one buffer) of head and body, so that
// the answer is one write; the outbox decides when its turn has come.

import { assert } from '#base/assert.ts';
import type { WireResponse } from '#wire/http-message.ts';
import type { Exchange, ResponseStream } from './exchange.ts';
import type { HttpContext } from './http-context.ts';
import type { HttpRefusal } from './http-refusal.ts';
import type { Http1IncomingBody } from './http1-incoming-body.ts';
import type { Outbox } from './outbox.ts';
import type { RequestHead } from './request-head.ts';
import { type BadHeader, badHeaderOf, headerLines, isBodiless, sendable, statusLine } from './response-head.ts';

/** Up to here copying a body behind its head beats handing two buffers to the kernel. */
const COPY_BYTES_MAX = 64 * 1024;

export class Http1Exchange implements Exchange, ResponseStream {
  /** The exchange behind this one in the outbox. */
  next: Http1Exchange | undefined = undefined;
  /** Bytes that wait for this exchange's turn: text is latin1. */
  output: (string | Uint8Array)[] | string | undefined = undefined;
  isFinished = false;
  isAborted = false;
  closesConnection = false;
  private isAnswered = false;
  private isChunked = false;
  private abortListener: (() => void) | undefined = undefined;
  private drainListener: (() => void) | undefined = undefined;

  constructor(
    private readonly outbox: Outbox,
    private readonly context: HttpContext,
    private readonly head: RequestHead | undefined,
    readonly incoming: Http1IncomingBody | undefined,
  ) {}

  get remoteAddress(): string {
    return this.outbox.socket.remoteAddress ?? '';
  }

  get isSecure(): boolean {
    return 'encrypted' in this.outbox.socket;
  }

  get waitsForAbort(): boolean {
    return this.abortListener !== undefined;
  }

  reply(response: WireResponse): void {
    assert(!this.isAnswered, 'a request is answered once');
    this.isAnswered = true;
    if (this.isAborted) return;
    this.abortListener = undefined;
    this.leaveBody();
    this.render(sendable(response, this.onBadHeader));
    this.isFinished = true;
    this.outbox.progress(this);
  }

  refuse(refusal: HttpRefusal): void {
    this.closesConnection = true;
    const body = JSON.stringify({ message: refusal.reason });
    this.reply({ status: refusal.status, headers: [['Content-Type', 'application/json']], body });
  }

  /** After an answer that came before the end of the body nobody can find the next request, unless the rest of it is short. */
  private leaveBody(): void {
    if (this.incoming?.leave() === false) this.closesConnection = true;
  }

  private readonly onBadHeader = (diagnostic: BadHeader): void => {
    this.context.diagnose({ ...diagnostic, remoteAddress: this.remoteAddress });
  };

  private headText(status: number, headers: WireResponse['headers'], framing: string): string {
    return `${statusLine(status)}${this.context.date.line}${headerLines(headers)}${this.connectionLine()}${framing}\r\n`;
  }

  private connectionLine(): string {
    // While draining, requests already taken behind this one are still answered: they may have been executed.
    if (this.head?.isKeptAlive !== true) this.closesConnection = true;
    else if (this.context.isDraining && this.next === undefined) this.closesConnection = true;
    if (this.closesConnection) return 'Connection: close\r\n';
    return this.head?.isHttp10 === true ? 'Connection: keep-alive\r\n' : '';
  }

  private render({ status, headers, body, bodyBytes }: WireResponse): void {
    if (isBodiless(status)) {
      this.output = this.headText(status, headers, '');
      return;
    }
    const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const announced = this.head?.method === 'HEAD' ? (bodyBytes ?? bytes) : bytes;
    const head = this.headText(status, headers, `Content-Length: ${announced}\r\n`);
    if (bytes === 0 || this.head?.method === 'HEAD') this.output = head;
    else if (typeof body !== 'string') this.output = withBytes(head, body);
    else if (bytes === body.length) this.output = head + body;
    else this.output = withText(head, body, bytes);
  }

  stream({ status, headers }: Pick<WireResponse, 'status' | 'headers'>, bodyBytes?: number): ResponseStream {
    assert(!this.isAnswered, 'a request is answered once');
    this.isAnswered = true;
    const badHeader = badHeaderOf(headers);
    assert(badHeader === undefined, `the response header ${badHeader} cannot be sent`);
    this.leaveBody();
    const isHttp10 = this.head?.isHttp10 === true;
    this.isChunked = bodyBytes === undefined && !isHttp10 && !isBodiless(status);
    // Without chunks only the end of the connection can tell where a body of unknown length ends.
    if (isHttp10 && bodyBytes === undefined) this.closesConnection = true;
    const length = bodyBytes === undefined ? '' : `Content-Length: ${bodyBytes}\r\n`;
    this.output = this.headText(status, headers, this.isChunked ? 'Transfer-Encoding: chunked\r\n' : length);
    this.outbox.progress(this);
    return this;
  }

  write(data: Uint8Array | string): boolean {
    assert(!this.isFinished, 'nothing is written after the end');
    if (this.isAborted || data.length === 0 || this.head?.method === 'HEAD') return true;
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const parts = this.parts();
    if (this.isChunked) parts.push(`${bytes.length.toString(16)}\r\n`, bytes, '\r\n');
    else parts.push(bytes);
    this.outbox.progress(this);
    if (!this.outbox.isFirst(this)) return false;
    // Large pieces are handed over at once: only then is it known whether the client keeps up.
    if (bytes.length > COPY_BYTES_MAX) this.outbox.flush();
    return !this.outbox.socket.writableNeedDrain;
  }

  get isFlushed(): boolean {
    const { outbox } = this;
    return this.output === undefined && outbox.readyBytes === 0 && outbox.socket.writableLength === 0;
  }

  cut(): void {
    // What has ended is the connection's business, which closes for a client that does not read; it may serve the next request by now.
    if (this.isFinished) return;
    this.isFinished = true;
    this.abortListener = undefined;
    this.outbox.socket.destroy();
  }

  end(): void {
    assert(!this.isFinished, 'a stream ends once');
    this.isFinished = true;
    this.abortListener = undefined;
    if (this.isChunked && this.head?.method !== 'HEAD') this.parts().push('0\r\n\r\n');
    if (!this.isAborted) this.outbox.progress(this);
  }

  private parts(): (string | Uint8Array)[] {
    if (Array.isArray(this.output)) return this.output;
    const parts = this.output === undefined ? [] : [this.output];
    this.output = parts;
    return parts;
  }

  onAbort(listener: () => void): void {
    if (this.isAborted) {
      listener();
      return;
    }
    if (this.isFinished) return;
    this.abortListener = listener;
    if (this.outbox.hasClientEnded) this.outbox.abortWaiting();
  }

  onDrain(listener: () => void): void {
    this.drainListener = listener;
  }

  drained(): void {
    this.drainListener?.();
  }

  /** The answers before this one are out: a stream that was told to wait may go on. */
  cameFirst(): void {
    const { drainListener, outbox } = this;
    if (drainListener === undefined) return;
    // What waited here is flushed by then; when that fills the socket, its own drain follows.
    setImmediate(() => {
      if (!outbox.socket.writableNeedDrain) drainListener();
    });
  }

  abort(): void {
    if (this.isAborted) return;
    this.isAborted = true;
    const listener = this.abortListener;
    this.abortListener = undefined;
    listener?.();
  }
}

function withBytes(head: string, body: Uint8Array): (string | Uint8Array)[] {
  if (body.length > COPY_BYTES_MAX) return [head, body];
  const whole = Buffer.allocUnsafe(head.length + body.length);
  whole.write(head, 0, 'latin1');
  whole.set(body, head.length);
  return [whole];
}

function withText(head: string, body: string, bytes: number): Uint8Array[] {
  const whole = Buffer.allocUnsafe(head.length + bytes);
  whole.write(head, 0, 'latin1');
  whole.write(body, head.length, 'utf8');
  return [whole];
}
