import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recut, type Surgeon } from './cutting.ts';
import { HASH_KEYS, type HashRange, uniformRanges } from './hash-range.ts';

interface Shard {
  readonly range: HashRange;
  readonly parents: readonly Shard[];
}

const surgeon: Surgeon<Shard> = {
  split: (shard, { first, last }, at) => [
    { range: { first, last: at - 1n }, parents: [shard] },
    { range: { first: at, last }, parents: [shard] },
  ],
  merge: (left, right, range) => ({ range, parents: [left, right] }),
};

const asParts = (ranges: readonly HashRange[]) => ranges.map((range) => ({ range, shard: { range, parents: [] } }));

/** Ranges between random cuts. */
const ranges = fc.uniqueArray(fc.bigInt({ min: 1n, max: HASH_KEYS - 1n }), { maxLength: 20 }).map((cuts) => {
  const firsts = [0n, ...[...cuts].sort((a, b) => (a < b ? -1 : 1))];
  return firsts.map((first, i): HashRange => ({ first, last: (firsts[i + 1] ?? HASH_KEYS) - 1n }));
});

it('gives the ranges that are wanted, out of shards whose ranges are those of their parents together', () => {
  fc.assert(
    fc.property(ranges, ranges, (before, wanted) => {
      const made = recut(asParts(before), wanted, surgeon);
      expect(made.map(({ range }) => range)).toEqual(wanted);
      const check = ({ range, parents }: Shard): void => {
        expect(parents.length).toBeLessThan(3);
        if (parents.length === 2) {
          expect([parents[0]?.range.first, parents[1]?.range.last]).toEqual([range.first, range.last]);
        }
        for (const parent of parents) {
          if (parents.length === 1)
            expect(parent.range.first <= range.first && parent.range.last >= range.last).toBe(true);
          check(parent);
        }
      };
      for (const { shard, range } of made) {
        expect(shard.range).toEqual(range);
        check(shard);
      }
    }),
    { numRuns: 200 },
  );
});

it('leaves shards alone that are right', () => {
  const parts = asParts(uniformRanges(4));
  expect(recut(parts, uniformRanges(4), surgeon).map(({ shard }) => shard)).toEqual(parts.map(({ shard }) => shard));
});

it('cuts ten thousand shards out of five thousand, each from one', () => {
  const made = recut(asParts(uniformRanges(5_000)), uniformRanges(10_000), surgeon);
  expect(made).toHaveLength(10_000);
});
