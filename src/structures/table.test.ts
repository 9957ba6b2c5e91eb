import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Table } from './table.ts';

interface Doc {
  readonly group: string;
}

test('pages are what a sorted list of the documents gives, whatever was put and dropped', () => {
  const key = fc.integer({ min: 0, max: 40 }).map((n) => `${n % 3}/${n}`);
  const change = fc.oneof(
    { weight: 3, arbitrary: fc.record({ put: key, group: fc.constantFrom('a', 'b') }) },
    { weight: 2, arbitrary: fc.record({ drop: key }) },
    {
      weight: 1,
      arbitrary: fc.record({
        page: fc.constantFrom('', '0/', '1/', '2/3'),
        afterKey: key,
        limit: fc.integer({ min: 1, max: 9 }),
      }),
    },
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
      const table = new Table<Doc>({ name: 'test', indexes: { byGroup: ({ group }) => group } });
      const model = new Map<string, Doc>();
      for (const each of changes) {
        if ('put' in each) {
          table.applyPut(each.put, { group: each.group });
          model.set(each.put, { group: each.group });
        } else if ('drop' in each) {
          if (model.delete(each.drop)) table.applyDropped(each.drop);
        } else {
          const all = [...model.keys()].sort().filter((one) => one.startsWith(each.page) && one > each.afterKey);
          const { items, lastKey } = table.page({ prefix: each.page, afterKey: each.afterKey, limit: each.limit });
          expect(items.map((item) => item.key)).toEqual(all.slice(0, each.limit));
          expect(lastKey).toBe(all.length > each.limit ? all[each.limit - 1] : undefined);
        }
      }
      expect(table.list()).toEqual([...model.keys()].sort().map((one) => model.get(one)));
      expect(table.keysBy('byGroup', 'a')).toEqual(
        [...model.keys()].filter((one) => model.get(one)?.group === 'a').sort(),
      );
    }),
  );
});

test('a large table keeps its order while keys come and go in any order', () => {
  const table = new Table<Doc>({ name: 'test' });
  const kept = new Set<string>();
  for (let i = 0; i < 20_000; i += 1) {
    const key = `k${(i * 7_919) % 20_011}`;
    table.applyPut(key, { group: 'a' });
    kept.add(key);
    const other = `k${(i * 104_729) % 20_011}`;
    if (i % 3 !== 0 && kept.delete(other)) table.applyDropped(other);
    if (i % 997 === 0)
      expect(table.page({ prefix: 'k1', limit: 5 }).items.map(({ key }) => key)).toEqual(
        [...kept]
          .filter((one) => one.startsWith('k1'))
          .sort()
          .slice(0, 5),
      );
  }
  expect(table.page({ prefix: '', limit: 50_000 }).items.map(({ key }) => key)).toEqual([...kept].sort());
});

test('keeps documents as they were given, also those that share texts and empty lists with the one before', () => {
  interface Doc {
    readonly name: string;
    readonly account: string;
    readonly tags: readonly string[];
    readonly note?: string;
  }
  const docs: readonly Doc[] = [
    { name: 'a', account: '111111111111', tags: [], note: 'first' },
    { name: 'b', account: '111111111111', tags: [] },
    { name: 'c', account: '222222222222', tags: ['x'] },
    Object.freeze({ name: 'd', account: '222222222222', tags: [] }),
    { name: 'd', account: '222222222222', tags: [], note: '' },
  ];
  const kept = new Table<Doc>({ name: 'x' });
  docs.forEach((doc, i) => {
    kept.applyPut(String(i), structuredClone(doc));
  });
  expect(docs.map((_, i) => kept.get(String(i)))).toEqual(docs);
  expect(kept.get('0')?.tags).toBe(kept.get('1')?.tags);
});

test('documents that are held stay what they were, in the order in which they came', () => {
  const table = new Table<Doc>({ name: 'test' });
  for (const key of ['b', 'c', 'a']) table.applyPut(key, { group: key });
  const held = table.held();
  table.applyPut('c', { group: 'other' });
  table.applyDropped('b');
  table.applyPut('d', { group: 'd' });
  expect([...held]).toEqual([
    ['b', { group: 'b' }],
    ['c', { group: 'c' }],
    ['a', { group: 'a' }],
  ]);
  expect([...table.held()]).toEqual([...table.entries()]);
});
