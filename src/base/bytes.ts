// Growing byte writer and bounds-checked reader: the one place where facts, payloads and snapshots become bytes.
// Little endian; lengths and counts are LEB128 varints (safe integers up to 2^53); text is UTF-8 with a length before it.
// A read past the end throws a Defect: the bytes were verified by checksum before they came here.

import { assert } from './assert.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Below this length a loop over char codes beats the call into the engine (measured on Node 20: break-even near 48). */
const SHORT_TEXT = 48;
const PIECE_BYTES = 64 * 1024;

const nothing = (): void => undefined;

export function utf8Encode(text: string): Uint8Array {
  return encoder.encode(text);
}

export function utf8Decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** One behind the other, in memory of their own. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Number of bytes that `text` takes in UTF-8; a lone surrogate counts as U+FFFD does. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else if (code >= 0xd800 && code < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i += 1;
    } else bytes += 2;
  }
  return bytes;
}

/** Bytes of somebody else's between one's own. */
interface Lent {
  /** How many of the writer's own bytes come before. */
  readonly at: number;
  readonly pieces: Iterable<Uint8Array>;
  readonly done: () => void;
}

export class ByteWriter {
  private buffer: Uint8Array;
  private view: DataView;
  private end = 0;
  /** In a writer that gathers. */
  private lent: Lent[] | undefined = undefined;

  constructor(capacity = 1024) {
    this.buffer = new Uint8Array(capacity);
    this.view = new DataView(this.buffer.buffer);
  }

  /** A writer that does not copy what it is lent: its content is in `pieces`, until `release`. */
  static gathering(): ByteWriter {
    const writer = new ByteWriter();
    writer.lent = [];
    return writer;
  }

  get length(): number {
    return this.end;
  }

  /** The bytes written so far; a view that is valid until the next write or reset. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.end);
  }

  /** A copy of the bytes written so far. */
  take(): Uint8Array {
    return this.buffer.slice(0, this.end);
  }

  reset(): void {
    this.end = 0;
  }

  private reserve(count: number): number {
    const at = this.end;
    const needed = at + count;
    if (needed > this.buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
      grown.set(this.buffer.subarray(0, at));
      this.buffer = grown;
      this.view = new DataView(grown.buffer);
    }
    this.end = needed;
    return at;
  }

  u8(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  u32(value: number): void {
    const at = this.reserve(4);
    this.view.setUint32(at, value, true);
  }

  f64(value: number): void {
    const at = this.reserve(8);
    this.view.setFloat64(at, value, true);
  }

  /** Overwrites four bytes written earlier: for a length that is known only afterwards. */
  patchU32(at: number, value: number): void {
    assert(at + 4 <= this.end, 'patch inside what was written');
    this.view.setUint32(at, value, true);
  }

  varint(value: number): void {
    if (value >>> 0 !== value) {
      this.longVarint(value);
      return;
    }
    this.digitsOfVarint(value, this.reserve(5));
  }

  /** Of more than 32 bits: four times seven, and the rest. */
  private longVarint(value: number): void {
    assert(value >= 0 && Number.isSafeInteger(value), `varint takes a safe integer from 0, not ${value}`);
    const low = value % 0x10000000;
    const at = this.reserve(9);
    const { buffer } = this;
    buffer[at] = low | 0x80;
    buffer[at + 1] = (low >>> 7) | 0x80;
    buffer[at + 2] = (low >>> 14) | 0x80;
    buffer[at + 3] = (low >>> 21) | 0x80;
    this.digitsOfVarint(Math.floor(value / 0x10000000), at + 4);
  }

  /** `value` has 32 bits at most; there is room for five bytes. */
  private digitsOfVarint(value: number, from: number): void {
    const { buffer } = this;
    let at = from;
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) {
      buffer[at] = rest | 0x80;
      at += 1;
    }
    buffer[at] = rest;
    this.end = at + 1;
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.buffer.set(bytes, at);
  }

  /**
   * Bytes that hold still until `done` is called, or are made from what holds still. A plain writer copies them at once; one
   * that gathers asks for them when its own pieces are asked for.
   */
  lend(pieces: Iterable<Uint8Array>, done: () => void = nothing): void {
    if (this.lent !== undefined) {
      this.lent.push({ at: this.end, pieces, done });
      return;
    }
    for (const piece of pieces) this.raw(piece);
    done();
  }

  /** What a gathering writer has, in order and without a copy; to be walked once, and nothing is written any more. */
  *pieces(): Generator<Uint8Array> {
    let from = 0;
    for (const { at, pieces } of this.lent ?? []) {
      if (at > from) yield this.buffer.subarray(from, at);
      yield* pieces;
      from = at;
    }
    if (this.end > from) yield this.buffer.subarray(from, this.end);
  }

  /** Whoever lent something may change it again. */
  release(): void {
    for (const { done } of this.lent ?? []) done();
  }

  /** Length and bytes. */
  blob(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Begins a blob whose length is known only when it ends; returns the mark for {@link endBlob}. */
  beginBlob(): number {
    return this.reserve(1);
  }

  /** Puts the length before the bytes written since the mark; shifts them when it takes more than one byte. */
  endBlob(mark: number): void {
    const length = this.end - mark - 1;
    if (length < 0x80) {
      this.buffer[mark] = length;
      return;
    }
    let lengthBytes = 1;
    for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) lengthBytes += 1;
    this.reserve(lengthBytes - 1);
    this.buffer.copyWithin(mark + lengthBytes, mark + 1, mark + 1 + length);
    const { end } = this;
    this.end = mark;
    this.varint(length);
    this.end = end;
  }

  /** Length and UTF-8. */
  text(text: string): void {
    const { length } = text;
    if (length < SHORT_TEXT && this.shortAscii(text)) return;
    // The length must come first. As a rule the text is ASCII: then it is known, and the bytes land where they belong.
    const start = this.end;
    this.varint(length);
    const at = this.reserve(length * 3);
    const { written } = encoder.encodeInto(text, this.buffer.subarray(at));
    this.end = at + written;
    if (written === length) return;
    const bytes = this.buffer.slice(at, this.end);
    this.end = start;
    this.blob(bytes);
  }

  private shortAscii(text: string): boolean {
    const { length } = text;
    const at = this.reserve(length + 1);
    const { buffer } = this;
    buffer[at] = length;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.end = at;
        return false;
      }
      buffer[at + 1 + i] = code;
    }
    return true;
  }
}

/** Bytes of an item's after another's, in pieces of some 64 KiB, made while they are asked for: for `lend`. */
export function* written<T>(items: Iterable<T>, write: (writer: ByteWriter, item: T) => void): Generator<Uint8Array> {
  let writer = new ByteWriter(PIECE_BYTES);
  for (const item of items) {
    write(writer, item);
    if (writer.length < PIECE_BYTES) continue;
    yield writer.bytes;
    writer = new ByteWriter(PIECE_BYTES);
  }
  if (writer.length > 0) yield writer.bytes;
}

export class ByteReader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.at;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  private advance(count: number): number {
    const { at } = this;
    assert(at + count <= this.bytes.length, 'read inside the bytes');
    this.at = at + count;
    return at;
  }

  u8(): number {
    return this.bytes[this.advance(1)] as number;
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  f64(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
      assert(factor <= 2 ** 56, 'a varint ends');
    }
  }

  /** A view of the next bytes, not a copy. */
  raw(count: number): Uint8Array {
    const at = this.advance(count);
    return this.bytes.subarray(at, at + count);
  }

  blob(): Uint8Array {
    return this.raw(this.varint());
  }

  text(): string {
    const bytes = this.blob();
    return bytes.length === 0 ? '' : decoder.decode(bytes);
  }

  skip(count: number): void {
    this.advance(count);
  }
}
