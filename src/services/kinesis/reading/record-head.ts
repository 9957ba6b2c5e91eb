// What stands before the data of each record: names, sequence number, time. It is made once for a batch; a record's own are the digits of its
// number, which are written over those that were copied.

import { AsciiWriter } from '../ascii-writer.ts';
import type { PageSlice } from '../record-page.ts';
import { SEQUENCE_DIGITS, SequenceDigits } from '../sequence-digits.ts';
import type { Shard } from '../shard.ts';

const TIME_BYTES_MAX = 24;

/** Names and punctuation before the number, the time and the data. */
export interface HeadParts {
  readonly number: Uint8Array;
  readonly time: Uint8Array;
  readonly writeTime: (writer: AsciiWriter, atMs: number) => void;
  readonly data: Uint8Array;
}

export class RecordHead {
  /** The same for every record of the batch. */
  byteCount = 0;
  /** With any digits. */
  bytes: Uint8Array;
  private readonly writer: AsciiWriter;
  private readonly timeAt: number;
  private readonly sequence = new SequenceDigits();
  private place = 0;
  private atMs = -1;

  constructor(
    private readonly shard: Shard,
    private readonly parts: HeadParts,
  ) {
    const { number, time, data } = parts;
    const numberEnd = number.length + SEQUENCE_DIGITS;
    this.timeAt = numberEnd + time.length;
    this.bytes = new Uint8Array(this.timeAt + TIME_BYTES_MAX + data.length);
    this.bytes.set(number);
    this.bytes.set(time, numberEnd);
    this.writer = new AsciiWriter(this.bytes);
  }

  startBatch({ firstPlace, atMs }: PageSlice): void {
    this.place = firstPlace;
    if (atMs === this.atMs) return;
    this.atMs = atMs;
    const { writer, parts } = this;
    writer.at = this.timeAt;
    parts.writeTime(writer, atMs);
    writer.raw(parts.data);
    if (writer.at === this.byteCount) return;
    this.byteCount = writer.at;
    this.bytes = writer.bytes;
  }

  /** Of the batch's next record. */
  write(writer: AsciiWriter): void {
    const { sequence, parts } = this;
    sequence.moveTo(this.shard.doc, this.place, this.atMs);
    this.place += 1;
    const numberAt = writer.at + parts.number.length;
    writer.raw(this.bytes);
    sequence.write(writer.into, numberAt);
  }
}
