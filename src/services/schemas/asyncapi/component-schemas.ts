// A message's schema as AsyncAPI 3.0's own dialect has it: JSON Schema draft 7, in which draft 4 differs by exclusive limits only. References lead into the
// document's components, where each message's definitions have its key before their name.

import { formatPointer, isObject, memberOf, parseFragment } from '#structures/json-schema/pointer.ts';
import type { JsonObject, SchemaContent } from '../content.ts';
import { toDraft4 } from '../draft4.ts';
import type { Keys } from './keys.ts';

/** The event's schema under `key`, its definitions under `key.Name`. */
export function componentSchemas(
  key: string,
  { content, keys }: { readonly content: SchemaContent; readonly keys: Keys },
): JsonObject {
  const { $schema: _, definitions, ...root } = content.type === 'OpenApi3' ? toDraft4(content) : content.document;
  const parts = Object.entries(isObject(definitions) ? definitions : {});
  const keyOf = new Map(parts.map(([name]) => [name, keys.of(`${key}.${name}`)]));
  const isWhole = content.describes === 'event';
  const referred: Referred = (reference) =>
    referredFrom(isWhole ? [key] : [key, 'properties', 'detail'], { reference, keyOf });
  const schema = converted(root, referred);
  return Object.fromEntries([
    [key, isWhole ? schema : { type: 'object', required: ['detail'], properties: { detail: schema } }],
    ...parts.map(([name, one]) => [keyOf.get(name) as string, converted(one, referred)] as const),
  ]);
}

/** Where a reference of the schema's own document leads in the components. */
type Referred = (reference: string) => string;

function referredFrom(
  rootKeys: readonly string[],
  { reference, keyOf }: { readonly reference: string; readonly keyOf: ReadonlyMap<string, string> },
): string {
  const keys = parseFragment(reference);
  // Out of the document: it means the same from here.
  if (keys === undefined) return reference;
  const [first, name = '', ...rest] = keys;
  const component = first === 'definitions' ? keyOf.get(name) : undefined;
  return fragmentOf(component === undefined ? [...rootKeys, ...keys] : [component, ...rest]);
}

/** Percent-encoded, but for halves of characters, which have no encoding. */
function fragmentOf(keys: readonly string[]): string {
  const pointer = formatPointer(['components', 'schemas', ...keys]);
  return `#${pointer.replace(/[^A-Za-z0-9._~/-]/gu, (character) => (/\p{Cs}/u.test(character) ? character : encodeURIComponent(character)))}`;
}

function converted(schema: unknown, referred: Referred): unknown {
  if (Array.isArray(schema)) return (schema as unknown[]).map((one) => converted(one, referred));
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).flatMap(([name, value]): (readonly [string, unknown])[] => {
    if (name === '$ref' && typeof value === 'string') return [[name, referred(value)]];
    if (MAPS.has(name) && isObject(value)) {
      return [[name, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, converted(one, referred)]))]];
    }
    const limit = Object.hasOwn(EXCLUSIVE, name) ? EXCLUSIVE[name] : undefined;
    if (limit !== undefined && typeof value === 'boolean') return value ? [[name, memberOf(schema, limit)]] : [];
    const isTakenOver = Object.entries(EXCLUSIVE).some(
      ([flag, own]) => own === name && memberOf(schema, flag) === true,
    );
    return isTakenOver ? [] : [[name, DATA.has(name) ? value : converted(value, referred)]];
  });
  return Object.fromEntries(members);
}

/** Schemas by names that are data. */
const MAPS = new Set(['properties', 'patternProperties', 'dependencies']);
/** Draft 4's flags, and the limits they take out; draft 7 has the limit itself under the flag's name. */
const EXCLUSIVE: Readonly<Record<string, string>> = { exclusiveMinimum: 'minimum', exclusiveMaximum: 'maximum' };
/** Values, not schemas. */
const DATA = new Set(['enum', 'default', 'required', 'example']);
