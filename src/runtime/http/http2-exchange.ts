// One HTTP/2 stream as an exchange: collects its body under the same limits as HTTP/1.1 and answers on the stream.

import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { assert } from '#base/assert.ts';
import type { WireHeaders, WireRequest, WireResponse } from '#wire/http-message.ts';
import { BodyBytes } from './body-bytes.ts';
import { decodeBody, isDecodable } from './content-encoding.ts';
import type { Exchange, ResponseStream } from './exchange.ts';
import type { HttpContext } from './http-context.ts';
import type { HttpRefusal } from './http-refusal.ts';
import { bodyTooLarge, requestTimedOut } from './http-refusal.ts';
import { Http2IncomingBody } from './http2-incoming-body.ts';
import { badHeaderOf, sendable } from './response-head.ts';

/** RFC 9113, 7. Node's own names are in a module that is loaded for the first client only. */
const NO_ERROR = 0;
const INTERNAL_ERROR = 2;

/** Everything of a request but its body. */
export type Http2Head = Omit<WireRequest, 'body' | 'signedBody'>;

export class Http2Exchange implements Exchange, ResponseStream {
  isAborted = false;
  private isAnswered = false;
  private isReadingBody = true;
  private windowSinceMs: number;
  private windowBytes = 0;
  private abortListener: (() => void) | undefined = undefined;
  private readonly bytesMax: number;
  private readonly body: BodyBytes;
  readonly incoming: Http2IncomingBody | undefined;

  constructor(
    private readonly context: HttpContext,
    private readonly byteStream: ServerHttp2Stream,
    private readonly head: Http2Head,
  ) {
    this.windowSinceMs = context.nowMs;
    this.bytesMax = context.bodyBytesMax(head);
    this.body = new BodyBytes(this.bytesMax);
    byteStream.on('close', this.onClose);
    byteStream.on('error', ignore);
    const expectsContinue = head.headers['expect'] === '100-continue';
    if (context.streamsBody(head)) {
      this.isReadingBody = false;
      this.incoming = new Http2IncomingBody(byteStream, head.headers['content-length'], expectsContinue);
      return;
    }
    this.incoming = undefined;
    byteStream.on('data', this.onData);
    byteStream.on('end', this.onEnd);
    if (expectsContinue) byteStream.additionalHeaders({ ':status': 100 });
  }

  get remoteAddress(): string {
    return this.byteStream.session?.socket.remoteAddress ?? '';
  }

  get isSecure(): boolean {
    return this.byteStream.session?.encrypted ?? false;
  }

  /** Hands a request on whose body is streamed. */
  begin(): void {
    if (this.incoming !== undefined) this.context.onRequest({ ...this.head, body: new Uint8Array(0) }, this);
  }

  private readonly onData = (bytes: Buffer): void => {
    if (!this.isReadingBody) return;
    this.windowBytes += bytes.length;
    if (this.body.length + bytes.length > this.bytesMax) this.refuse(bodyTooLarge);
    else this.body.append(bytes, 0, bytes.length);
  };

  private readonly onEnd = (): void => {
    // Node ends the stream of a client that went away in the middle, too.
    if (!this.isReadingBody || this.isAborted || this.byteStream.aborted) return;
    this.isReadingBody = false;
    const body = this.body.bytes;
    const contentEncoding = headerText(this.head.headers, 'content-encoding').toLowerCase();
    if (!isDecodable(contentEncoding) || !this.context.undoesContentEncoding(this.head)) {
      this.context.onRequest({ ...this.head, body }, this);
      return;
    }
    const done = (refusal: HttpRefusal | undefined, decoded: Buffer): void => {
      if (this.isAborted) return;
      if (refusal !== undefined) this.refuse(refusal);
      else this.context.onRequest({ ...this.head, body: decoded, signedBody: body }, this);
    };
    decodeBody(body, { contentEncoding, bytesMax: this.bytesMax, done });
  };

  private readonly onClose = (): void => {
    this.isReadingBody = false;
    if (this.isAborted) return;
    this.isAborted = true;
    this.incoming?.fail('gone');
    const listener = this.abortListener;
    this.abortListener = undefined;
    listener?.();
  };

  /** Refuses a body that does not come forward. */
  tick(): void {
    const { nowMs, limits } = this.context;
    if (this.incoming !== undefined) {
      this.tickIncoming(this.incoming);
      return;
    }
    if (!this.isReadingBody || nowMs - this.windowSinceMs < limits.bodyWindowMs) return;
    if (this.windowBytes < limits.bodyBytesPerWindowMin) this.refuse(requestTimedOut);
    this.windowSinceMs = nowMs;
    this.windowBytes = 0;
  }

  private tickIncoming(incoming: Http2IncomingBody): void {
    const { nowMs, limits } = this.context;
    if (incoming.isFlowing && nowMs - this.windowSinceMs < limits.bodyWindowMs) return;
    if (incoming.isFlowing && incoming.windowBytes < limits.bodyBytesPerWindowMin) incoming.fail('timed-out');
    this.windowSinceMs = nowMs;
    incoming.windowBytes = 0;
  }

  private refuse(refusal: HttpRefusal): void {
    this.isReadingBody = false;
    const { status, reason } = refusal;
    const kind = status === 408 ? 'timed-out' : 'refused';
    this.context.diagnose({ kind, detail: reason, status, remoteAddress: this.remoteAddress });
    this.reply({ status, headers: [['Content-Type', 'application/json']], body: JSON.stringify({ message: reason }) });
    // Tells the client to stop sending; the answer is complete (RFC 9113, 8.1).
    this.byteStream.once('finish', () => this.byteStream.close(NO_ERROR));
  }

  reply(given: WireResponse): void {
    assert(!this.isAnswered, 'a request is answered once');
    this.isAnswered = true;
    this.abortListener = undefined;
    if (this.isGone) return;
    const { remoteAddress } = this;
    const response = sendable(given, (diagnostic) => this.context.diagnose({ ...diagnostic, remoteAddress }));
    const { status, body } = response;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    this.leaveBody();
    const headers = this.responseHeaders(response);
    const endStream = length === 0 || this.head.method === 'HEAD' || status === 204 || status === 304;
    const announced = this.head.method === 'HEAD' ? (response.bodyBytes ?? length) : length;
    if (status !== 204 && status !== 304) headers['content-length'] = announced;
    this.byteStream.respond(headers, { endStream });
    if (!endStream) this.byteStream.end(body);
  }

  /** Tells a client that is answered early to stop sending (RFC 9113, 8.1). */
  private leaveBody(): void {
    const { incoming, byteStream } = this;
    if (incoming === undefined || incoming.isComplete) return;
    incoming.leave();
    byteStream.once('finish', () => byteStream.close(NO_ERROR));
  }

  /** Cancelled by the client, or about to be told so: Node throws when such a stream is answered. */
  private get isGone(): boolean {
    return this.isAborted || this.byteStream.destroyed || this.byteStream.closed;
  }

  private responseHeaders({ status, headers }: Pick<WireResponse, 'status' | 'headers'>): OutgoingHttpHeaders {
    const fields: Record<string, string | number | string[]> = { ':status': status, date: this.context.date.value };
    for (const [name, value] of headers) {
      const key = name.toLowerCase();
      const before = fields[key];
      fields[key] = before === undefined ? value : [before, value].flat().map(String);
    }
    return fields;
  }

  stream(head: Pick<WireResponse, 'status' | 'headers'>, bodyBytes?: number): ResponseStream {
    assert(!this.isAnswered, 'a request is answered once');
    this.isAnswered = true;
    const badHeader = badHeaderOf(head.headers);
    assert(badHeader === undefined, `the response header ${badHeader} cannot be sent`);
    if (this.isGone) return this;
    this.leaveBody();
    const fields = this.responseHeaders(head);
    if (bodyBytes !== undefined) fields['content-length'] = bodyBytes;
    this.byteStream.respond(fields);
    return this;
  }

  write(data: Uint8Array | string): boolean {
    if (this.isGone || this.head.method === 'HEAD') return true;
    return this.byteStream.write(data);
  }

  end(): void {
    this.abortListener = undefined;
    if (!this.isGone) this.byteStream.end();
  }

  cut(): void {
    this.abortListener = undefined;
    if (!this.isGone) this.byteStream.close(INTERNAL_ERROR);
  }

  onDrain(listener: () => void): void {
    this.byteStream.on('drain', listener);
  }

  onAbort(listener: () => void): void {
    if (this.isAborted) listener();
    else this.abortListener = listener;
  }
}

function headerText(headers: WireHeaders, name: string): string {
  return headers[name] ?? '';
}

/** `close` follows every error of a stream and ends the exchange. */
function ignore(): void {}
