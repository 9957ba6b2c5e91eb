// What a standard and a FIFO queue have in common: messages in slots, each ready, delayed or in flight; a heap of those that wait for an
// instant; the order of age for retention. `visibility-queue.ts` and `fifo-groups.ts` add who may be received next.
//
// Nothing here reads a clock. Messages whose instant has come stay hidden until `promoteDue` is applied: whoever decides on a queue
// applies it first. All methods except the readers are for `apply`.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import { AgeOrder } from './age-order.ts';
import { SlotHeap } from './heap.ts';
import { Lanes, Ring } from './lanes.ts';
import { type Arrival, DELAYED, FREE, IN_FLIGHT, MessageSlots, READY } from './message-slots.ts';

export interface Receive {
  readonly atMs: number;
  /** Hidden until then; `atMs` itself means visible again at once. */
  readonly untilMs: number;
}

export abstract class WaitingMessages {
  readonly slots = new MessageSlots();
  protected readonly rings = [new Ring(1), new Ring(2)] as const;
  protected readonly lanes = new Lanes(this.slots, this.rings);
  protected readonly due = new SlotHeap({
    key: this.slots.dueAtMs,
    tie: this.slots.sequence,
    places: this.slots.places,
  });
  private readonly ages = new AgeOrder(this.slots);
  private ready = 0;
  private flying = 0;

  /** Slots of up to `countMax` messages that a receive would give now, in order. Changes nothing. */
  abstract choose(countMax: number): number[];
  /** True when `choose` would find something. */
  abstract get hasChoice(): boolean;

  protected abstract entered(slot: number): void;
  protected abstract becameReady(slot: number): void;
  protected abstract tookOff(slot: number): void;
  protected abstract landed(slot: number): void;
  /** The message is about to go; `state` is what it was in. */
  protected abstract left(slot: number, state: number): void;

  /** Visible to receivers, or waiting behind others of its group. */
  get readyCount(): number {
    return this.ready;
  }

  get inFlightCount(): number {
    return this.flying;
  }

  get delayedCount(): number {
    return this.due.size - this.flying;
  }

  get count(): number {
    return this.slots.liveCount;
  }

  /** Message groups that have messages. */
  get groupCount(): number {
    return this.lanes.namedCount;
  }

  /** When the next delayed or hidden message becomes visible. */
  nextDueAtMs(): number | undefined {
    return this.due.firstKey();
  }

  /** Slot of the oldest message, or NONE. */
  oldest(): number {
    return this.ages.oldest();
  }

  /** Slots of up to `countMax` messages sent at or before an instant. */
  oldestUpTo(sentAtMs: number, countMax: number): number[] {
    return this.ages.oldestUpTo(sentAtMs, countMax);
  }

  groupOf(slot: number): string {
    return this.lanes.nameOf(this.slots.lane.get(slot));
  }

  /** True when a message of that group is there, in whatever state. */
  hasGroup(group: string): boolean {
    return this.lanes.find(group) !== undefined;
  }

  isInFlight(slot: number): boolean {
    return this.slots.state.get(slot) === IN_FLIGHT;
  }

  enqueue(arrival: Arrival): number {
    const { slots } = this;
    const slot = slots.take(arrival);
    slots.lane.set(slot, this.lanes.enter(arrival.group));
    this.ages.add(slot);
    const isDelayed = arrival.dueAtMs > arrival.sentAtMs;
    slots.state.set(slot, isDelayed ? DELAYED : READY);
    this.entered(slot);
    if (isDelayed) this.due.push(slot);
    else {
      this.ready += 1;
      this.becameReady(slot);
    }
    return slot;
  }

  /** Hands one message out: counts the receive, hides it, makes older receipts stale. */
  receive(slot: number, receive: Receive): void {
    const { slots } = this;
    assert(slots.state.get(slot) === READY, 'only a ready message is received');
    slots.receiveCount.add(slot, 1);
    slots.generation.add(slot, 1);
    slots.receivedAtMs.set(slot, receive.atMs);
    if (slots.firstReceivedAtMs.get(slot) === 0) slots.firstReceivedAtMs.set(slot, receive.atMs);
    this.takeOff(slot, receive.untilMs);
    if (receive.untilMs <= receive.atMs) this.land(slot);
  }

  /**
   * A new instant for a message that was received; at or before `atMs` it is visible at once. One that became visible
   * meanwhile, because its time was over, is hidden again without counting a receive.
   */
  changeVisibility(slot: number, change: Receive): void {
    const { slots } = this;
    const state = slots.state.get(slot);
    assert(state !== FREE, 'a changed message is there');
    const isOver = change.untilMs <= change.atMs;
    if (state === IN_FLIGHT) {
      if (isOver) {
        this.land(slot);
        return;
      }
      this.due.remove(slot);
      slots.dueAtMs.set(slot, change.untilMs);
      this.due.push(slot);
      return;
    }
    if (state === DELAYED) {
      this.due.remove(slot);
      this.makeReady(slot);
    }
    if (!isOver) this.takeOff(slot, change.untilMs);
  }

  /** Takes a message out for good. */
  remove(slot: number): void {
    const { slots } = this;
    const state = slots.state.get(slot);
    assert(state !== FREE, 'a removed message is there');
    if (state !== READY) this.due.remove(slot);
    if (state === IN_FLIGHT) this.flying -= 1;
    if (state === READY) this.ready -= 1;
    this.left(slot, state);
    this.ages.remove(slot);
    this.lanes.leave(slots.lane.get(slot));
    slots.release(slot);
  }

  /** Makes messages visible whose instant has come, earliest first, at most `countMax`. Tells how many. */
  promoteDue(nowMs: number, countMax: number): number {
    let promoted = 0;
    while (promoted < countMax) {
      const dueAtMs = this.due.firstKey();
      if (dueAtMs === undefined || dueAtMs > nowMs) break;
      const slot = this.due.first;
      if (this.isInFlight(slot)) this.land(slot);
      else {
        this.due.remove(slot);
        this.makeReady(slot);
      }
      promoted += 1;
    }
    return promoted;
  }

  encode(writer: ByteWriter): void {
    this.slots.encode(writer);
    this.lanes.encode(writer);
    this.due.encode(writer);
    this.ages.encode(writer);
    writer.varint(this.ready);
    writer.varint(this.flying);
  }

  restore(reader: ByteReader): void {
    this.slots.restore(reader);
    this.lanes.restore(reader);
    this.due.restore(reader);
    this.ages.restore(reader);
    this.ready = reader.varint();
    this.flying = reader.varint();
  }

  private takeOff(slot: number, untilMs: number): void {
    this.ready -= 1;
    this.flying += 1;
    this.slots.state.set(slot, IN_FLIGHT);
    this.slots.dueAtMs.set(slot, untilMs);
    this.due.push(slot);
    this.tookOff(slot);
  }

  private land(slot: number): void {
    this.due.remove(slot);
    this.flying -= 1;
    this.landed(slot);
    this.makeReady(slot);
  }

  private makeReady(slot: number): void {
    this.slots.state.set(slot, READY);
    this.ready += 1;
    this.becameReady(slot);
  }
}
