// Commands that wait for something to happen (long polls), oldest first per key, and no longer than they said.
// Not state: a client whose connection died with the process asks again.

import { Timers } from './timers.ts';

export interface ParkedCommand<C> {
  readonly id: number;
  readonly command: C;
  readonly wakeKey: string;
  readonly untilMs: number;
}

export class Parked<C> {
  private readonly byId = new Map<number, ParkedCommand<C>>();
  private readonly byKey = new Map<string, Map<number, ParkedCommand<C>>>();
  private readonly ends = new Timers();

  get count(): number {
    return this.byId.size;
  }

  /** Parks under an id that also orders it: a command that parks again keeps its place, and the end it had. */
  park(given: ParkedCommand<C>): void {
    const parked = { ...given, untilMs: this.byId.get(given.id)?.untilMs ?? given.untilMs };
    this.byId.set(parked.id, parked);
    this.ends.set(String(parked.id), parked.untilMs);
    const waiting = this.byKey.get(parked.wakeKey);
    if (waiting === undefined) this.byKey.set(parked.wakeKey, new Map([[parked.id, parked]]));
    else waiting.set(parked.id, parked);
  }

  /** The longest waiting command of a key. */
  first(wakeKey: string): ParkedCommand<C> | undefined {
    return this.byKey.get(wakeKey)?.values().next().value;
  }

  /** Ids of all that wait for a key now, oldest first. */
  waiting(wakeKey: string): readonly number[] {
    const waiting = this.byKey.get(wakeKey);
    return waiting === undefined ? [] : [...waiting.keys()];
  }

  get(id: number): ParkedCommand<C> | undefined {
    return this.byId.get(id);
  }

  remove(id: number): ParkedCommand<C> | undefined {
    const parked = this.byId.get(id);
    if (parked === undefined) return undefined;
    this.byId.delete(id);
    this.ends.clear(String(id));
    const waiting = this.byKey.get(parked.wakeKey);
    waiting?.delete(id);
    if (waiting?.size === 0) this.byKey.delete(parked.wakeKey);
    return parked;
  }

  nextEndMs(): number | undefined {
    return this.ends.nextDueAtMs();
  }

  /** Takes one command whose time is over. */
  takeEnded(nowMs: number): ParkedCommand<C> | undefined {
    const due = this.ends.takeDue(nowMs);
    return due === undefined ? undefined : this.remove(Number(due.key));
  }

  all(): readonly ParkedCommand<C>[] {
    return [...this.byId.values()];
  }
}
