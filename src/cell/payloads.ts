// Payloads by reference: where each body lies in the journal, and how many places refer to it. A body that went to a
// hundred queues is one slot with a hundred references. Slots are columns: 16 bytes a payload, no object each.
//
// Slot numbers are handed out and taken back only while facts are applied, so that replay hands out the same ones.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { Position } from '#storage/journal.ts';
import { F64Column, NONE, U32Column } from '#structures/columns.ts';

export type PayloadId = number & { readonly payload: unique symbol };

export interface PayloadLocation {
  readonly position: Position;
  readonly length: number;
}

/** Position of a payload whose entry is not appended yet. */
const UNPLACED = -1;

export class Payloads {
  private readonly positions = new F64Column();
  private readonly lengths = new U32Column();
  /** References; of a free slot: the next free slot. */
  private readonly references = new U32Column();
  /** Slots ever used; those from here on are free without being in the list. */
  private used = 0;
  private firstFree: number = NONE;
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
    if (slot !== NONE) this.firstFree = this.references.get(slot);
    else {
      slot = this.used;
      this.used += 1;
      this.positions.ensure(this.used);
      this.lengths.ensure(this.used);
      this.references.ensure(this.used);
    }
    this.positions.set(slot, UNPLACED);
    this.lengths.set(slot, length);
    this.references.set(slot, 0);
    this.liveCount += 1;
    this.liveBytesTotal += length;
    return slot as PayloadId;
  }

  /** Tells where the payload's bytes are, or have moved to. */
  place(id: PayloadId, position: Position): void {
    this.positions.set(id, position);
  }

  retain(id: PayloadId): void {
    this.references.add(id, 1);
  }

  release(id: PayloadId): void {
    const left = this.references.get(id) - 1;
    assert(left >= 0, `payload ${id} is released as often as it was retained`);
    if (left === 0) this.free(id);
    else this.references.set(id, left);
  }

  /** At the end of the turn that stored it: the payload gets its position, or goes when nobody retained it. */
  settle(id: PayloadId, position: Position): void {
    if (this.positions.get(id) !== UNPLACED) return;
    if (this.references.get(id) === 0) this.free(id);
    else this.positions.set(id, position);
  }

  lengthOf(id: PayloadId): number {
    return this.lengths.get(id);
  }

  locate(id: PayloadId): PayloadLocation | undefined {
    const position = this.positions.get(id);
    return !(position >= 0) ? undefined : { position: position as Position, length: this.lengths.get(id) };
  }

  private free(id: PayloadId): void {
    this.liveCount -= 1;
    this.liveBytesTotal -= this.lengths.get(id);
    this.lengths.set(id, 0);
    this.references.set(id, this.firstFree);
    // A free slot is told from a used one by its position.
    this.positions.set(id, Number.NaN);
    this.firstFree = id;
  }

  /** Live payloads that lie in [start, end). Looks at all slots: for reclamation, not for a turn. */
  within(start: number, end: number): PayloadId[] {
    const found: PayloadId[] = [];
    for (let slot = 0; slot < this.used; slot += 1) {
      const position = this.positions.get(slot);
      if (position >= start && position < end) found.push(slot as PayloadId);
    }
    return found;
  }

  /** Live bytes per range; `starts` ascending, each range ends where the next starts. Looks at all slots. */
  liveBytesPer(starts: readonly number[]): number[] {
    const live = new Float64Array(starts.length);
    const first = starts[0] ?? Number.POSITIVE_INFINITY;
    // Neighbouring slots mostly lie in one range: it is looked for only when the next one begins.
    let range = -1;
    let from = 0;
    let to = 0;
    for (let slot = 0; slot < this.used; slot += 1) {
      const position = this.positions.get(slot);
      if (!(position >= first)) continue;
      if (position < from || position >= to) {
        range = rangeOf(starts, position);
        from = starts[range] as number;
        to = starts[range + 1] ?? Number.POSITIVE_INFINITY;
      }
      live[range] = (live[range] as number) + this.lengths.get(slot);
    }
    return [...live];
  }

  write(writer: ByteWriter): void {
    writer.varint(this.used);
    writer.u32(this.firstFree);
    writer.varint(this.liveCount);
    writer.varint(this.liveBytesTotal);
    this.positions.encode(writer, this.used);
    this.lengths.encode(writer, this.used);
    this.references.encode(writer, this.used);
  }

  read(reader: ByteReader): void {
    this.used = reader.varint();
    this.firstFree = reader.u32();
    this.liveCount = reader.varint();
    this.liveBytesTotal = reader.varint();
    this.positions.restore(reader, this.used);
    this.lengths.restore(reader, this.used);
    this.references.restore(reader, this.used);
  }
}

/** The last range that does not start behind the position; there is one. */
function rangeOf(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
