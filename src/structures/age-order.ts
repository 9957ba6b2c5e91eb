// All messages of a queue from the oldest to the youngest, for retention. Messages arrive in the order of their age, except dead letters,
// which keep the age they had elsewhere. The first kind is a linked list (O(1)); the second goes into a heap beside it. Both use the same
// two columns; an entry of the heap is marked by `younger` pointing at itself.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import { NONE } from './columns.ts';
import { SlotHeap } from './heap.ts';
import type { MessageSlots } from './message-slots.ts';

export class AgeOrder {
  private head = NONE;
  private tail = NONE;
  private readonly latecomers: SlotHeap;

  constructor(private readonly slots: MessageSlots) {
    this.latecomers = new SlotHeap({ key: slots.sentAtMs, tie: slots.sequence, places: slots.older });
  }

  add(slot: number): void {
    const { older, younger, sentAtMs } = this.slots;
    if (this.tail !== NONE && sentAtMs.get(slot) < sentAtMs.get(this.tail)) {
      younger.set(slot, slot);
      this.latecomers.push(slot);
      return;
    }
    older.set(slot, this.tail);
    younger.set(slot, NONE);
    if (this.tail === NONE) this.head = slot;
    else younger.set(this.tail, slot);
    this.tail = slot;
  }

  remove(slot: number): void {
    const { older, younger } = this.slots;
    const after = younger.get(slot);
    if (after === slot) {
      this.latecomers.remove(slot);
      return;
    }
    const before = older.get(slot);
    if (before === NONE) this.head = after;
    else younger.set(before, after);
    if (after === NONE) this.tail = before;
    else older.set(after, before);
  }

  /** The oldest message's slot, or NONE. */
  oldest(): number {
    if (this.latecomers.size === 0) return this.head;
    const late = this.latecomers.first;
    if (this.head === NONE) return late;
    return this.slots.sentAtMs.get(late) <= this.slots.sentAtMs.get(this.head) ? late : this.head;
  }

  /** Up to `countMax` messages sent at or before an instant. */
  oldestUpTo(sentAtMs: number, countMax: number): number[] {
    const found = this.latecomers.upTo(sentAtMs, countMax);
    let slot = this.head;
    while (slot !== NONE && found.length < countMax && this.slots.sentAtMs.get(slot) <= sentAtMs) {
      found.push(slot);
      slot = this.slots.younger.get(slot);
    }
    return found;
  }

  encode(writer: ByteWriter): void {
    writer.u32(this.head);
    writer.u32(this.tail);
    this.latecomers.encode(writer);
  }

  restore(reader: ByteReader): void {
    this.head = reader.u32();
    this.tail = reader.u32();
    this.latecomers.restore(reader);
  }
}
