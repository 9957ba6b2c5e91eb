// Reads multipart/form-data as it comes: a body cut anywhere gives the same parts, and nothing but a part's head and what may be the beginning
// of a delimiter is held back. RFC 2046, 5.1.1; RFC 7578.

import { joinBytes } from '#base/bytes.ts';

/** Where the bytes stand first, or -1. The runtime's own is ten times as fast as a loop, whatever is in a file. */
export type SearchBytes = (bytes: Uint8Array, wanted: Uint8Array) => number;

export interface PartTaker {
  /** A part begins; its head without the empty line. `position`: how many bytes of the body stand before its content. */
  part(head: string, position: number): void;
  data(bytes: Uint8Array): void;
  partEnd(): void;
}

const CR = 13;
const LF = 10;
const DASH = 45;
const NONE = new Uint8Array(0);
/** RFC 2046: a boundary has 70 characters at most. */
const BOUNDARY_MAX = 70;
/** What browsers send has three lines. */
const HEAD_BYTES_MAX = 8_192;
const PADDING_BYTES_MAX = 256;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined when the content type names no usable boundary. */
export function boundaryOf(contentType: string): string | undefined {
  const found = /;\s*boundary=(?:"([^"]*)"|([^;\s"]*))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2] ?? '';
  return boundary === '' || boundary.length > BOUNDARY_MAX ? undefined : boundary;
}

export class MultipartReader {
  isMalformed = false;
  /** The delimiter that ends the form has come; what follows means nothing. */
  isComplete = false;
  private readonly delimiter: Uint8Array;
  private place: 'content' | 'line' | 'head' = 'content';
  /** Otherwise what comes is before the first part. */
  private isInPart = false;
  /** The first delimiter may stand at the very beginning: as if a line had ended before it. */
  private held: Uint8Array = Uint8Array.of(CR, LF);
  private taken = 0;
  private left = 0;

  constructor(
    boundary: string,
    private readonly taker: PartTaker,
    private readonly search: SearchBytes,
  ) {
    this.delimiter = utf8.encode(`\r\n--${boundary}`);
  }

  /** How far the body is understood, in bytes. */
  get position(): number {
    return Math.max(0, this.taken - this.left);
  }

  take(bytes: Uint8Array): void {
    if (this.isMalformed || this.isComplete) return;
    this.taken += bytes.length;
    let rest: Uint8Array | undefined = this.held.length === 0 ? bytes : joinBytes([this.held, bytes]);
    this.held = NONE;
    while (rest !== undefined && rest.length > 0 && !this.isMalformed && !this.isComplete) rest = this.step(rest);
    this.left = rest === undefined ? this.held.length : rest.length;
  }

  /** What is left to be read, or undefined when more has to come first. */
  private step(bytes: Uint8Array): Uint8Array | undefined {
    if (this.place === 'content') return this.content(bytes);
    return this.place === 'line' ? this.line(bytes) : this.head(bytes);
  }

  private content(bytes: Uint8Array): Uint8Array | undefined {
    const at = this.find(bytes);
    if (at > 0 && this.isInPart) this.taker.data(bytes.subarray(0, at));
    const end = at + this.delimiter.length;
    if (end > bytes.length) return this.wait(bytes.subarray(at));
    if (this.isInPart) this.taker.partEnd();
    this.isInPart = false;
    this.place = 'line';
    return bytes.subarray(end);
  }

  /** Where a delimiter begins, or what may become one when more comes; the end when there is neither. */
  private find(bytes: Uint8Array): number {
    const { delimiter } = this;
    const found = this.search(bytes, delimiter);
    if (found >= 0) return found;
    const first = Math.max(0, bytes.length - delimiter.length + 1);
    for (let at = bytes.indexOf(CR, first); at >= 0; at = bytes.indexOf(CR, at + 1)) {
      const isBeginning = bytes.subarray(at).every((byte, index) => byte === delimiter[index]);
      if (isBeginning) return at;
    }
    return bytes.length;
  }

  /** Behind a delimiter: two dashes end the form, an ended line begins a part. */
  private line(bytes: Uint8Array): Uint8Array | undefined {
    if (bytes.length < 2) return this.wait(bytes);
    if (bytes[0] === DASH && bytes[1] === DASH) {
      this.isComplete = true;
      return bytes.subarray(2);
    }
    let at = 0;
    while (bytes[at] === 32 || bytes[at] === 9) at += 1;
    const isLong = at > PADDING_BYTES_MAX;
    if (!isLong && (at === bytes.length || (at + 1 === bytes.length && bytes[at] === CR))) return this.wait(bytes);
    if (isLong || bytes[at] !== CR || bytes[at + 1] !== LF) return this.malformed(bytes);
    this.place = 'head';
    return bytes.subarray(at + 2);
  }

  private head(bytes: Uint8Array): Uint8Array | undefined {
    const end = endOfHead(bytes);
    if (end === undefined ? bytes.length > HEAD_BYTES_MAX : end.at > HEAD_BYTES_MAX) return this.malformed(bytes);
    if (end === undefined) return this.wait(bytes);
    const text = textOf(bytes.subarray(0, end.at));
    if (text === undefined) return this.malformed(bytes);
    const rest = bytes.subarray(end.next);
    this.isInPart = true;
    this.place = 'content';
    this.taker.part(text, this.taken - rest.length);
    return rest;
  }

  private wait(bytes: Uint8Array): undefined {
    this.held = bytes;
    return undefined;
  }

  private malformed(bytes: Uint8Array): Uint8Array {
    this.isMalformed = true;
    return bytes;
  }
}

/** The text, or undefined when the bytes are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** An empty line; at the very beginning it says that there is no head. */
function endOfHead(bytes: Uint8Array): { readonly at: number; readonly next: number } | undefined {
  if (bytes[0] === CR && bytes[1] === LF) return { at: 0, next: 2 };
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] === LF && bytes[at + 2] === CR && bytes[at + 3] === LF) return { at, next: at + 4 };
  }
  return undefined;
}
