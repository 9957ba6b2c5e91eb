// Records in bytes: `varint length | partition key in UTF-8 | varint length | data`, one behind the other. What else a record has follows from
// where it is: its sequence number from its place and the batch's time, which is when it arrived.

import { assert } from '#base/assert.ts';
import { ByteWriter } from '#base/bytes.ts';

export class BatchWriter {
  private readonly writer = new ByteWriter(4096);
  count = 0;

  add(partitionKey: string, data: Uint8Array): void {
    this.writer.text(partitionKey);
    this.writer.blob(data);
    this.count += 1;
  }

  /** Valid until the next record or reset. */
  get bytes(): Uint8Array {
    return this.writer.bytes;
  }

  reset(): void {
    this.writer.reset();
    this.count = 0;
  }
}

/** Goes from record to record in the bytes of batches, without making an object of each. */
export class RecordCursor {
  bytes: Uint8Array = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  /** Of the data; behind it comes the next record. */
  start = 0;
  end = 0;
  private at = 0;

  /** Before the record that begins at `at`. */
  enter(bytes: Uint8Array, at: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = at;
  }

  move(): void {
    const keyBytes = this.varint();
    this.keyStart = this.at;
    this.keyEnd = this.at + keyBytes;
    this.at = this.keyEnd;
    const dataBytes = this.varint();
    this.start = this.at;
    this.end = this.at + dataBytes;
    this.at = this.end;
    assert(this.end <= this.bytes.length, 'a record lies inside its batch');
  }

  private varint(): number {
    let byte = this.bytes[this.at]!;
    this.at += 1;
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = this.bytes[this.at]!;
      this.at += 1;
      value |= (byte & 0x7f) << shift;
    }
    return value;
  }
}
