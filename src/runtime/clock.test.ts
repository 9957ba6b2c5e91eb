import { describe, expect, test } from 'vitest';
import { ServerClock, type TimeSource } from './clock.ts';

/** A machine whose wall clock, counter and timers are moved by hand. */
class FakeMachine implements TimeSource {
  wall = 1_000_000;
  counter = 50.25;
  timers: { atMs: number; callback: () => void }[] = [];

  wallMs = (): number => this.wall;
  monotonicMs = (): number => this.counter;

  after(delayMs: number, callback: () => void): { cancel(): void } {
    const timer = { atMs: this.counter + delayMs, callback };
    this.timers.push(timer);
    return { cancel: () => this.timers.splice(this.timers.indexOf(timer), 1) };
  }

  pass(ms: number): void {
    this.counter += ms;
    this.wall += ms;
    for (const timer of this.timers.filter((one) => one.atMs <= this.counter)) {
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.callback();
    }
  }
}

function started(): { machine: FakeMachine; clock: ServerClock; rings: number[] } {
  const machine = new FakeMachine();
  const clock = new ServerClock(machine);
  const rings: number[] = [];
  clock.onAlarm(() => rings.push(clock.nowMs()));
  return { machine, clock, rings };
}

describe('real time', () => {
  test('follows the counter and ignores the wall being set back', () => {
    const { machine, clock } = started();
    machine.pass(10);
    machine.wall = 5;
    expect(clock.nowMs()).toBe(1_000_010);
  });

  test('never goes below the time that the journal has seen', () => {
    const { machine, clock } = started();
    clock.startFrom(2_000_000);
    machine.pass(3);
    expect(clock.nowMs()).toBe(2_000_003);
    clock.startFrom(1);
    expect(clock.nowMs()).toBe(2_000_003);
  });

  test('rings when the alarm is due, and an alarm set again replaces the one before', () => {
    const { machine, clock, rings } = started();
    clock.setAlarm(1_000_100);
    clock.setAlarm(1_000_020);
    machine.pass(19);
    expect(rings).toEqual([]);
    machine.pass(1);
    expect(rings).toEqual([1_000_020]);
    machine.pass(200);
    expect(rings).toEqual([1_000_020]);
  });

  test('an alarm that was moved back rings at the new time only', () => {
    const { machine, clock, rings } = started();
    clock.setAlarm(1_000_010);
    clock.setAlarm(1_000_030);
    machine.pass(15);
    expect(rings).toEqual([]);
    machine.pass(15);
    expect(rings).toEqual([1_000_030]);
  });

  test('an alarm beyond the reach of one timer still rings in time', () => {
    const { machine, clock, rings } = started();
    clock.setAlarm(1_000_000 + 3 * 86_400_000);
    for (let day = 0; day < 3; day += 1) machine.pass(86_400_000);
    expect(rings).toEqual([1_000_000 + 3 * 86_400_000]);
  });

  test('a cleared alarm does not ring', () => {
    const { machine, clock, rings } = started();
    clock.setAlarm(1_000_010);
    clock.setAlarm(undefined);
    machine.pass(100);
    expect(rings).toEqual([]);
  });
});

test('a stopped clock tells the time, and rings no more', () => {
  const { machine, clock, rings } = started();
  clock.setAlarm(1_000_010);
  clock.stop();
  clock.setAlarm(1_000_005);
  machine.pass(100);
  expect(rings).toEqual([]);
  expect(clock.nowMs()).toBe(1_000_100);
});

describe('virtual time', () => {
  test('stands still, and alarms wait for somebody to move it', () => {
    const { machine, clock, rings } = started();
    clock.setAlarm(1_000_010);
    clock.freeze();
    machine.pass(1000);
    expect(clock.nowMs()).toBe(1_000_000);
    expect(rings).toEqual([]);
    expect(clock.offsetMs).toBe(-1000);
  });

  test('moving stops at each alarm on the way, in order', () => {
    const { clock, rings } = started();
    clock.freeze();
    clock.setAlarm(1_000_010);
    expect(clock.stepTowards(1_000_100)).toBe(false);
    clock.setAlarm(1_000_050);
    expect(clock.stepTowards(1_000_100)).toBe(false);
    expect(clock.stepTowards(1_000_100)).toBe(true);
    expect(rings).toEqual([1_000_010, 1_000_050]);
    expect(clock.nowMs()).toBe(1_000_100);
  });

  test('goes on from where it stands when it is resumed', () => {
    const { machine, clock, rings } = started();
    clock.freeze();
    clock.stepTowards(5_000_000);
    clock.setAlarm(5_000_007);
    clock.resume();
    machine.pass(7);
    expect(clock.nowMs()).toBe(5_000_007);
    expect(rings).toEqual([5_000_007]);
  });
});
