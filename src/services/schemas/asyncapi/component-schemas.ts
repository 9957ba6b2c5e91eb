// A message's schema as AsyncAPI 3.0's own dialect has it: JSON Schema draft 7, in which draft 4 differs by exclusive limits only. References lead into the
// document's components, where each message's definitions have its key before their name.

import { isObject, memberOf } from '#structures/json-schema/pointer.ts';
import type { JsonObject, SchemaContent } from '../content.ts';
import { toDraft4 } from '../draft4.ts';

const DEFINITIONS = '#/definitions/';

/** The event's schema under `key`, its definitions under `key.Name`. */
export function componentSchemas(key: string, content: SchemaContent): JsonObject {
  const { $schema: _, definitions = {}, ...root } = content.type === 'OpenApi3' ? toDraft4(content) : content.document;
  const nameOf = (name: string): string => `${key}.${name.replace(/[^A-Za-z0-9._-]/g, '-')}`;
  const isWhole = content.describes === 'event';
  const schema = converted(root, nameOf);
  return Object.fromEntries([
    [key, isWhole ? schema : { type: 'object', required: ['detail'], properties: { detail: schema } }],
    ...Object.entries(isObject(definitions) ? definitions : {}).map(
      ([name, one]) => [nameOf(name), converted(one, nameOf)] as const,
    ),
  ]);
}

function converted(schema: unknown, nameOf: (name: string) => string): unknown {
  if (Array.isArray(schema)) return (schema as unknown[]).map((one) => converted(one, nameOf));
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).flatMap(([name, value]): (readonly [string, unknown])[] => {
    if (name === '$ref' && typeof value === 'string' && value.startsWith(DEFINITIONS)) {
      return [[name, `#/components/schemas/${nameOf(value.slice(DEFINITIONS.length))}`]];
    }
    if (MAPS.has(name) && isObject(value)) {
      return [[name, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, converted(one, nameOf)]))]];
    }
    const limit = Object.hasOwn(EXCLUSIVE, name) ? EXCLUSIVE[name] : undefined;
    if (limit !== undefined && typeof value === 'boolean') return value ? [[name, memberOf(schema, limit)]] : [];
    const isTakenOver = Object.entries(EXCLUSIVE).some(
      ([flag, own]) => own === name && memberOf(schema, flag) === true,
    );
    return isTakenOver ? [] : [[name, DATA.has(name) ? value : converted(value, nameOf)]];
  });
  return Object.fromEntries(members);
}

/** Schemas by names that are data. */
const MAPS = new Set(['properties', 'patternProperties', 'dependencies']);
/** Draft 4's flags, and the limits they take out; draft 7 has the limit itself under the flag's name. */
const EXCLUSIVE: Readonly<Record<string, string>> = { exclusiveMinimum: 'minimum', exclusiveMaximum: 'maximum' };
/** Values, not schemas. */
const DATA = new Set(['enum', 'default', 'required', 'example']);
