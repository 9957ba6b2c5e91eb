// A schema as a comparison sees it: by the types of JSON that it allows, each with what the schema says of it. Type lists, `nullable`, references and
// alternatives that differ in type are only ways to write the same thing down.

import { isObject, memberOf } from '#structures/json-schema/pointer.ts';
import { type JsonObject, resolved, type SchemaContent } from '../content.ts';

export const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;
export type TypeName = (typeof TYPES)[number];

export interface SchemaView {
  /** Undefined: any type. */
  readonly byType: ReadonlyMap<TypeName, JsonObject> | undefined;
  /** What applies whatever the type. */
  readonly schema: JsonObject;
  /** Where references lead: for walking in circles. */
  readonly identity: unknown;
}

/** What a schema that leads nowhere, or none at all, is taken for. */
const ANYTHING: JsonObject = {};

export function viewOf(content: SchemaContent, given: unknown): SchemaView {
  const schema = resolved(content, given) ?? ANYTHING;
  return { byType: typesOf(content, schema), schema, identity: schema };
}

function typesOf(content: SchemaContent, schema: JsonObject): ReadonlyMap<TypeName, JsonObject> | undefined {
  const types = new Map<TypeName, JsonObject>();
  const alternatives = memberOf(schema, 'anyOf') ?? memberOf(schema, 'oneOf');
  if (Array.isArray(alternatives) && memberOf(schema, 'type') === undefined) {
    for (const alternative of alternatives as unknown[]) {
      const part = resolved(content, alternative);
      const own = part === undefined ? undefined : plainTypes(part);
      // Alternatives of one type are no choice of types: they are compared as they are written.
      if (part === undefined || own === undefined || own.some((type) => types.has(type))) return undefined;
      for (const type of own) types.set(type, part);
    }
    return types;
  }
  const own = plainTypes(schema);
  if (own === undefined) return undefined;
  for (const type of own) types.set(type, schema);
  return types;
}

function plainTypes(schema: JsonObject): readonly TypeName[] | undefined {
  const type = memberOf(schema, 'type');
  const names = (type === undefined ? impliedTypes(schema) : [type].flat()) as readonly TypeName[] | undefined;
  if (names === undefined || !names.every((name) => TYPES.includes(name))) return undefined;
  const hasNull = memberOf(schema, 'nullable') === true && !names.includes('null');
  return hasNull ? [...names, 'null'] : names;
}

/** What is written without a type and can only mean one. */
function impliedTypes(schema: JsonObject): readonly TypeName[] | undefined {
  if (isObject(memberOf(schema, 'properties'))) return ['object'];
  return memberOf(schema, 'items') === undefined ? undefined : ['array'];
}
