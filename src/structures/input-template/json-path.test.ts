import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonPath, readJsonPath } from './json-path.ts';
import { minified } from './json-text.ts';

const read = (document: string, path: string): string | undefined => {
  const parsed = parseJsonPath(path);
  if (parsed === undefined) throw new Error(`${path} is a path`);
  return readJsonPath(document, parsed);
};

const DOCUMENT = `{
  "detail-type": "sold", "a/b": 1, "n": 12345678901234567890.10, "e": 1E400, "nothing": null, "no": false,
  "detail": { "items": [ { "sku": "x", "tags": ["p", "q"] }, { "sku": "y\\u0041\\"" }, 3 ], "": "empty", "empty": {} },
  "twice": 1, "twice": 2
}`;

test.each([
  ['$.detail-type', '"sold"'],
  ['$.a/b', '1'],
  ['$.n', '12345678901234567890.10'],
  ['$.e', '1E400'],
  ['$.nothing', 'null'],
  ['$.no', 'false'],
  ['$.missing', undefined],
  ['$.n.deeper', undefined],
  ['$.detail.items[0].sku', '"x"'],
  ['$.detail.items[1].sku', '"y\\u0041\\""'],
  ['$.detail.items[2]', '3'],
  ['$.detail.items[3]', undefined],
  ['$.detail.items[*].sku', '["x","y\\u0041\\""]'],
  ['$.detail.items[*].tags[*]', '["p","q"]'],
  ['$.detail.items[0].*', '["x",["p","q"]]'],
  ['$.detail.items[*].price', '[]'],
  ['$.detail.empty', '{}'],
  ["$['detail']['items'][0]['sku']", '"x"'],
  ["$['']", undefined],
  ['$.twice', '2'],
  ['$.constructor', undefined],
  ['$.__proto__', undefined],
])('%s leads to %s', (path, expected) => {
  expect(read(DOCUMENT, path)).toBe(expected);
});

test.each(['', 'detail', '$.', '$..a', '$.a.', '$.a[', '$.a[-1]', '$.a[0:2]', '$.a[?(@.b)]', '$a', '$.a b'])(
  '%s is not a path that is supported',
  (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
  },
);

test('the whole document is given without space', () => {
  expect(read(' { "a" : [ 1 , "b  c" ] } ', '$')).toBe('{"a":[1,"b  c"]}');
});

test('every value of every document is found where it is, with or without space', () => {
  fc.assert(
    fc.property(fc.object({ key: fc.stringMatching(/^[\w-]{1,8}$/), maxDepth: 3, values: VALUES }), (value) => {
      for (const text of [JSON.stringify(value), JSON.stringify(value, null, 3)]) {
        expect(minified(text)).toBe(JSON.stringify(value));
        for (const [key, member] of Object.entries(JSON.parse(text))) {
          expect(read(text, `$.${key}`)).toBe(JSON.stringify(member));
          if (!Array.isArray(member)) continue;
          for (const [i, element] of member.entries())
            expect(read(text, `$.${key}[${i}]`)).toBe(JSON.stringify(element));
        }
      }
    }),
  );
});

const VALUES = [fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.string({ unit: 'binary' })];

test('what is not JSON is read to its end as well', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ a1') }), (text) => {
      for (const path of ['$', '$.a', '$.a[1].a', '$[*].*', '$.*']) read(text, path);
      minified(text);
    }),
  );
});

test('a hundred thousand levels take no stack', () => {
  const deep = `{"a":${'['.repeat(100_000)}7${']'.repeat(100_000)},"b":1}`;
  expect(read(deep, '$.b')).toBe('1');
  expect(read(deep, '$.a')?.length).toBe(200_001);
});
