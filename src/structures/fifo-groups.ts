// The waiting line of a FIFO queue: order within a message group, and nothing of a group while one of its messages is in flight.
//
//   group A   [1 in flight] [3] [4]         blocked: not in the ring
//   group B   [2] [5]                       in the ring of groups that may be received from
//   group C   [6 delayed] [7 delayed]       not in the ring until 6 is due
//
// All messages of a group, in whatever state, stand in its lane in the order of their sequence, and never move: taking off and landing only
// change the state. A group is in the ring when none of its messages is in flight and its first one is ready. So each step is O(1), however
// many groups there are and however deep one is. A receive empties one group's line before it goes on to the next.

import { NONE } from './columns.ts';
import { DELAYED, IN_FLIGHT, READY } from './message-slots.ts';
import { WaitingMessages } from './waiting-messages.ts';

export class FifoGroups extends WaitingMessages {
  private get open() {
    return this.rings[0];
  }

  override get hasChoice(): boolean {
    return this.open.head !== NONE;
  }

  override choose(countMax: number): number[] {
    const { lanes, slots } = this;
    const chosen: number[] = [];
    for (let lane = this.open.head; lane !== NONE; lane = lanes.nextInRing.get(lane)) {
      let slot = lanes.head.get(lane);
      while (slot !== NONE && slots.state.get(slot) === READY) {
        if (chosen.length === countMax) return chosen;
        chosen.push(slot);
        slot = slots.next.get(slot);
      }
    }
    return chosen;
  }

  /** The queue's delay has changed: unlike a standard queue's, a FIFO queue's delay holds for messages that wait already. */
  changeDelay(delayMs: number): void {
    const { slots } = this;
    const delayed: number[] = [];
    for (let slot = 0; slot < slots.limit; slot += 1) if (slots.state.get(slot) === DELAYED) delayed.push(slot);
    for (const slot of delayed) {
      this.due.remove(slot);
      slots.dueAtMs.set(slot, slots.sentAtMs.get(slot) + delayMs);
      this.due.push(slot);
    }
  }

  protected override entered(slot: number): void {
    this.lanes.append(this.slots.lane.get(slot), slot);
  }

  protected override becameReady(slot: number): void {
    this.offer(this.slots.lane.get(slot));
  }

  protected override tookOff(slot: number): void {
    const lane = this.slots.lane.get(slot);
    this.lanes.inFlight.add(lane, 1);
    this.lanes.quit(lane);
  }

  protected override landed(slot: number): void {
    this.lanes.inFlight.add(this.slots.lane.get(slot), -1);
  }

  protected override left(slot: number, state: number): void {
    const lane = this.slots.lane.get(slot);
    if (state === IN_FLIGHT) this.lanes.inFlight.add(lane, -1);
    this.lanes.unlink(lane, slot);
    this.lanes.quit(lane);
    this.offer(lane);
  }

  /** Lets the group in the ring if it may be received from. A group that loses its first message goes to the ring's end. */
  private offer(lane: number): void {
    const { lanes, slots } = this;
    const first = lanes.head.get(lane);
    if (lanes.ringOf(lane) !== 0 || first === NONE) return;
    if (lanes.inFlight.get(lane) === 0 && slots.state.get(first) === READY) lanes.join(this.open, lane);
  }
}
