// Writes a page of records into an answer, from the stored bytes to the text and nothing in between: no object of a record, no string. What differs
// between JSON and CBOR is the form. How long the whole will be is known before the first byte; then it is written piece by piece, while the client
// takes the one before: a page of megabytes takes little memory, and what is sent is still in the processor's cache.

import { assert } from '#base/assert.ts';
import type { BodyPieces } from '#wire/http-message.ts';
import { AsciiWriter } from '../ascii-writer.ts';
import type { PageSlice, RecordPage } from '../record-page.ts';

/** A kept text of this length is sent from where it lies; a shorter one is copied to what stands beside it. */
const SENT_IN_PLACE_MIN = 32 * 1024;

export interface RecordForm {
  /** What stands before the records, and behind them. */
  readonly begin: Uint8Array;
  readonly end: Uint8Array;
  /** How long the records' text will be, each with what stands before it. */
  bytesOf(slice: PageSlice): number;
  /** The same text, when it is kept for several readers. */
  textOf(slice: PageSlice): Uint8Array | undefined;
  /** Writes the page's next slice. */
  open(slice: PageSlice): SliceWriter;
}

/** Records of one slice, on their way into one piece after another. */
export interface SliceWriter {
  /** As many records as there is room for; true when those were the last ones. */
  write(writer: AsciiWriter): boolean;
  /** Of the next record. */
  readonly nextBytes: number;
}

interface PagePart {
  readonly slice: PageSlice;
  readonly text: Uint8Array | undefined;
}

export class PageWriter implements BodyPieces {
  readonly byteCount: number;
  private writtenBytes = 0;
  private readonly parts: readonly PagePart[];
  private partsBegun = 0;
  /** The part that is being written; undefined behind the last one. */
  private current: SliceWriter | Uint8Array | undefined;

  constructor(
    private readonly page: RecordPage,
    private readonly form: RecordForm,
  ) {
    let byteCount = form.begin.length + form.end.length;
    this.parts = page.slices.map((slice) => {
      const text = form.textOf(slice);
      byteCount += text === undefined ? form.bytesOf(slice) : text.length;
      return { slice, text };
    });
    this.byteCount = byteCount;
    this.advance();
  }

  next(memory: Uint8Array): Uint8Array | undefined {
    const { form } = this;
    if (this.writtenBytes === this.byteCount) return undefined;
    let writer = new AsciiWriter(memory);
    const inPlaceMin = memory.length < this.byteCount ? SENT_IN_PLACE_MIN : Number.POSITIVE_INFINITY;
    if (this.writtenBytes === 0) writer.raw(form.begin);
    for (; this.current !== undefined; this.advance()) {
      const { current } = this;
      if (current instanceof Uint8Array) {
        if (current.length >= inPlaceMin || current.length > writer.room) return this.beside(writer, current);
        writer.raw(current);
        continue;
      }
      while (!current.write(writer)) {
        if (!writer.isEmpty) return this.written(writer.bytes);
        writer = new AsciiWriter(new Uint8Array(current.nextBytes));
      }
    }
    if (form.end.length > writer.room) {
      if (!writer.isEmpty) return this.written(writer.bytes);
      writer = new AsciiWriter(new Uint8Array(form.end.length));
    }
    writer.raw(form.end);
    const piece = this.written(writer.bytes);
    assert(this.writtenBytes === this.byteCount, 'an answer has the length that was announced');
    return piece;
  }

  /** What was written before a kept text, or that itself. */
  private beside(writer: AsciiWriter, text: Uint8Array): Uint8Array {
    if (!writer.isEmpty) return this.written(writer.bytes);
    this.advance();
    return this.written(text);
  }

  close(): void {
    this.page.giveBack?.();
  }

  private written(bytes: Uint8Array): Uint8Array {
    this.writtenBytes += bytes.length;
    return bytes;
  }

  private advance(): void {
    const part = this.parts[this.partsBegun];
    this.partsBegun += 1;
    this.current = part && (part.text ?? this.form.open(part.slice));
  }
}

/** The whole as one piece. */
export function wholeOf(pieces: BodyPieces): Uint8Array {
  const whole = pieces.next(new Uint8Array(pieces.byteCount));
  assert(whole?.length === pieces.byteCount, 'with room for all of it an answer is one piece');
  return whole;
}
