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
    const keyBytes = varintAt(this.bytes, this.at);
    this.keyStart = this.at + varintBytes(keyBytes);
    this.keyEnd = this.keyStart + keyBytes;
    const dataBytes = varintAt(this.bytes, this.keyEnd);
    this.start = this.keyEnd + varintBytes(dataBytes);
    this.end = this.start + dataBytes;
    this.at = this.end;
    assert(this.end <= this.bytes.length, 'a record lies inside its batch');
  }
}

export function varintAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return first;
  const second = bytes[at + 1]!;
  if (second < 0x80) return (first & 0x7f) | (second << 7);
  let value = (first & 0x7f) | ((second & 0x7f) << 7);
  let next = at + 2;
  for (let shift = 14; ; shift += 7) {
    const byte = bytes[next]!;
    next += 1;
    value |= (byte & 0x7f) << shift;
    if (!(byte >= 0x80)) return value;
  }
}

/** They are written as short as can be. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}
