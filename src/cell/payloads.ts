// Payloads by reference: where each body lies in the journal, and how many places refer to it. A body that went to a
// hundred queues is one slot with a hundred references. Slots are typed arrays: 20 bytes a payload, no object each.
//
// Slot numbers are handed out and taken back only while facts are applied, so that replay hands out the same ones.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { Position } from '#storage/journal.ts';

export type PayloadId = number & { readonly payload: unique symbol };

export interface PayloadLocation {
  readonly position: Position;
  readonly length: number;
}

/** Position of a payload whose entry is not appended yet. */
const UNPLACED = -1;
const NO_SLOT = 0xffffffff;
const START_SLOTS = 1024;

export class Payloads {
  private positions = new Float64Array(START_SLOTS);
  private lengths = new Uint32Array(START_SLOTS);
  /** References; of a free slot: the next free slot. */
  private references = new Uint32Array(START_SLOTS);
  /** Slots ever used; those from here on are free without being in the list. */
  private used = 0;
  private firstFree = NO_SLOT;
  private liveCount = 0;
  private liveBytesTotal = 0;

  get count(): number {
    return this.liveCount;
  }

  get liveBytes(): number {
    return this.liveBytesTotal;
  }

  /** Takes a slot for a payload of `length` bytes, with no reference yet. */
  applyStored(length: number): PayloadId {
    let slot = this.firstFree;
    if (slot !== NO_SLOT) this.firstFree = this.references[slot] as number;
    else {
      slot = this.used;
      this.used += 1;
      if (slot === this.positions.length) this.grow();
    }
    this.positions[slot] = UNPLACED;
    this.lengths[slot] = length;
    this.references[slot] = 0;
    this.liveCount += 1;
    this.liveBytesTotal += length;
    return slot as PayloadId;
  }

  /** Tells where the payload's bytes are, or have moved to. */
  place(id: PayloadId, position: Position): void {
    this.positions[id] = position;
  }

  retain(id: PayloadId): void {
    this.references[id] = (this.references[id] as number) + 1;
  }

  release(id: PayloadId): void {
    const left = (this.references[id] as number) - 1;
    assert(left >= 0, `payload ${id} is released as often as it was retained`);
    this.references[id] = left;
    if (left === 0) this.free(id);
  }

  /** At the end of the turn that stored it: the payload gets its position, or goes when nobody retained it. */
  settle(id: PayloadId, position: Position): void {
    if (this.positions[id] !== UNPLACED) return;
    if (this.references[id] === 0) this.free(id);
    else this.positions[id] = position;
  }

  lengthOf(id: PayloadId): number {
    return this.lengths[id] as number;
  }

  locate(id: PayloadId): PayloadLocation | undefined {
    const position = this.positions[id] as number;
    return !(position >= 0) ? undefined : { position: position as Position, length: this.lengths[id] as number };
  }

  private free(id: PayloadId): void {
    this.liveCount -= 1;
    this.liveBytesTotal -= this.lengths[id] as number;
    this.lengths[id] = 0;
    this.references[id] = this.firstFree;
    // A free slot is told from a used one by its position.
    this.positions[id] = Number.NaN;
    this.firstFree = id;
  }

  /** Live payloads that lie in [start, end). Walks all slots: for reclamation, not for a turn. */
  *within(start: number, end: number): Generator<PayloadId> {
    for (let slot = 0; slot < this.used; slot += 1) {
      const position = this.positions[slot] as number;
      if (position >= start && position < end) yield slot as PayloadId;
    }
  }

  /** Live bytes per range; `starts` ascending, each range ends where the next starts. */
  liveBytesPer(starts: readonly number[]): number[] {
    const live = starts.map(() => 0);
    for (let slot = 0; slot < this.used; slot += 1) {
      const position = this.positions[slot] as number;
      if (!(position >= 0)) continue;
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((starts[middle] as number) <= position) low = middle + 1;
        else high = middle;
      }
      if (low > 0) live[low - 1] = (live[low - 1] as number) + (this.lengths[slot] as number);
    }
    return live;
  }

  write(writer: ByteWriter): void {
    writer.varint(this.used);
    writer.u32(this.firstFree);
    writer.varint(this.liveCount);
    writer.varint(this.liveBytesTotal);
    writer.raw(bytesOf(this.positions, this.used));
    writer.raw(bytesOf(this.lengths, this.used));
    writer.raw(bytesOf(this.references, this.used));
  }

  read(reader: ByteReader): void {
    const used = reader.varint();
    this.firstFree = reader.u32();
    this.liveCount = reader.varint();
    this.liveBytesTotal = reader.varint();
    const capacity = Math.max(START_SLOTS, Math.ceil(used * 1.25));
    this.used = used;
    this.positions = new Float64Array(capacity);
    this.lengths = new Uint32Array(capacity);
    this.references = new Uint32Array(capacity);
    bytesOf(this.positions, used).set(reader.raw(used * 8));
    bytesOf(this.lengths, used).set(reader.raw(used * 4));
    bytesOf(this.references, used).set(reader.raw(used * 4));
  }

  private grow(): void {
    const capacity = Math.ceil(this.positions.length * 1.5);
    const positions = new Float64Array(capacity);
    positions.set(this.positions);
    this.positions = positions;
    const lengths = new Uint32Array(capacity);
    lengths.set(this.lengths);
    this.lengths = lengths;
    const references = new Uint32Array(capacity);
    references.set(this.references);
    this.references = references;
  }
}

function bytesOf(array: Float64Array | Uint32Array, count: number): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, count * array.BYTES_PER_ELEMENT);
}
