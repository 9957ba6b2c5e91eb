// Moves virtual time: from one thing that is due to the next, and at each stop until everything that follows from it has settled (replies,
// functions, hand-overs), because what follows may set something that is due earlier than what was due next.
//
// Two pipes that hand on to each other never settle. A move ends all the same: when a moment has not settled for a minute although turns were
// busy in it (one slow function is no such thing), it is refused, and time stays where it got to.

import type { ServerClock, TimeSource } from '#runtime/clock.ts';

export interface TimeMachineOptions {
  readonly clock: ServerClock;
  /** Of the machine: how long a moment of virtual time is worked on. */
  readonly source: TimeSource;
  /** Resolves when nothing is under way. */
  readonly whenIdle: () => Promise<void>;
}

export class TimeRefusal extends Error {
  override readonly name = 'TimeRefusal';
}

/** 100 years: beyond it dates stop being dates. */
const MOVE_MS_MAX = 100 * 365 * 86_400_000;

/** A moment that is still being worked on after so long … */
const MOMENT_MS_MAX = 60_000;
/** … and in which the clock was read so often, goes round, or has a great deal to do. */
const MOMENT_READINGS_MIN = 10_000;
const LOOK_EVERY_MS = 1_000;

/** A point of virtual time, while everything that is due there is worked on. */
interface Moment {
  readonly atMs: number;
  readonly sinceMs: number;
  readonly sinceReadings: number;
}

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
    const { clock } = this.options;
    let moment = this.momentNow();
    for (;;) {
      if (clock.nowMs() !== moment.atMs) moment = this.momentNow();
      await this.settle(moment);
      if (clock.currentMode !== 'virtual') throw new TimeRefusal('Time was set running while it was moved.');
      if (clock.stepTowards(targetMs)) break;
    }
    await this.idle(this.momentNow());
  }

  private momentNow(): Moment {
    const { clock, source } = this.options;
    return { atMs: clock.nowMs(), sinceMs: source.monotonicMs(), sinceReadings: clock.readings };
  }

  /** Idle twice in a row: what comes back from outside (a function's call to this server) arrives as a request of its own. */
  private async settle(moment: Moment): Promise<void> {
    await this.idle(moment);
    await new Promise<void>((resolve) => setImmediate(resolve));
    await this.idle(moment);
  }

  /** Resolves when nothing is under way, and refuses when that does not come. */
  private idle(moment: Moment): Promise<void> {
    const { source, whenIdle } = this.options;
    return new Promise((resolve, reject) => {
      let look: { cancel(): void } | undefined;
      const watch = (): void => {
        const problem = this.problemOf(moment);
        if (problem === undefined) look = source.after(LOOK_EVERY_MS, watch);
        else reject(problem);
      };
      watch();
      whenIdle().then(() => {
        look?.cancel();
        resolve();
      }, reject);
    });
  }

  private problemOf({ atMs, sinceMs, sinceReadings }: Moment): TimeRefusal | undefined {
    const { clock, source } = this.options;
    const seconds = Math.floor((source.monotonicMs() - sinceMs) / 1_000);
    const readings = clock.readings - sinceReadings;
    if (seconds * 1_000 < MOMENT_MS_MAX || readings < MOMENT_READINGS_MIN) return undefined;
    return new TimeRefusal(
      `Time stands at ${new Date(atMs).toISOString()}: after ${seconds} seconds and ${readings} steps, what is due then still brings forth ` +
        'more. Something may go round (pipes, rules or functions that feed each other): `eddy tail` shows what, and stopping one of them ends ' +
        'it. If there is only much to do, move time again: it goes on from here.',
    );
  }
}
