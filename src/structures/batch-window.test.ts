import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchWindow } from './batch-window.ts';

const QUESTION = { batchSize: 3, windowMs: 1000 };

describe('a batching window', () => {
  it('opens at the first message, and is due when its time is over', () => {
    const window = new BatchWindow();
    expect(window.look({ ...QUESTION, visibleCount: 0, nowMs: 0 })).toBe('waiting');
    expect(window.look({ ...QUESTION, visibleCount: 1, nowMs: 10 })).toEqual({ openedUntilMs: 1010 });
    expect(window.look({ ...QUESTION, visibleCount: 2, nowMs: 1009 })).toBe('waiting');
    expect(window.look({ ...QUESTION, visibleCount: 2, nowMs: 1010 })).toBe('due');
    expect(window.look({ ...QUESTION, visibleCount: 1, nowMs: 1010 })).toEqual({ openedUntilMs: 2010 });
  });

  it('is due early when a batch is full, or when it is ended', () => {
    const window = new BatchWindow();
    window.look({ ...QUESTION, visibleCount: 1, nowMs: 0 });
    expect(window.look({ ...QUESTION, visibleCount: 3, nowMs: 1 })).toBe('due');
    window.look({ ...QUESTION, visibleCount: 1, nowMs: 2 });
    window.end(3);
    expect(window.look({ ...QUESTION, visibleCount: 1, nowMs: 3 })).toBe('due');
  });

  it('never lets a message wait longer than its time, and never is due without one', () => {
    const looks = fc.array(fc.record({ stepMs: fc.nat(700), visibleCount: fc.nat(4) }), { maxLength: 40 });
    fc.assert(
      fc.property(looks, (steps) => {
        const window = new BatchWindow();
        let nowMs = 0;
        let openedUntilMs: number | undefined;
        for (const { stepMs, visibleCount } of steps) {
          nowMs += stepMs;
          const look = window.look({ ...QUESTION, visibleCount, nowMs });
          if (look === 'due') expect(visibleCount).toBeGreaterThan(0);
          if (typeof look === 'object') openedUntilMs = look.openedUntilMs;
          else if (look === 'due' || visibleCount === 0) openedUntilMs = undefined;
          else expect(nowMs).toBeLessThan(openedUntilMs ?? 0);
        }
      }),
    );
  });
});
