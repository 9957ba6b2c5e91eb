// The waiting line of a standard queue. Messages are received in the order in which they became visible: a message that comes back after its
// visibility timeout stands behind those that have not been tried yet, so one that always fails cannot starve the others.
//
// FAIR QUEUES. Messages may carry a group (a tenant). Each group has a lane of its own, lanes take turns: one message each. A lane that holds a
// disproportionate share of the messages in flight is NOISY and waits in a second ring, which is read only when the quiet ring gives no more.
// Without groups everything is in one lane and the order is the plain one.

import { NONE } from './columns.ts';
import { UNGROUPED } from './lanes.ts';
import { IN_FLIGHT, READY } from './message-slots.ts';
import { WaitingMessages } from './waiting-messages.ts';

/** A lane with fewer messages in flight is never noisy: a full batch is nobody's fault. */
const NOISY_IN_FLIGHT_MIN = 10;

export class VisibilityQueue extends WaitingMessages {
  private get quiet() {
    return this.rings[0];
  }

  private get noisy() {
    return this.rings[1];
  }

  override get hasChoice(): boolean {
    return this.readyCount > 0;
  }

  override choose(countMax: number): number[] {
    const chosen: number[] = [];
    this.chooseFrom(this.quiet.head, countMax, chosen);
    if (chosen.length < countMax) this.chooseFrom(this.noisy.head, countMax, chosen);
    return chosen;
  }

  /** One message of each lane in turn, round after round, until enough or none are left. */
  private chooseFrom(firstLane: number, countMax: number, chosen: number[]): void {
    const { lanes, slots } = this;
    let heads: number[] = [];
    for (let lane = firstLane; lane !== NONE && chosen.length < countMax; lane = lanes.nextInRing.get(lane)) {
      const slot = lanes.head.get(lane);
      chosen.push(slot);
      heads.push(slot);
    }
    while (heads.length > 0 && chosen.length < countMax) {
      const following: number[] = [];
      for (const head of heads) {
        const slot = slots.next.get(head);
        if (slot === NONE) continue;
        following.push(slot);
        chosen.push(slot);
        if (chosen.length === countMax) return;
      }
      heads = following;
    }
  }

  protected override entered(): void {}

  protected override becameReady(slot: number): void {
    const lane = this.slots.lane.get(slot);
    this.lanes.append(lane, slot);
    if (this.lanes.ringOf(lane) === 0) this.lanes.join(this.isNoisy(lane) ? this.noisy : this.quiet, lane);
  }

  protected override tookOff(slot: number): void {
    const lane = this.slots.lane.get(slot);
    this.lanes.inFlight.add(lane, 1);
    this.lanes.unlink(lane, slot);
    this.rejoin(lane);
  }

  protected override landed(slot: number): void {
    this.oneLessInFlight(this.slots.lane.get(slot));
  }

  protected override left(slot: number, state: number): void {
    const lane = this.slots.lane.get(slot);
    if (state === IN_FLIGHT) this.oneLessInFlight(lane);
    else if (state === READY) {
      this.lanes.unlink(lane, slot);
      if (this.lanes.head.get(lane) === NONE) this.lanes.quit(lane);
    }
  }

  private oneLessInFlight(lane: number): void {
    this.lanes.inFlight.add(lane, -1);
    if (this.lanes.ringOf(lane) === this.noisy.id && !this.isNoisy(lane)) this.rejoin(lane);
  }

  /** To the end of the ring it belongs in; out of the rings when nothing of it is ready. */
  private rejoin(lane: number): void {
    this.lanes.quit(lane);
    if (this.lanes.head.get(lane) !== NONE) this.lanes.join(this.isNoisy(lane) ? this.noisy : this.quiet, lane);
  }

  /** More than twice its share of what is in flight, among T tenants and one imagined newcomer: inFlight / total > 2 / (T + 1). */
  private isNoisy(lane: number): boolean {
    if (lane === UNGROUPED) return false;
    const inFlight = this.lanes.inFlight.get(lane);
    return inFlight >= NOISY_IN_FLIGHT_MIN && inFlight * (this.groupCount + 1) > 2 * this.inFlightCount;
  }
}
