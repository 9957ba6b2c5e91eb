// Batches of records that are still payloads of the journal: a ring of columns, 32 bytes a batch, whatever the batch holds. They leave from the
// front, a block's worth at a time.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';

/** Records that were appended at one moment and lie in one payload. */
export interface FreshBatch {
  /** Number of the payload. */
  readonly payload: number;
  /** Of the batch's first record. */
  readonly firstPlace: number;
  readonly count: number;
  /** Length of the payload. */
  readonly bytes: number;
  readonly atMs: number;
}

const START = 16;

export class FreshBatches {
  private payloads = new Uint32Array(START);
  private counts = new Uint32Array(START);
  private lengths = new Uint32Array(START);
  private places = new Float64Array(START);
  private arrivals = new Float64Array(START);
  private head = 0;
  private size = 0;
  private byteSum = 0;
  private recordSum = 0;

  /** Of batches. */
  get count(): number {
    return this.size;
  }

  get records(): number {
    return this.recordSum;
  }

  get bytes(): number {
    return this.byteSum;
  }

  push({ payload, firstPlace, count, bytes, atMs }: FreshBatch): void {
    if (this.size === this.payloads.length) this.resize(this.size * 2);
    const at = (this.head + this.size) & (this.payloads.length - 1);
    this.payloads[at] = payload;
    this.places[at] = firstPlace;
    this.counts[at] = count;
    this.lengths[at] = bytes;
    this.arrivals[at] = atMs;
    this.size += 1;
    this.byteSum += bytes;
    this.recordSum += count;
  }

  /** The batch at `index`, counted from the oldest. */
  at(index: number): FreshBatch {
    const at = this.slot(index);
    return {
      payload: this.payloads[at] as number,
      firstPlace: this.places[at] as number,
      count: this.counts[at] as number,
      bytes: this.lengths[at] as number,
      atMs: this.arrivals[at] as number,
    };
  }

  // One column of a batch: thousands are walked at once, and an object for each would be dear.

  payloadAt(index: number): number {
    return this.payloads[this.slot(index)] as number;
  }

  countAt(index: number): number {
    return this.counts[this.slot(index)] as number;
  }

  bytesAt(index: number): number {
    return this.lengths[this.slot(index)] as number;
  }

  private slot(index: number): number {
    assert(index >= 0 && index < this.size, 'a fresh batch that is there');
    return (this.head + index) & (this.payloads.length - 1);
  }

  /** Index of the batch that holds the place; `count` when it comes behind all of them. */
  indexOf(place: number): number {
    return this.firstWhere((at) => (this.places[at] as number) + (this.counts[at] as number) > place);
  }

  /** Index of the first batch that came at this time or later. */
  indexSince(atMs: number): number {
    return this.firstWhere((at) => (this.arrivals[at] as number) >= atMs);
  }

  /** Forgets the oldest ones; memory follows. */
  dropOldest(count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.byteSum -= this.bytesAt(i);
      this.recordSum -= this.countAt(i);
    }
    this.head = (this.head + count) & (this.payloads.length - 1);
    this.size -= count;
    let capacity = this.payloads.length;
    while (capacity > START && this.size * 4 <= capacity) capacity /= 2;
    if (capacity < this.payloads.length) this.resize(capacity);
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.size);
    for (let i = 0; i < this.size; i += 1) {
      const at = this.slot(i);
      writer.varint(this.payloads[at] as number);
      writer.varint(this.places[at] as number);
      writer.varint(this.counts[at] as number);
      writer.varint(this.lengths[at] as number);
      writer.f64(this.arrivals[at] as number);
    }
  }

  restore(reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left -= 1) {
      this.push({
        payload: reader.varint(),
        firstPlace: reader.varint(),
        count: reader.varint(),
        bytes: reader.varint(),
        atMs: reader.f64(),
      });
    }
  }

  /** `isBehind` is false up to some batch and true from there on. */
  private firstWhere(isBehind: (at: number) => boolean): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBehind((this.head + middle) & (this.payloads.length - 1))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private resize(capacity: number): void {
    const columns = {
      payloads: new Uint32Array(capacity),
      counts: new Uint32Array(capacity),
      lengths: new Uint32Array(capacity),
      places: new Float64Array(capacity),
      arrivals: new Float64Array(capacity),
    };
    for (let i = 0; i < this.size; i += 1) {
      const at = this.slot(i);
      columns.payloads[i] = this.payloads[at] as number;
      columns.counts[i] = this.counts[at] as number;
      columns.lengths[i] = this.lengths[at] as number;
      columns.places[i] = this.places[at] as number;
      columns.arrivals[i] = this.arrivals[at] as number;
    }
    Object.assign(this, columns, { head: 0 });
  }
}
