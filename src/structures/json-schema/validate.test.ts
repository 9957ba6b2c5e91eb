import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSchema, type Dialect } from './validate.ts';

function violationOf(schema: unknown, value: unknown, dialect: Dialect = 'draft-4') {
  const compiled = compileSchema({ dialect, document: schema });
  if ('problem' in compiled) throw new Error(compiled.problem);
  return compiled.schema.validate(value);
}
const problemOf = (schema: unknown, dialect: Dialect = 'draft-4') => {
  const compiled = compileSchema({ dialect, document: schema });
  return 'problem' in compiled ? compiled.problem : undefined;
};

const ORDER = {
  type: 'object',
  required: ['id', 'lines'],
  properties: {
    id: { type: 'string', pattern: '^[A-Z]{2}-\\d+$' },
    total: { type: 'number', minimum: 0 },
    lines: { type: 'array', minItems: 1, items: { $ref: '#/definitions/Line' } },
  },
  definitions: {
    Line: {
      type: 'object',
      required: ['sku'],
      properties: { sku: { type: 'string' }, count: { type: 'integer' }, 'a/b~c': { enum: ['x'] } },
      additionalProperties: false,
    },
  },
};

describe('validation', () => {
  test.each([
    [{ id: 'AB-1', lines: [{ sku: 's' }] }, undefined],
    [{ lines: [{ sku: 's' }] }, '/id is missing'],
    [{ id: 'ab-1', lines: [{ sku: 's' }] }, '/id does not match ^[A-Z]{2}-\\d+$'],
    [{ id: 'AB-1', lines: [] }, '/lines must have at least 1 elements'],
    [{ id: 'AB-1', lines: [{ sku: 's' }, { sku: 7 }] }, '/lines/1/sku must be string, not integer'],
    [{ id: 'AB-1', lines: [{ sku: 's', count: 1.5 }] }, '/lines/0/count must be integer, not number'],
    [{ id: 'AB-1', lines: [{ sku: 's', 'a/b~c': 'y' }] }, '/lines/0/a~1b~0c must be one of "x"'],
    [{ id: 'AB-1', lines: [{ sku: 's', weight: 1 }] }, '/lines/0/weight is not known to the schema'],
    [{ id: 'AB-1', lines: [{ sku: 's' }], total: -1 }, '/total must be at least 0'],
    ['AB-1', ' must be object, not string'],
  ])('%j: %s', (value, expected) => {
    const found = violationOf(ORDER, value);
    expect(found === undefined ? undefined : `${found.path} ${found.message}`).toBe(expected);
  });

  test('alternatives, negation, dependencies and lists work as in draft 4', () => {
    const choice = { oneOf: [{ type: 'integer' }, { minimum: 2 }] };
    expect(violationOf(choice, 1)).toBeUndefined();
    expect(violationOf(choice, 3)?.message).toBe('fits 2 of 2 alternatives, not exactly one');
    expect(violationOf({ anyOf: [{ type: 'string' }, { type: 'array' }] }, 1)?.message).toBe(
      'fits none of 2 alternatives; the first: must be string, not integer',
    );
    expect(violationOf({ not: { type: 'null' } }, null)?.message).toBe('fits what it must not fit');
    expect(violationOf({ dependencies: { card: ['billing'] } }, { card: 1 })?.path).toBe('/billing');
    expect(violationOf({ uniqueItems: true }, [{ a: 1, b: 2 }, 3, { b: 2, a: 1 }])?.path).toBe('/2');
    expect(violationOf({ items: [{ type: 'string' }], additionalItems: false }, ['a', 'b'])?.path).toBe('/1');
    expect(
      violationOf({ patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false }, { 'x-a': 1 })
        ?.path,
    ).toBe('/x-a');
    expect(violationOf({ minimum: 1, exclusiveMinimum: true }, 1)?.message).toBe('must be above 1');
    expect(violationOf({ multipleOf: 0.1 }, 0.3)).toBeUndefined();
    expect(violationOf({ maxLength: 2 }, '😀😀')).toBeUndefined();
    expect(violationOf({ type: ['string', 'null'] }, null)).toBeUndefined();
  });

  test('OpenAPI allows null where it says so', () => {
    const schema = { type: 'string', nullable: true };
    expect(violationOf(schema, null, 'openapi-3')).toBeUndefined();
    expect(violationOf(schema, null, 'draft-4')?.message).toBe('must be string, not null');
    expect(violationOf({ type: 'integer', format: 'int32' }, 2 ** 31, 'openapi-3')?.message).toBe('is no int32');
  });

  test('a schema that refers to itself follows the value, not itself', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' }, name: { type: 'string' } } };
    expect(violationOf(tree, { child: { child: { name: 1 } } })?.path).toBe('/child/child/name');
  });

  test('a schema that takes for ever is told so', () => {
    const circle = { definitions: { a: { $ref: '#/definitions/a' } }, $ref: '#/definitions/a' };
    expect(violationOf(circle, 1)?.message).toMatch(/too many steps/);
    const definitions: Record<string, unknown> = { d0: { type: 'object' } };
    for (let i = 1; i < 60; i += 1) {
      const before = { $ref: `#/definitions/d${i - 1}` };
      definitions[`d${i}`] = { allOf: [before, before] };
    }
    expect(violationOf({ definitions, allOf: [{ $ref: '#/definitions/d59' }] }, {})?.message).toMatch(/too many steps/);
    // Also where a failure would be good news.
    expect(violationOf({ definitions: circle.definitions, not: { $ref: '#/definitions/a' } }, 1)?.message).toMatch(
      /too many/,
    );
  });

  test.each([
    [
      { $ref: 'https://example.com/x.json' },
      '# refers to https://example.com/x.json, which is outside of this document',
    ],
    [{ $ref: '#/definitions/missing' }, '#/definitions/missing leads nowhere in this document'],
    [{ properties: { a: { const: 1 } } }, '#/properties/a has const, a keyword of a later draft'],
    [{ exclusiveMinimum: 3 }, '#/exclusiveMinimum is a number, as in later drafts'],
    [{ type: 'text' }, '#/type is no type of JSON'],
    [{ required: 'a' }, '#/required is no list of names'],
    [{ pattern: '(a)\\1' }, '#/pattern is a pattern that cannot be used: back references are not available'],
    [{ items: 3 }, '#/items is no schema'],
    [true, '# is no schema'],
  ])('%j cannot be used: %s', (schema, problem) => {
    expect(problemOf(schema)).toBe(problem);
  });

  test('a schema nested without end is no danger', () => {
    let schema: unknown = {};
    for (let i = 0; i < 5_000; i += 1) schema = { not: schema };
    expect(problemOf(schema)).toMatch(/nested too deeply/);
  });

  test('whatever a stranger calls a schema neither throws nor hangs', () => {
    const name = fc.constantFrom(
      'type',
      'properties',
      'items',
      'anyOf',
      'not',
      '$ref',
      'enum',
      'required',
      'minimum',
      '__proto__',
      'pattern',
    );
    const { part } = fc.letrec<{ part: unknown }>((tie) => ({
      part: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('object', '#', '#/not', 'integer', 1, -1, true, null, []),
        fc.array(tie('part'), { maxLength: 3 }),
        fc.array(fc.tuple(name, tie('part')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
      ),
    }));
    fc.assert(
      fc.property(part, part, (schema, value) => {
        const compiled = compileSchema({ dialect: 'draft-4', document: schema });
        if ('schema' in compiled) compiled.schema.validate(value);
      }),
      { numRuns: 500 },
    );
  });
});
