import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterPrefix, OrderedMap } from './ordered-map.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\uffff'), maxLength: 5 });
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value: fc.nat() }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('walk' as const), key }),
);

test('it holds what a plain map holds, in order, from wherever a walk begins', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const map = new OrderedMap<number>();
      const model = new Map<string, number>();
      for (const taken of steps) {
        if (taken.do === 'set') {
          map.set(taken.key, taken.value);
          model.set(taken.key, taken.value);
        } else if (taken.do === 'delete') expect(map.delete(taken.key)).toBe(model.delete(taken.key));
        else {
          const expected = [...model]
            .filter(([name]) => name >= taken.key)
            .sort(([one], [other]) => (one < other ? -1 : 1));
          expect([...map.from(taken.key)].map(({ key: name, value }) => [name, value])).toEqual(expected);
        }
        expect(map.size).toBe(model.size);
        expect(map.get(taken.key)).toBe(model.get(taken.key));
      }
    }),
  );
});

test('what is held stays what it was, whatever is added, replaced and removed meanwhile', () => {
  const map = new OrderedMap<number | number[]>();
  const name = (i: number): string => `k${String(i).padStart(6, '0')}`;
  for (let i = 0; i < 2000; i += 1) map.set(name(i), i % 7 === 0 ? [i] : i);
  const expected = structuredClone([...map.from('')]);
  const held = map.held((value) => (Array.isArray(value) ? [...value] : value));
  for (const { value } of map.from('')) if (Array.isArray(value)) value.unshift(0);
  for (let i = 0; i < 2000; i += 3) map.delete(name(i));
  for (let i = 1; i < 2000; i += 3) map.set(name(i), -1);
  for (let i = 2000; i < 4000; i += 1) map.set(name(i), i);
  expect([...held]).toEqual(expected);
  expect([...map.held()]).toEqual([...map.from('')]);
});

test('many blocks: keys added in any order come out in order, also after most of them went', () => {
  const map = new OrderedMap<number>();
  const name = (i: number): string => `k${String((i * 7919) % 10_007).padStart(6, '0')}`;
  for (let i = 0; i < 10_007; i += 1) map.set(name(i), i);
  for (let i = 0; i < 10_007; i += 1) if (i % 10 !== 0) expect(map.delete(name(i))).toBe(true);
  const left = [...map.from('')];
  expect(left).toHaveLength(1001);
  expect(left.map(({ key: found }) => found)).toEqual([...left.map(({ key: found }) => found)].sort());
  for (const { key: found, value } of left) expect(found).toBe(name(value));
});

test('what comes after a prefix is greater than all that begin with it, and no greater than needed', () => {
  expect(afterPrefix('a/')).toBe('a0');
  expect(afterPrefix('a\uffff')).toBe('b');
  expect(afterPrefix('\uffff')).toBeUndefined();
  expect(afterPrefix('')).toBeUndefined();
});
