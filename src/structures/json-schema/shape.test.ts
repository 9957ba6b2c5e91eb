import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { structureFingerprint } from './fingerprint.ts';
import { inferShape, isDeeperThan, isSameShape, mergeShapes, NOTHING, type Shape } from './shape.ts';

const text = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom('__proto__', 'constructor', '2019-02-26T19:42:21Z', '2024-04-11T21:01:10.123+02:00', '2024-04-11'),
);
const leaf = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('json')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));
const shape = fc.array(json, { maxLength: 3 }).map((values) => values.map(inferShape).reduce(mergeShapes, NOTHING));

describe('shapes', () => {
  test('merging knows no order, no grouping and no repetition', () => {
    fc.assert(
      fc.property(shape, shape, shape, (a, b, c) => {
        expect(mergeShapes(a, b)).toEqual(mergeShapes(b, a));
        expect(mergeShapes(mergeShapes(a, b), c)).toEqual(mergeShapes(a, mergeShapes(b, c)));
        expect(isSameShape(mergeShapes(a, a), a)).toBe(true);
        // Same shapes have the same text, so that a change can be seen by comparing texts.
        expect(JSON.stringify(mergeShapes(a, b))).toBe(JSON.stringify(mergeShapes(b, a)));
      }),
    );
  });

  test('a member is required while every object had it', () => {
    const merged = mergeShapes(inferShape({ a: 1, b: 'x' }), inferShape({ a: 2.5, c: null }));
    expect(merged).toEqual({
      properties: [
        { name: 'a', isRequired: true, shape: { number: 'number' } },
        { name: 'b', isRequired: false, shape: { string: 'plain' } },
        { name: 'c', isRequired: false, shape: { isNull: true } },
      ],
    } satisfies Shape);
  });

  test('a date-time that is none once is a plain text for ever', () => {
    const [instant, word] = [inferShape('2019-02-26T19:42:21Z'), inferShape('soon')];
    expect(instant).toEqual({ string: 'date-time' });
    expect(mergeShapes(instant, word)).toEqual({ string: 'plain' });
  });

  test('elements of a list are one shape, of which an empty list knows nothing', () => {
    expect(inferShape([])).toEqual({ elements: {} });
    expect(inferShape([1, 'a', null])).toEqual({ elements: { isNull: true, number: 'integer', string: 'plain' } });
  });

  test('depth counts arrays and objects', () => {
    expect(isDeeperThan(1, 0)).toBe(false);
    expect(isDeeperThan({ a: [1] }, 2)).toBe(false);
    expect(isDeeperThan({ a: [[]] }, 2)).toBe(true);
  });
});

describe('fingerprints', () => {
  test('values with the same fingerprint have the same shape', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        if (structureFingerprint(one, 100) === structureFingerprint(other, 100)) {
          expect(inferShape(one)).toEqual(inferShape(other));
        }
      }),
    );
  });

  test('neither the order of members nor the length of a list matters, everything else does', () => {
    const of = (value: unknown) => structureFingerprint(value, 100);
    expect(of({ a: 1, b: ['x'] })).toBe(of({ b: ['y', 'z'], a: 7 }));
    const different = [
      { a: 1 },
      { a: 1.5 },
      { a: '1' },
      { a: true },
      { a: null },
      { b: 1 },
      {},
      [],
      { a: [] },
      { a: {} },
      { a: [1] },
      { a: [1, 'x'] },
      { a: '2019-02-26T19:42:21Z' },
      { a: { b: 1 } },
      { a: { b: 1 }, b: 1 },
      { a: 1, b: { b: 1 } },
      { ab: 1, c: 1 },
      { a: 1, bc: 1 },
    ];
    expect(new Set(different.map(of)).size).toBe(different.length);
    expect(structureFingerprint({ a: { b: {} } }, 2)).toBeUndefined();
  });
});
