// Moves virtual time: from one thing that is due to the next, and at each stop until everything that follows from it has settled (replies,
// functions, hand-overs), because what follows may set something that is due earlier than what was due next.

import type { ServerClock } from '#runtime/clock.ts';

export interface TimeMachineOptions {
  readonly clock: ServerClock;
  /** Resolves when nothing is under way. */
  readonly whenIdle: () => Promise<void>;
}

export class TimeRefusal extends Error {
  override readonly name = 'TimeRefusal';
}

/** 100 years: beyond it dates stop being dates. */
const MOVE_MS_MAX = 100 * 365 * 86_400_000;

export class TimeMachine {
  private moving: Promise<void> = Promise.resolve();

  constructor(private readonly options: TimeMachineOptions) {}

  freeze(): void {
    this.options.clock.freeze();
  }

  resume(): void {
    this.options.clock.resume();
  }

  advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0)
      throw new TimeRefusal('Time only goes forward: advance by 0 or more milliseconds.');
    return this.move(() => this.options.clock.nowMs() + ms);
  }

  set(toMs: number): Promise<void> {
    if (!Number.isFinite(toMs)) throw new TimeRefusal('This is no date.');
    const { clock } = this.options;
    if (toMs < clock.nowMs()) {
      throw new TimeRefusal(`Time only goes forward: it is ${new Date(clock.nowMs()).toISOString()} already.`);
    }
    return this.move(() => toMs);
  }

  /** One move after another; each begins where the one before has ended. */
  private move(targetOf: () => number): Promise<void> {
    const { clock } = this.options;
    if (clock.currentMode !== 'virtual') throw new TimeRefusal('Time is running: freeze it before moving it.');
    if (targetOf() - clock.nowMs() > MOVE_MS_MAX) throw new TimeRefusal('This is more than a hundred years ahead.');
    const moved = this.moving.then(() => this.run(targetOf()));
    this.moving = moved.catch(() => undefined);
    return moved;
  }

  private async run(targetMs: number): Promise<void> {
    const { clock, whenIdle } = this.options;
    for (;;) {
      await this.settle();
      if (clock.currentMode !== 'virtual') throw new TimeRefusal('Time was set running while it was moved.');
      if (clock.stepTowards(targetMs)) break;
    }
    await whenIdle();
  }

  /** Idle twice in a row: what comes back from outside (a function's call to this server) arrives as a request of its own. */
  private async settle(): Promise<void> {
    await this.options.whenIdle();
    await new Promise<void>((resolve) => setImmediate(resolve));
    await this.options.whenIdle();
  }
}
