// Our CBOR against the SDK's, the examples of RFC 8949, and bytes that are no CBOR.
import { cbor as oracle } from '@smithy/core/cbor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CborInstant, decodeCbor, encodeCbor } from './cbor.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/ /g, ''), 'hex'));

// RFC 8949, appendix A.
test.each<[string, unknown]>([
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['1bffffffffffffffff', 18_446_744_073_709_551_615n],
  ['20', -1],
  ['3863', -100],
  ['3903e7', -1000],
  ['3bffffffffffffffff', -18_446_744_073_709_551_616n],
  ['f90000', 0],
  ['f98000', -0],
  ['f93c00', 1],
  ['f93e00', 1.5],
  ['f97bff', 65_504],
  ['f90001', 2 ** -24],
  ['f9c400', -4],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['f9fc00', Number.NEGATIVE_INFINITY],
  ['f97e00', Number.NaN],
  ['fa47c35000', 100_000],
  ['fb3ff199999999999a', 1.1],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['f7', undefined],
  ['c11a514b67b0', new CborInstant(1_363_896_240_000)],
  ['c1fb41d452d9ec200000', new CborInstant(1_363_896_240_500)],
  ['c074323031332d30332d32315432303a30343a30305a', '2013-03-21T20:04:00Z'],
  ['4401020304', new Uint8Array([1, 2, 3, 4])],
  ['6449455446', 'IETF'],
  ['62c3bc', 'ü'],
  ['83010203', [1, 2, 3]],
  ['a26161016162820203', { a: 1, b: [2, 3] }],
  ['5f42010243030405ff', new Uint8Array([1, 2, 3, 4, 5])],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
])('%s', (bytes, value) => {
  const { value: decoded } = decodeCbor(hex(bytes));
  expect(decoded).toEqual(value);
});

describe('bytes that are no item, or not one', () => {
  test.each([
    '',
    '18',
    '19 00',
    '1c',
    '1f',
    '3f',
    'ff',
    '41',
    '62 c3',
    '61 ff',
    '5f 01 ff',
    '5f 61 61 ff',
    '7f 41 61 ff',
    '9f 01',
    '81',
    '9a ff ff ff ff',
    '9b ff ff ff ff ff ff ff ff',
    '5b 7f ff ff ff ff ff ff ff',
    'ba ff ff ff ff 61 61 01',
    'a1 01 02',
    'a1 61 61',
    'bf 61 61 ff',
    '81 ff',
    'c1 61 61',
    'c1 a0',
    'c1 80',
    'c1 f9 7c 00',
    'c1 1b ff ff ff ff ff ff ff ff',
    'c1',
    'f8 20',
    'fc',
    '00 00',
    'ff00',
  ])('%s', (bytes) => {
    expect(decodeCbor(hex(bytes))).toEqual({});
  });

  test.each([
    ['lists', '81'],
    ['open lists', '9f'],
    ['tags', 'c6'],
    ['maps', 'a16161'],
  ])('a million nested %s', (_, opening) => {
    expect(decodeCbor(hex(opening.repeat(1_000_000)))).toEqual({});
  });
});

test('__proto__ is a key like others', () => {
  const { value } = decodeCbor(encodeCbor(JSON.parse('{"__proto__":{"a":1}}')));
  expect(Object.keys(value as object)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBeNull();
});

const leaf = fc.oneof(
  fc.maxSafeInteger(),
  fc.double().filter((value) => !Object.is(value, -0)),
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array(),
);
/** The SDK makes a prototype of what has the key `__proto__`; we do not, see above. */
const key = fc.string().filter((text) => text !== '__proto__');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}));

test('what we write, the SDK and we read', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const bytes = encodeCbor(value);
      expect(decodeCbor(bytes).value).toEqual(value);
      expect(oracle.deserialize(bytes)).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

test('what the SDK writes, we read', () => {
  fc.assert(
    fc.property(tree, (value) => {
      expect(decodeCbor(oracle.serialize(value)).value).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

/** Heads of all kinds more often than chance would have them. */
const heads = fc.constantFrom(
  ...[0x00, 0x18, 0x1b, 0x20, 0x40, 0x41, 0x5f, 0x60, 0x61, 0x62, 0x7f, 0x80, 0x81, 0x82, 0x9f, 0xa0],
  ...[0xa1, 0xbf, 0xc1, 0xc2, 0xd8, 0xf4, 0xf6, 0xf7, 0xf9, 0xfb, 0xff],
);
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.array(heads, { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
);

test('whatever the bytes are, nothing is thrown', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => void decodeCbor(bytes)),
    { numRuns: 10_000 },
  );
});
