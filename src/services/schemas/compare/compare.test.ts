import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inferShape, mergeShapes, NOTHING } from '#structures/json-schema/shape.ts';
import { compileContent, parseContent, type SchemaContent } from '../content.ts';
import { renderEvent } from '../render-shape.ts';
import { eventOf, openApi } from '../testing.ts';
import { compareContents } from './compare.ts';

function contentOf(document: object): SchemaContent {
  const parsed = parseContent(JSON.stringify(document), 'openapi' in document ? 'OpenApi3' : 'JSONSchemaDraft4');
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.content;
}

const object = (properties: object, required: string[] = [], more: object = {}) => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
  ...more,
});
const TEXT = { type: 'string' };

/** `consumers,producers /detail/a kind`. */
function told(before: object, after: object): string[] {
  const compared = compareContents(contentOf(openApi('Order', before)), contentOf(openApi('Order', after)));
  return compared.changes.map(({ path, kind, breaksConsumers, breaksProducers }) => {
    const who = [breaksConsumers ? 'consumers' : '', breaksProducers ? 'producers' : ''].filter((one) => one !== '');
    return `${path} ${kind}${who.length === 0 ? '' : ` breaks ${who.join(' and ')}`}`;
  });
}

describe('a comparison tells', () => {
  test.each<[string, object, object, string[]]>([
    ['no change', object({ a: TEXT }, ['a']), object({ a: TEXT }, ['a']), []],
    ['a new field', object({}), object({ a: TEXT }), ['/detail/a field-added']],
    [
      'a new field that must be there',
      object({}),
      object({ a: TEXT }, ['a']),
      ['/detail/a field-added breaks producers'],
    ],
    ['a field that is gone', object({ a: TEXT }, ['a']), object({}), ['/detail/a field-removed breaks consumers']],
    [
      'a field with another name',
      object({ orderId: TEXT }, ['orderId']),
      object({ order_id: TEXT }, ['order_id']),
      ['/detail/orderId field-renamed breaks consumers and producers'],
    ],
    [
      'a field that may be missing',
      object({ a: TEXT }, ['a']),
      object({ a: TEXT }),
      ['/detail/a field-optional breaks consumers'],
    ],
    [
      'a field that must be there',
      object({ a: TEXT }),
      object({ a: TEXT }, ['a']),
      ['/detail/a field-required breaks producers'],
    ],
    [
      'another type',
      object({ a: TEXT }),
      object({ a: { type: 'integer' } }),
      ['/detail/a type-added breaks consumers', '/detail/a type-removed breaks producers'],
    ],
    [
      'whole numbers that may be others',
      object({ a: { type: 'integer' } }),
      object({ a: { type: 'number' } }),
      ['/detail/a type-added breaks consumers'],
    ],
    [
      'numbers that must be whole',
      object({ a: { type: 'number' } }),
      object({ a: { type: 'integer' } }),
      ['/detail/a type-removed breaks producers'],
    ],
    [
      'null that may come',
      object({ a: TEXT }),
      object({ a: { ...TEXT, nullable: true } }),
      ['/detail/a type-added breaks consumers'],
    ],
    [
      'a type where there was none',
      object({ a: {} }),
      object({ a: TEXT }),
      ['/detail/a type-removed breaks producers'],
    ],
    [
      'values of an enumeration',
      object({ a: { ...TEXT, enum: ['x', 'y'] } }),
      object({ a: { ...TEXT, enum: ['x', 'z'] } }),
      ['/detail/a enum-value-added breaks consumers', '/detail/a enum-value-removed breaks producers'],
    ],
    [
      'a format that is lost',
      object({ a: { ...TEXT, format: 'date-time' } }),
      object({ a: TEXT }),
      ['/detail/a format-changed breaks consumers'],
    ],
    [
      'limits',
      object({ a: { ...TEXT, maxLength: 5 } }),
      object({ a: { ...TEXT, maxLength: 9 } }),
      ['/detail/a limit-widened breaks consumers'],
    ],
    [
      'a limit that is new',
      object({ a: { type: 'integer' } }),
      object({ a: { type: 'integer', minimum: 1 } }),
      ['/detail/a limit-narrowed breaks producers'],
    ],
    [
      'a pattern',
      object({ a: TEXT }),
      object({ a: { ...TEXT, pattern: '^x' } }),
      ['/detail/a pattern-changed breaks producers'],
    ],
    [
      'closed objects',
      object({}),
      object({}, [], { additionalProperties: false }),
      ['/detail other-fields-forbidden breaks producers'],
    ],
    [
      'what is in lists and maps',
      object({ a: { type: 'array', items: object({ b: TEXT }) }, m: { type: 'object', additionalProperties: TEXT } }),
      object({
        a: { type: 'array', items: object({ b: { type: 'boolean' } }) },
        m: { type: 'object', additionalProperties: { type: 'boolean' } },
      }),
      [
        '/detail/a/*/b type-added breaks consumers',
        '/detail/a/*/b type-removed breaks producers',
        '/detail/m/* type-added breaks consumers',
        '/detail/m/* type-removed breaks producers',
      ],
    ],
    [
      'what it does not look into',
      object({ a: { not: TEXT } }),
      object({ a: { not: {} } }),
      ['/detail/a constraint-changed breaks consumers and producers'],
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  test('nothing when the same is written another way', () => {
    const inline = openApi('Order', object({ a: object({ b: TEXT }), u: { anyOf: [TEXT, { type: 'boolean' }] } }));
    const moved = openApi(
      'Order',
      object({ a: { $ref: '#/components/schemas/A' }, u: { oneOf: [{ type: 'boolean' }, TEXT] } }),
      { A: object({ b: TEXT }) },
    );
    expect(compareContents(contentOf(inline), contentOf(moved)).changes).toEqual([]);
  });

  test('schemas that lead back to themselves', () => {
    const tree = (leaf: object) => openApi('Tree', object({ child: { $ref: '#/components/schemas/Tree' }, leaf }));
    expect(compareContents(contentOf(tree(TEXT)), contentOf(tree({ type: 'integer' }))).changes).toHaveLength(2);
  });

  test('JSON Schema and OpenAPI of the same', () => {
    const draft4 = { type: 'object', properties: { a: { type: ['string', 'null'] } } };
    const open = openApi('Order', object({ a: { type: 'string', nullable: true } }));
    expect(compareContents(contentOf(draft4), contentOf(open)).changes).toEqual([]);
  });
});

const leaf = fc.oneof(
  fc.constantFrom('x', '2019-02-26T19:42:21Z'),
  fc.integer({ max: 3 }),
  fc.constant(1.5),
  fc.boolean(),
  fc.constant(null),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('json'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('json'), { maxKeys: 3 }),
  ),
}));
const detail = fc.dictionary(fc.constantFrom('a', 'b', 'c'), json, { maxKeys: 3 });

test('a version that breaks no producer allows every event of the version before', () => {
  const render = (details: readonly unknown[]): SchemaContent =>
    contentOf(renderEvent({ source: 's', detailType: 'd' }, details.map(inferShape).reduce(mergeShapes, NOTHING)));
  const list = fc.array(detail, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(list, list, (one, other) => {
      const [before, after] = [render(one), render(other)];
      if (compareContents(before, after).breaksProducers) return;
      const compiled = compileContent(after);
      if ('problem' in compiled) throw new Error(compiled.problem);
      for (const seen of one) expect(compiled.schema.validate(eventOf(seen))).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

// Null by itself and an empty list are schemas that allow anything, as AWS writes them: to know more of them is to allow less.
test('what discovery adds never breaks a producer, where something was known', () => {
  const known = detail.filter((one) => !/null|\[\]/.test(JSON.stringify(one)));
  fc.assert(
    fc.property(fc.array(known, { minLength: 2, maxLength: 4 }), (details) => {
      const shapes = details.map(inferShape);
      const before = shapes.slice(0, -1).reduce(mergeShapes, NOTHING);
      const [old, now] = [before, shapes.reduce(mergeShapes, NOTHING)].map((shape) =>
        contentOf(renderEvent({ source: 's', detailType: 'd' }, shape)),
      ) as [SchemaContent, SchemaContent];
      expect(compareContents(old, now).changes.filter(({ breaksProducers }) => breaksProducers)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
