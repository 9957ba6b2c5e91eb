import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { DedupWindow } from './dedup-window.ts';

/** Keys that collide on purpose: few different hashes, told apart by the last byte. */
const keyOf = (n: number): Uint8Array => {
  const key = new Uint8Array(16);
  key[3] = n % 5;
  key[15] = n;
  return key;
};

describe('the deduplication window', () => {
  it('remembers exactly what was added inside the window, as a map with instants does', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), n: fc.nat(60) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40 }) }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        let window = new DedupWindow(100);
        const model = new Map<number, { sequence: number; atMs: number }>();
        let nowMs = 1;
        let sequence = 0;
        for (const one of steps) {
          if (one.kind === 'wait') nowMs += one.ms;
          else if (one.kind === 'restart') {
            const writer = new ByteWriter();
            window.encode(writer);
            window = new DedupWindow(100);
            window.restore(new ByteReader(writer.bytes));
          } else {
            const known = model.get(one.n);
            const expected = known !== undefined && known.atMs + 100 > nowMs ? known.sequence : undefined;
            expect(window.find(keyOf(one.n), nowMs)?.sequence).toBe(expected);
            if (expected !== undefined) continue;
            sequence += 1;
            window.add(keyOf(one.n), { sequence, messageId: keyOf(sequence % 256) }, nowMs);
            model.set(one.n, { sequence, atMs: nowMs });
            expect(window.find(keyOf(one.n), nowMs)?.messageId).toEqual(keyOf(sequence % 256));
          }
        }
        window.expire(nowMs);
        expect(window.size).toBe([...model.values()].filter(({ atMs }) => atMs + 100 > nowMs).length);
      }),
      { numRuns: 300 },
    );
  });

  it('holds no more than what was added inside the window', () => {
    const window = new DedupWindow(300);
    const key = new Uint8Array(16);
    const view = new DataView(key.buffer);
    for (let i = 0; i < 20_000; i += 1) {
      view.setUint32(0, Math.imul(i, 2654435761) >>> 0);
      view.setUint32(8, i);
      window.add(key, { sequence: i, messageId: key }, i);
      expect(window.size).toBeLessThanOrEqual(300);
    }
  });
});
