import { describe, expect, test } from 'vitest';
import { ServerClock, type TimeSource } from '#runtime/clock.ts';
import { TimeMachine } from './time-machine.ts';

const START_MS = Date.parse('2030-01-01T00:00:00Z');

const standing: TimeSource = { wallMs: () => START_MS, monotonicMs: () => 0, after: () => ({ cancel: () => {} }) };

function machine(): { clock: ServerClock; time: TimeMachine; rings: number[]; due: number[] } {
  const clock = new ServerClock(standing);
  const rings: number[] = [];
  const due: number[] = [];
  clock.onAlarm(() => {
    rings.push(clock.nowMs() - START_MS);
    due.shift();
    clock.setAlarm(due[0]);
  });
  const time = new TimeMachine({ clock, source: standing, whenIdle: () => Promise.resolve() });
  return { clock, time, rings, due };
}

describe('moving time', () => {
  test('stops at everything that is due on the way, and nowhere else', async () => {
    const { clock, time, rings, due } = machine();
    due.push(START_MS + 10, START_MS + 20, START_MS + 500);
    clock.setAlarm(due[0]);
    time.freeze();
    await time.advance(100);
    expect(rings).toEqual([10, 20]);
    expect(clock.nowMs()).toBe(START_MS + 100);
    await time.set(START_MS + 600);
    expect(rings).toEqual([10, 20, 500]);
  });

  test('two moves at once happen one after the other', async () => {
    const { clock, time } = machine();
    time.freeze();
    await Promise.all([time.advance(100), time.advance(50)]);
    expect(clock.nowMs()).toBe(START_MS + 150);
  });

  test('running time is not moved, and no time goes back', () => {
    const { time } = machine();
    expect(() => time.advance(1)).toThrow('Time is running: freeze it before moving it.');
    time.freeze();
    expect(() => time.advance(-1)).toThrow('Time only goes forward');
    expect(() => time.set(START_MS - 1)).toThrow('it is 2030-01-01T00:00:00.000Z already');
    expect(() => time.set(Number.NaN)).toThrow('This is no date.');
    expect(() => time.advance(1e15)).toThrow('hundred years');
  });

  test('a moment that goes round is left with an answer; one that waits for something slow is waited for', async () => {
    let elapsedMs = 0;
    let end = (): void => {};
    const clock = new ServerClock(standing);
    const source: TimeSource = {
      ...standing,
      monotonicMs: () => elapsedMs,
      after: (delayMs, callback) => {
        elapsedMs += delayMs;
        const timer = setImmediate(callback);
        return { cancel: () => clearImmediate(timer) };
      },
    };
    let stepsPerLook = 0;
    const step = (): void => {
      for (let i = 0; i < stepsPerLook; i += 1) clock.nowMs();
      if (elapsedMs > 3_600_000) end();
      if (clock.nowMs() === START_MS) setImmediate(step);
    };
    const whenIdle = (): Promise<void> => new Promise((resolve) => (end = resolve));
    const time = new TimeMachine({ clock, source, whenIdle });
    time.freeze();
    step();
    stepsPerLook = 1_000;
    await expect(time.advance(1_000)).rejects.toThrow(
      /^Time stands at 2030-01-01T00:00:00.000Z: after 60 seconds and 6\d{4} steps, .* `eddy tail`/,
    );
    expect(clock.nowMs()).toBe(START_MS);
    stepsPerLook = 0;
    await time.advance(1_000);
    expect(clock.nowMs()).toBe(START_MS + 1_000);
  });
});
