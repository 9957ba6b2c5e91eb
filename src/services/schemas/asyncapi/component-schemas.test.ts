import { expect, test } from 'vitest';
import { parseFragment, valueAt } from '#structures/json-schema/pointer.ts';
import { parseContent, type SchemaContent } from '../content.ts';
import type { SchemaType } from '../documents.ts';
import { openApi } from '../testing.ts';
import { componentSchemas } from './component-schemas.ts';
import { Keys } from './keys.ts';

function contentOf(document: object, type: SchemaType): SchemaContent {
  const parsed = parseContent(JSON.stringify(document), type);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.content;
}

const draft4 = (document: object, keys = new Keys()) =>
  componentSchemas('shop.Placed', { content: contentOf(document, 'JSONSchemaDraft4'), keys });

test('limits that are exclusive in draft 4 are limits of their own in draft 7', () => {
  const properties = {
    open: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
    // A field may have a keyword's name.
    minimum: { type: 'integer', maximum: 3, exclusiveMaximum: true },
    enum: { enum: [{ minimum: 1, exclusiveMinimum: true }] },
  };
  expect(draft4({ properties })).toEqual({
    'shop.Placed': {
      type: 'object',
      required: ['detail'],
      properties: {
        detail: {
          properties: {
            open: { type: 'number', exclusiveMinimum: 0, maximum: 9 },
            minimum: { type: 'integer', exclusiveMaximum: 3 },
            enum: { enum: [{ minimum: 1, exclusiveMinimum: true }] },
          },
        },
      },
    },
  });
});

/** What each reference of the document leads to. */
function targetsOf(schemas: object): unknown[] {
  const document = JSON.parse(JSON.stringify({ components: { schemas } })) as object;
  return [...JSON.stringify(schemas).matchAll(/"\$ref":("[^"]*")/g)].map(([, text]) => {
    const keys = parseFragment(JSON.parse(text as string) as string);
    return keys === undefined ? undefined : valueAt(document, keys);
  });
}

test('references lead where they led, also to names that no component can have', () => {
  const schemas = draft4({
    definitions: {
      'a/b': { title: 'slash' },
      'a-b': { title: 'hyphen' },
      'ü%': { properties: { 'x y': { title: 'deep' } } },
    },
    properties: {
      one: { $ref: '#/definitions/a~1b' },
      other: { $ref: '#/definitions/a-b' },
      deep: { $ref: '#/definitions/%C3%BC%25/properties/x%20y' },
      own: { $ref: '#/properties/titled' },
      titled: { title: 'own' },
    },
  });
  expect(targetsOf(schemas)).toEqual([{ title: 'slash' }, { title: 'hyphen' }, { title: 'deep' }, { title: 'own' }]);
  expect(Object.keys(schemas).every((key) => /^[A-Za-z0-9._-]+$/.test(key))).toBe(true);
});

test('a schema that refers to itself still does', () => {
  const node = { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } };
  const content = contentOf(openApi('Node', node), 'OpenApi3');
  const schemas = componentSchemas('shop.Node', { content, keys: new Keys() });
  const [found] = targetsOf(schemas);
  expect(found).toMatchObject({ type: 'object', properties: { next: { $ref: expect.any(String) } } });
});

test('definitions of one message never take the place of another', () => {
  const keys = new Keys();
  const placed = keys.of('shop.Placed');
  const line = keys.of('shop.Placed.Line');
  const one = componentSchemas(placed, {
    content: contentOf({ definitions: { Line: { title: 'definition' } } }, 'JSONSchemaDraft4'),
    keys,
  });
  expect(Object.keys(one)).not.toContain(line);
  expect(Object.values(one)).toContainEqual({ title: 'definition' });
});

test('hostile names end nothing', () => {
  const schemas = draft4(
    JSON.parse(
      '{"definitions":{"__proto__":{"title":"p"},"\\ud800":{"title":"h"}},"properties":{"a":{"$ref":"#/definitions/__proto__"},"b":{"$ref":"#/\\ud800/x"},"c":{"$ref":"%"}}}',
    ) as object,
  );
  expect(targetsOf(schemas)).toEqual([{ title: 'p' }, undefined, undefined]);
});
