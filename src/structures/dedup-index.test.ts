import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DedupIndex } from './dedup-index.ts';

/** Keys that collide on purpose. */
const wordsOf = (n: number): Uint32Array => Uint32Array.of(n % 5, 0, 0, n);

const spread = (n: number): Uint32Array => Uint32Array.of(Math.imul(n, 2654435761), 0, 0, n);

describe('the index of the deduplication window', () => {
  it('finds the newest row of each key, while it moves to a larger or smaller table and rows go', () => {
    const add = fc.record({ kind: fc.constant('add' as const), n: fc.nat(60) });
    const remove = fc.record({ kind: fc.constant('remove' as const), n: fc.integer({ min: 1, max: 3 }) });
    const steps = fc.array(fc.oneof({ weight: 4, arbitrary: add }, { weight: 1, arbitrary: remove }), {
      maxLength: 200,
      size: 'max',
    });
    // Numbers of rows for ever: also where their low bits begin anew.
    const start = fc.constantFrom(0, 2 ** 31 - 20, 2 ** 32 - 20, 2 ** 40);
    fc.assert(
      fc.property(start, steps, (from, all) => {
        const keys = new Map<number, number>();
        let first = from;
        let next = from;
        const index = new DedupIndex(0, (row, key) => key.set(wordsOf(keys.get(row) as number)));
        for (const { kind, n } of all) {
          if (kind === 'add') {
            keys.set(next, n);
            next += 1;
            index.add(next - 1, first, next);
          } else {
            for (let left = n; left > 0 && first < next; left -= 1) {
              index.remove(first, next);
              keys.delete(first);
              first += 1;
            }
          }
          const newest = new Map([...keys].map(([row, key]) => [key, row]));
          for (let key = 0; key <= 60; key += 1) {
            if (index.find(wordsOf(key), first, next) !== newest.get(key)) expect.fail(`key ${key} after row ${next}`);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('gives memory back when few of many rows are left', () => {
    const index = new DedupIndex(0, (row, key) => key.set(spread(row)));
    const length = (): number => (index as unknown as { readonly table: Uint32Array }).table.length;
    for (let row = 0; row < 3000; row += 1) index.add(row, 0, row + 1);
    expect(length()).toBe(8192);
    for (let row = 0; row < 2990; row += 1) index.remove(row, 3000);
    for (let row = 3000; row < 3020; row += 1) index.add(row, 2990, row + 1);
    expect(length()).toBeLessThanOrEqual(2048);
    for (let row = 2990; row < 3020; row += 1) expect(index.find(spread(row), 2990, 3020)).toBe(row);
  });
});
