// Decodes `Transfer-Encoding: chunked` as it arrives. Extensions and trailers are read and dropped; line ends must be CR LF,
// and sizes hexadecimal digits only. The sizes are added up against the limit before their bytes are kept.

import type { BodySink } from './body-bytes.ts';
import type { HttpRefusal } from './http-refusal.ts';
import { badChunk, bodyTooLarge } from './http-refusal.ts';

const CR = 0x0d;
const LF = 0x0a;
const SIZE_LINE = /^([0-9A-Fa-f]{1,16})(?:[ \t]*;[\t -~\x80-\xff]*)?$/;
const TRAILER_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*$/;
/** A size with its extensions, or one trailer. Nobody sends long ones; without a bound they could be sent without end. */
const LINE_BYTES_MAX = 1024;
const TRAILER_BYTES_MAX = 8192;

type Expected = 'size' | 'data' | 'data-end' | 'trailer' | 'nothing';

export class ChunkedBody {
  refusal: HttpRefusal | undefined = undefined;
  private expected: Expected = 'size';
  private line = '';
  private chunkLeft = 0;
  private trailerBytes = 0;

  constructor(
    private readonly body: BodySink,
    private readonly bytesMax: number,
  ) {}

  get isComplete(): boolean {
    return this.expected === 'nothing';
  }

  /** Takes bytes from `at` on; returns where it stopped: the end of the bytes, or behind the body. Stops early at a refusal. */
  take(bytes: Buffer, at: number): number {
    while (at < bytes.length && this.expected !== 'nothing' && this.refusal === undefined) {
      at = this.expected === 'data' ? this.takeData(bytes, at) : this.takeLine(bytes, at);
    }
    return at;
  }

  private takeData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.chunkLeft);
    this.body.append(bytes, at, end);
    this.chunkLeft -= end - at;
    if (this.chunkLeft === 0) this.expected = 'data-end';
    return end;
  }

  private takeLine(bytes: Buffer, at: number): number {
    const newline = bytes.indexOf(LF, at);
    const end = newline === -1 ? bytes.length : newline;
    this.line += bytes.toString('latin1', at, Math.min(end, at + LINE_BYTES_MAX + 2));
    if (this.line.length > LINE_BYTES_MAX) this.refusal = badChunk;
    if (newline === -1 || this.refusal !== undefined) return end;
    const { line } = this;
    this.line = '';
    if (line.charCodeAt(line.length - 1) === CR) this.lineEnded(line.slice(0, -1));
    else this.refusal = badChunk;
    return newline + 1;
  }

  private lineEnded(line: string): void {
    if (this.expected === 'size') this.sizeEnded(line);
    else if (this.expected === 'trailer') this.trailerEnded(line);
    else if (line === '') this.expected = 'size';
    else this.refusal = badChunk;
  }

  private sizeEnded(line: string): void {
    const match = SIZE_LINE.exec(line);
    if (match === null) {
      this.refusal = badChunk;
      return;
    }
    const size = Number.parseInt(match[1] as string, 16);
    if (this.body.length + size > this.bytesMax) this.refusal = Number.isSafeInteger(size) ? bodyTooLarge : badChunk;
    this.chunkLeft = size;
    this.expected = size === 0 ? 'trailer' : 'data';
  }

  private trailerEnded(line: string): void {
    if (line === '') {
      this.expected = 'nothing';
      return;
    }
    this.trailerBytes += line.length;
    if (this.trailerBytes > TRAILER_BYTES_MAX || !TRAILER_LINE.test(line)) this.refusal = badChunk;
  }
}
