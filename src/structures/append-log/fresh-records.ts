// Records that are still payloads of the journal: a ring of columns, 24 bytes each. They leave from the front, some thousand at a time.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';

export interface FreshRecord {
  /** Number of the payload with the record's bytes. */
  readonly payload: number;
  readonly bytes: number;
  readonly atMs: number;
  readonly timeMs: number;
}

const START = 32;

export class FreshRecords {
  private payloads = new Uint32Array(START);
  private lengths = new Uint32Array(START);
  private arrivals = new Float64Array(START);
  private times = new Float64Array(START);
  private head = 0;
  private size = 0;
  private byteSum = 0;

  get count(): number {
    return this.size;
  }

  get bytes(): number {
    return this.byteSum;
  }

  push({ payload, bytes, atMs, timeMs }: FreshRecord): void {
    if (this.size === this.payloads.length) this.resize(this.size * 2);
    const at = (this.head + this.size) & (this.payloads.length - 1);
    this.payloads[at] = payload;
    this.lengths[at] = bytes;
    this.arrivals[at] = atMs;
    this.times[at] = timeMs;
    this.size += 1;
    this.byteSum += bytes;
  }

  /** The record at `index`, counted from the oldest. */
  at(index: number): FreshRecord {
    assert(index >= 0 && index < this.size, 'a fresh record that is there');
    const at = (this.head + index) & (this.payloads.length - 1);
    return {
      payload: this.payloads[at] as number,
      bytes: this.lengths[at] as number,
      atMs: this.arrivals[at] as number,
      timeMs: this.times[at] as number,
    };
  }

  /** Forgets the oldest ones; memory follows. */
  dropOldest(count: number): void {
    for (let i = 0; i < count; i += 1) this.byteSum -= this.at(i).bytes;
    this.head = (this.head + count) & (this.payloads.length - 1);
    this.size -= count;
    let capacity = this.payloads.length;
    while (capacity > START && this.size * 4 <= capacity) capacity /= 2;
    if (capacity < this.payloads.length) this.resize(capacity);
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.size);
    for (let i = 0; i < this.size; i += 1) {
      const { payload, bytes, atMs, timeMs } = this.at(i);
      writer.varint(payload);
      writer.varint(bytes);
      writer.f64(atMs);
      writer.f64(timeMs);
    }
  }

  restore(reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left -= 1) {
      this.push({ payload: reader.varint(), bytes: reader.varint(), atMs: reader.f64(), timeMs: reader.f64() });
    }
  }

  private resize(capacity: number): void {
    const columns = { payloads: new Uint32Array(capacity), lengths: new Uint32Array(capacity) };
    const arrivals = new Float64Array(capacity);
    const times = new Float64Array(capacity);
    for (let i = 0; i < this.size; i += 1) {
      const record = this.at(i);
      columns.payloads[i] = record.payload;
      columns.lengths[i] = record.bytes;
      arrivals[i] = record.atMs;
      times[i] = record.timeMs;
    }
    Object.assign(this, columns, { arrivals, times, head: 0 });
  }
}
