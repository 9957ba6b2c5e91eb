// Writes a page of records into an answer, from the stored bytes to the text and nothing in between: no object of a record, no string. What differs
// between JSON and CBOR is the form. How long the whole will be is known before the first byte; then it is written piece by piece, while the client
// takes the one before: a page of megabytes takes little memory, and what is sent is still in the processor's cache.

import { assert } from '#base/assert.ts';
import type { BodyPieces } from '#wire/http-message.ts';
import { AsciiWriter } from '../ascii-writer.ts';
import { RecordCursor } from '../record-batch.ts';
import type { PageSlice, RecordPage } from '../record-page.ts';

/** Told of batches in order, and of each record in them twice: how long it will be, and then to write it. */
export interface RecordForm {
  /** What stands before the records, and behind them. */
  readonly begin: Uint8Array;
  readonly end: Uint8Array;
  /** What stands before each record. */
  readonly separatorBytes: number;
  separate(writer: AsciiWriter, isFirst: boolean): void;
  startBatch(slice: PageSlice): void;
  /** The records' text, when it is kept for several readers. `write` makes it. */
  textOf(slice: PageSlice, write: () => Uint8Array): Uint8Array | undefined;
  /** Without what stands before it. */
  bytesOf(record: RecordCursor): number;
  /** At least {@link bytesOf}, without a look at the record's bytes. */
  bytesMaxOf(record: RecordCursor): number;
  /** `words`: the batch's bytes. */
  write(record: RecordCursor, words: DataView, writer: AsciiWriter): void;
}

export class PageWriter implements BodyPieces {
  readonly byteCount: number;
  private writtenBytes = 0;
  private isFirst = true;
  private slicesBegun = 0;
  /** Texts of batches that are kept. */
  private readonly texts: readonly (Uint8Array | undefined)[];
  private text: Uint8Array | undefined;
  /** Of the batch, with the one that the cursor is at; a kept text is one. */
  private recordsLeft = 0;
  private readonly cursor = new RecordCursor();
  private words: DataView = new DataView(new ArrayBuffer(0));

  constructor(
    private readonly page: RecordPage,
    private readonly form: RecordForm,
  ) {
    let byteCount = form.begin.length + form.end.length;
    this.texts = page.slices.map((slice) => {
      const text = form.textOf(slice, () => this.writeBatch(slice));
      byteCount += text === undefined ? this.measure(slice) : text.length + form.separatorBytes;
      return text;
    });
    this.byteCount = byteCount;
    this.advance();
  }

  private measure(slice: PageSlice): number {
    const { form, cursor } = this;
    let bytes = form.separatorBytes * slice.count;
    form.startBatch(slice);
    cursor.enter(slice.bytes, slice.start);
    for (let left = slice.count; left > 0; left -= 1) {
      cursor.move();
      bytes += form.bytesOf(cursor);
    }
    return bytes;
  }

  private writeBatch(slice: PageSlice): Uint8Array {
    const { form, cursor } = this;
    const writer = new AsciiWriter(new Uint8Array(this.measure(slice) - form.separatorBytes));
    const words = wordsOf(slice.bytes);
    form.startBatch(slice);
    cursor.enter(slice.bytes, slice.start);
    for (let i = 0; i < slice.count; i += 1) {
      if (i > 0) form.separate(writer, false);
      cursor.move();
      form.write(cursor, words, writer);
    }
    return writer.bytes;
  }

  next(memory: Uint8Array): Uint8Array | undefined {
    const { form } = this;
    if (this.writtenBytes === this.byteCount) return undefined;
    let writer = new AsciiWriter(memory);
    if (this.writtenBytes === 0) writer.raw(form.begin);
    while (this.recordsLeft > 0) {
      if (!this.fits(writer)) {
        if (!writer.isEmpty) return this.written(writer);
        writer = new AsciiWriter(new Uint8Array(this.bytesOfNext));
      }
      form.separate(writer, this.isFirst);
      this.isFirst = false;
      if (this.text === undefined) form.write(this.cursor, this.words, writer);
      else writer.raw(this.text);
      this.advance();
    }
    if (form.end.length > writer.room) {
      if (!writer.isEmpty) return this.written(writer);
      writer = new AsciiWriter(new Uint8Array(form.end.length));
    }
    writer.raw(form.end);
    const piece = this.written(writer);
    assert(this.writtenBytes === this.byteCount, 'an answer has the length that was announced');
    return piece;
  }

  close(): void {
    this.page.giveBack?.();
  }

  private get bytesOfNext(): number {
    return this.form.separatorBytes + (this.text?.length ?? this.form.bytesOf(this.cursor));
  }

  private fits({ room }: AsciiWriter): boolean {
    const { form, text, cursor } = this;
    return (text === undefined && form.separatorBytes + form.bytesMaxOf(cursor) <= room) || this.bytesOfNext <= room;
  }

  private written({ bytes }: AsciiWriter): Uint8Array {
    this.writtenBytes += bytes.length;
    return bytes;
  }

  /** To the next record; `recordsLeft` is 0 when there is none. */
  private advance(): void {
    if (this.recordsLeft > 1) this.recordsLeft -= 1;
    else {
      const slice = this.page.slices[this.slicesBegun];
      this.text = this.texts[this.slicesBegun];
      this.slicesBegun += 1;
      this.recordsLeft = slice === undefined ? 0 : this.text === undefined ? slice.count : 1;
      if (slice === undefined || this.text !== undefined) return;
      this.cursor.enter(slice.bytes, slice.start);
      this.words = wordsOf(slice.bytes);
      this.form.startBatch(slice);
    }
    this.cursor.move();
  }
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** The whole as one piece. */
export function wholeOf(pieces: BodyPieces): Uint8Array {
  const whole = pieces.next(new Uint8Array(pieces.byteCount));
  assert(whole?.length === pieces.byteCount, 'with room for all of it an answer is one piece');
  return whole;
}
