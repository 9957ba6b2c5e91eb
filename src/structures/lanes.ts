// Lanes: the message groups of one queue, by name, each with its own waiting line of slots. A FIFO queue keeps order within a lane, a fair
// queue takes turns between lanes. A lane exists while it has messages. Lanes themselves stand in a RING (a linked line that is read from
// the head and rotated to the tail); a lane is in at most one ring.

import { assert } from '#base/assert.ts';
import { type ByteReader, type ByteWriter, written } from '#base/bytes.ts';
import { NONE, U32Column } from './columns.ts';
import type { MessageSlots } from './message-slots.ts';

/** Lane of messages without a group: it has no name and always exists. */
export const UNGROUPED = 0;

/** Which ring a lane is in; 0 is none. */
export class Ring {
  head = NONE;
  tail = NONE;

  constructor(readonly id: number) {}
}

export class Lanes {
  /** First and last slot of the lane's line. */
  readonly head = new U32Column();
  readonly tail = new U32Column();
  /** All messages of the lane, in whatever state. */
  readonly count = new U32Column();
  readonly inFlight = new U32Column();
  private readonly ring = new U32Column();
  readonly nextInRing = new U32Column();
  private readonly previousInRing = new U32Column();
  private readonly ids = new Map<string, number>();
  private readonly names: (string | undefined)[] = [];
  private readonly freed: number[] = [];
  private readonly columns = [
    this.head,
    this.tail,
    this.count,
    this.inFlight,
    this.ring,
    this.nextInRing,
    this.previousInRing,
  ];

  constructor(
    private readonly slots: MessageSlots,
    private readonly rings: readonly Ring[],
  ) {
    this.make('');
  }

  /** Lanes with a name that have messages. */
  get namedCount(): number {
    return this.ids.size - 1;
  }

  nameOf(lane: number): string {
    return this.names[lane] as string;
  }

  find(name: string): number | undefined {
    return this.ids.get(name);
  }

  /** The lane of that name, made when it is not there, with one message more. */
  enter(name: string): number {
    const lane = this.ids.get(name) ?? this.make(name);
    this.count.add(lane, 1);
    return lane;
  }

  /** One message of the lane is gone; the last one takes the lane with it. */
  leave(lane: number): void {
    if (this.count.add(lane, -1) > 0 || lane === UNGROUPED) return;
    assert(this.ring.get(lane) === 0 && this.head.get(lane) === NONE, 'an empty lane stands in no ring');
    this.ids.delete(this.nameOf(lane));
    this.names[lane] = undefined;
    this.freed.push(lane);
  }

  append(lane: number, slot: number): void {
    const last = this.tail.get(lane);
    this.slots.previous.set(slot, last);
    this.slots.next.set(slot, NONE);
    if (last === NONE) this.head.set(lane, slot);
    else this.slots.next.set(last, slot);
    this.tail.set(lane, slot);
  }

  unlink(lane: number, slot: number): void {
    const before = this.slots.previous.get(slot);
    const after = this.slots.next.get(slot);
    if (before === NONE) this.head.set(lane, after);
    else this.slots.next.set(before, after);
    if (after === NONE) this.tail.set(lane, before);
    else this.slots.previous.set(after, before);
  }

  ringOf(lane: number): number {
    return this.ring.get(lane);
  }

  join(ring: Ring, lane: number): void {
    assert(this.ring.get(lane) === 0, 'a lane is in one ring');
    this.ring.set(lane, ring.id);
    this.previousInRing.set(lane, ring.tail);
    this.nextInRing.set(lane, NONE);
    if (ring.tail === NONE) ring.head = lane;
    else this.nextInRing.set(ring.tail, lane);
    ring.tail = lane;
  }

  /** Takes the lane out of whichever ring it is in. */
  quit(lane: number): void {
    const ringId = this.ring.get(lane);
    if (ringId === 0) return;
    const ring = this.rings[ringId - 1] as Ring;
    const before = this.previousInRing.get(lane);
    const after = this.nextInRing.get(lane);
    if (before === NONE) ring.head = after;
    else this.nextInRing.set(before, after);
    if (after === NONE) ring.tail = before;
    else this.previousInRing.set(after, before);
    this.ring.set(lane, 0);
  }

  encode(writer: ByteWriter): void {
    const { length } = this.names;
    writer.varint(length);
    writer.lend(written([...this.names], (each, name) => each.text(name ?? '')));
    for (const column of this.columns) column.encode(writer, length);
    writer.varint(this.freed.length);
    for (const lane of this.freed) writer.varint(lane);
    for (const ring of this.rings) {
      writer.u32(ring.head);
      writer.u32(ring.tail);
    }
  }

  restore(reader: ByteReader): void {
    const length = reader.varint();
    this.ids.clear();
    this.names.length = 0;
    for (let lane = 0; lane < length; lane += 1) this.names.push(reader.text());
    for (const column of this.columns) column.restore(reader, length);
    this.freed.length = 0;
    for (let left = reader.varint(); left > 0; left -= 1) this.freed.push(reader.varint());
    for (const lane of this.freed) this.names[lane] = undefined;
    this.names.forEach((name, lane) => {
      if (name !== undefined) this.ids.set(name, lane);
    });
    for (const ring of this.rings) {
      ring.head = reader.u32();
      ring.tail = reader.u32();
    }
  }

  private make(name: string): number {
    const lane = this.freed.pop() ?? this.names.length;
    for (const column of this.columns) column.ensure(lane + 1);
    this.names[lane] = name;
    this.ids.set(name, lane);
    this.head.set(lane, NONE);
    this.tail.set(lane, NONE);
    this.count.set(lane, 0);
    this.inFlight.set(lane, 0);
    this.ring.set(lane, 0);
    this.nextInRing.set(lane, NONE);
    this.previousInRing.set(lane, NONE);
    return lane;
  }
}
