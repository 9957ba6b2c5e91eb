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
  const { rootName } = content;
  const definitions = Object.entries(content.definitions)
    .filter(([name]) => name !== rootName)
    .map(([name, schema]) => [name, converted(schema, rootName)] as const);
  const root = isObject(content.root) ? (converted(content.root, rootName) as JsonObject) : {};
  return {
    $schema: 'http://json-schema.org/draft-04/schema#',
    ...(content.title === undefined ? {} : { title: content.title }),
    ...(definitions.length === 0 ? {} : { definitions: Object.fromEntries(definitions) }),
    ...sortedByName(root),
  };
}

function converted(schema: unknown, rootName: string | undefined): unknown {
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).flatMap(([name, value]) =>
    OPENAPI_ONLY.has(name) ? [] : [[name, convertedKeyword(name, value, rootName)] as const],
  );
  const draft = Object.fromEntries(members);
  const type = memberOf(schema, 'type');
  if (memberOf(schema, 'nullable') === true && typeof type === 'string') draft['type'] = [type, 'null'];
  return sortedByName(draft);
}

function convertedKeyword(name: string, value: unknown, rootName: string | undefined): unknown {
  if (name === '$ref' && typeof value === 'string') return referred(value, rootName);
  if (name === 'properties' && isObject(value)) {
    const members = Object.entries(value).map(([key, schema]) => [key, converted(schema, rootName)] as const);
    return sortedByName(Object.fromEntries(members));
  }
  if (['items', 'additionalProperties', 'not'].includes(name)) return converted(value, rootName);
  if (['allOf', 'anyOf', 'oneOf'].includes(name) && Array.isArray(value)) {
    return (value as unknown[]).map((one) => converted(one, rootName));
  }
  return value;
}

/** The root is no definition: it is the document. */
function referred(reference: string, rootName: string | undefined): string {
  if (!reference.startsWith(COMPONENTS)) return reference;
  const [name, ...rest] = reference.slice(COMPONENTS.length).split('/');
  return name === rootName ? ['#', ...rest].join('/') : DEFINITIONS + reference.slice(COMPONENTS.length);
}

function sortedByName(object: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}
