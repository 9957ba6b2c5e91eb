// A binary min-heap of slot numbers, kept on columns: ordered by one column (an instant), then by a second one (a sequence) so that equal
// instants come out in the order they were made. `places` remembers where in the heap a slot is, which makes removal O(log n).
// The heap owns neither key column; changing a key of a slot that is inside needs `remove` first.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import { type F64Column, U32Column } from './columns.ts';

export interface HeapColumns {
  readonly key: F64Column;
  readonly tie: F64Column;
  readonly places: U32Column;
}

export class SlotHeap {
  private readonly items = new U32Column();
  private count = 0;

  constructor(private readonly columns: HeapColumns) {}

  get size(): number {
    return this.count;
  }

  /** The slot with the smallest key; the heap must not be empty. */
  get first(): number {
    assert(this.count > 0, 'first of a heap that has items');
    return this.items.get(0);
  }

  firstKey(): number | undefined {
    return this.count === 0 ? undefined : this.columns.key.get(this.items.get(0));
  }

  push(slot: number): void {
    this.items.ensure(this.count + 1);
    this.count += 1;
    this.place(this.count - 1, slot);
    this.rise(this.count - 1);
  }

  remove(slot: number): void {
    const at = this.columns.places.get(slot);
    assert(at < this.count && this.items.get(at) === slot, 'the slot is in the heap');
    this.count -= 1;
    if (this.count === 0) this.items.shrink();
    if (at === this.count) return;
    const last = this.items.get(this.count);
    this.place(at, last);
    this.rise(at);
    this.sink(this.columns.places.get(last));
  }

  /** Up to `countMax` slots with keys to `key`, in no order: a heap's small keys hang together at its top. */
  upTo(key: number, countMax: number): number[] {
    const found: number[] = [];
    const open = [0];
    for (let at = open.pop(); at !== undefined && found.length < countMax; at = open.pop()) {
      if (at >= this.count) continue;
      const slot = this.items.get(at);
      if (this.columns.key.get(slot) > key) continue;
      found.push(slot);
      open.push(at * 2 + 1, at * 2 + 2);
    }
    return found;
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.count);
    this.items.encode(writer, this.count);
  }

  /** `places` is restored with its own column. */
  restore(reader: ByteReader): void {
    this.count = reader.varint();
    this.items.restore(reader, this.count);
  }

  private place(at: number, slot: number): void {
    this.items.set(at, slot);
    this.columns.places.set(slot, at);
  }

  private isBefore(one: number, other: number): boolean {
    const { key, tie } = this.columns;
    const a = key.get(one);
    const b = key.get(other);
    return a < b || (a === b && tie.get(one) < tie.get(other));
  }

  private rise(from: number): void {
    let at = from;
    const slot = this.items.get(at);
    while (at > 0) {
      const parentAt = (at - 1) >>> 1;
      const parent = this.items.get(parentAt);
      if (!this.isBefore(slot, parent)) break;
      this.place(at, parent);
      at = parentAt;
    }
    this.place(at, slot);
  }

  private sink(from: number): void {
    let at = from;
    const slot = this.items.get(at);
    for (;;) {
      let childAt = at * 2 + 1;
      if (childAt >= this.count) break;
      const right = childAt + 1;
      if (right < this.count && this.isBefore(this.items.get(right), this.items.get(childAt))) childAt = right;
      const child = this.items.get(childAt);
      if (!this.isBefore(child, slot)) break;
      this.place(at, child);
      at = childAt;
    }
    this.place(at, slot);
  }
}
