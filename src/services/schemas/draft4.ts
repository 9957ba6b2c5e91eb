// An OpenAPI 3 schema as JSON Schema draft 4, laid out as AWS exports it: components become definitions, the event's own members stand at the top, in the
// order of their names. Source: AWS CLI examples, export-schema.

import { isObject, memberOf } from '#structures/json-schema/pointer.ts';
import type { JsonObject, SchemaContent } from './content.ts';

const COMPONENTS = '#/components/schemas/';
const DEFINITIONS = '#/definitions/';
/** Keywords of OpenAPI that draft 4 does not have. */
const OPENAPI_ONLY = new Set([
  'nullable',
  'discriminator',
  'readOnly',
  'writeOnly',
  'xml',
  'externalDocs',
  'example',
  'deprecated',
]);

export function toDraft4(content: SchemaContent): JsonObject {
  const definitions = Object.entries(content.definitions)
    .filter(([name]) => name !== content.rootName)
    .map(([name, schema]) => [name, converted(schema)] as const);
  const root = isObject(content.root) ? (converted(content.root) as JsonObject) : {};
  return {
    $schema: 'http://json-schema.org/draft-04/schema#',
    ...(content.title === undefined ? {} : { title: content.title }),
    ...(definitions.length === 0 ? {} : { definitions: Object.fromEntries(definitions) }),
    ...sortedByName(root),
  };
}

function converted(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).flatMap(([name, value]) =>
    OPENAPI_ONLY.has(name) ? [] : [[name, convertedKeyword(name, value)] as const],
  );
  const draft = Object.fromEntries(members);
  const type = memberOf(schema, 'type');
  if (memberOf(schema, 'nullable') === true && typeof type === 'string') draft['type'] = [type, 'null'];
  return sortedByName(draft);
}

function convertedKeyword(name: string, value: unknown): unknown {
  if (name === '$ref' && typeof value === 'string' && value.startsWith(COMPONENTS)) {
    return DEFINITIONS + value.slice(COMPONENTS.length);
  }
  if (name === 'properties' && isObject(value)) {
    return sortedByName(Object.fromEntries(Object.entries(value).map(([key, schema]) => [key, converted(schema)])));
  }
  if (['items', 'additionalProperties', 'not'].includes(name)) return converted(value);
  if (['allOf', 'anyOf', 'oneOf'].includes(name) && Array.isArray(value)) return (value as unknown[]).map(converted);
  return value;
}

function sortedByName(object: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}
