// Holds back what must not be seen before it is durable: replies and effects, in order. Each waits for the end of the
// last entry with a before-reply fact that its turn made or saw; those ends never decrease, so a ring is enough.

import type { Journal, Position } from '#storage/journal.ts';

const START_CAPACITY = 1024;

export class Committer {
  private ends = new Float64Array(START_CAPACITY);
  private actions: ((() => void) | undefined)[] = new Array(START_CAPACITY);
  private head = 0;
  private count = 0;
  private lastStrictEnd = 0;
  private afterNext: (() => void)[] = [];

  constructor(
    private readonly journal: Pick<Journal, 'durableEnd' | 'onDurable'>,
    /** Nothing waits any more. */
    private readonly onIdle: () => void,
  ) {
    journal.onDurable((durableEnd) => {
      this.release(durableEnd);
      if (this.count === 0) this.onIdle();
    });
  }

  /** An entry with a before-reply fact ends here. */
  noteStrict(end: Position): void {
    this.lastStrictEnd = end;
  }

  /** Runs the action once everything strict so far is durable: at once, if it is. */
  whenDurable(action: () => void): void {
    const end = this.lastStrictEnd;
    if (this.count === 0 && end <= this.journal.durableEnd) {
      action();
      return;
    }
    if (this.count === this.actions.length) this.grow();
    const at = (this.head + this.count) % this.actions.length;
    this.ends[at] = end;
    this.actions[at] = action;
    this.count += 1;
  }

  /** Runs the action after the next group commit. */
  whenNextDurable(action: () => void): void {
    this.afterNext.push(action);
  }

  get isIdle(): boolean {
    return this.count === 0;
  }

  private release(durableEnd: number): void {
    while (this.count > 0 && (this.ends[this.head] as number) <= durableEnd) {
      const action = this.actions[this.head] as () => void;
      this.actions[this.head] = undefined;
      this.head = (this.head + 1) % this.actions.length;
      this.count -= 1;
      action();
    }
    if (this.afterNext.length === 0) return;
    const actions = this.afterNext;
    this.afterNext = [];
    for (const action of actions) action();
  }

  private grow(): void {
    const { length } = this.actions;
    const ends = new Float64Array(length * 2);
    const actions: ((() => void) | undefined)[] = new Array(length * 2);
    for (let i = 0; i < this.count; i += 1) {
      const at = (this.head + i) % length;
      ends[i] = this.ends[at] as number;
      actions[i] = this.actions[at];
    }
    this.ends = ends;
    this.actions = actions;
    this.head = 0;
  }
}
