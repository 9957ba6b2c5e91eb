// A schema as classes, the way code sees it: what the generators of all languages start from. Names of classes and fields are data from strangers; each
// language makes identifiers of them (identifiers.ts) and writes the original names as string literals only.

import { isObject, memberOf, parseFragment } from '#structures/json-schema/pointer.ts';
import { type JsonObject, resolved, type SchemaContent } from '../content.ts';
import { pascalCase } from '../names.ts';

export type FieldType =
  | { readonly kind: 'text' | 'instant' | 'integer' | 'number' | 'boolean' | 'any' }
  | { readonly kind: 'list'; readonly of: FieldType }
  | { readonly kind: 'map'; readonly of: FieldType }
  | { readonly kind: 'class'; readonly name: string };

export interface Field {
  /** As it stands in the JSON. */
  readonly name: string;
  readonly type: FieldType;
  /** Always there, and never null. */
  readonly isRequired: boolean;
}

export interface ClassModel {
  /** An identifier in every language. */
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface BindingModel {
  /** `['schema', 'aws', 'ec2', 'ec2instancestatechangenotification']`, as AWS's packages are named. */
  readonly packagePath: readonly string[];
  /** The root first. */
  readonly classes: readonly ClassModel[];
}

/** More would be no binding that anybody reads. */
const CLASSES_MAX = 500;

export class BindingProblem extends Error {}

export function modelOf(content: SchemaContent, schemaName: string): BindingModel {
  const builder = new ModelBuilder(content);
  builder.addDefinitions();
  if (builder.classes.length === 0) throw new BindingProblem('the schema has no object to make a class of');
  return { packagePath: packagePathOf(schemaName), classes: builder.classes };
}

function packagePathOf(schemaName: string): readonly string[] {
  const parts = schemaName
    .toLowerCase()
    .split(/[@./]+/)
    .map((part) => part.replace(/[^a-z0-9]/g, ''))
    .filter((part) => part !== '')
    .map((part) => (/^[a-z]/.test(part) ? part : `p${part}`));
  return ['schema', ...parts];
}

class ModelBuilder {
  readonly classes: ClassModel[] = [];
  private readonly names = new Map<string, string>();
  private readonly taken = new Set<string>();

  constructor(private readonly content: SchemaContent) {}

  /** The root and every definition that is an object; the places they stand at are what references name. */
  addDefinitions(): void {
    const { definitions, root, rootName, title } = this.content;
    const names = Object.keys(definitions).filter((name) => isClass(definitions[name]));
    const ordered = rootName === undefined ? names : [rootName, ...names.filter((name) => name !== rootName)];
    const own = rootName === undefined && isClass(root) ? this.freshName(title ?? 'Event') : undefined;
    for (const name of ordered) this.names.set(name, this.freshName(name));
    if (own !== undefined) this.addClass(own, root as JsonObject);
    for (const name of ordered) {
      const schema = definitions[name];
      if (isClass(schema)) this.addClass(this.names.get(name) as string, schema);
    }
  }

  private addClass(name: string, schema: JsonObject): void {
    // In its place before its fields, which may add classes.
    const fields: Field[] = [];
    this.classes.push({ name, fields });
    if (this.classes.length > CLASSES_MAX) throw new BindingProblem(`it would have more than ${CLASSES_MAX} classes`);
    const required = memberOf(schema, 'required');
    const names = Array.isArray(required) ? (required as unknown[]) : [];
    for (const [field, inner] of Object.entries(propertiesOf(schema))) {
      const isNullable = this.isNullable(inner);
      fields.push({
        name: field,
        type: this.typeOf(inner, `${name} ${pascalCase(field)}`),
        isRequired: names.includes(field) && !isNullable,
      });
    }
  }

  private isNullable(schema: unknown): boolean {
    const found = resolved(this.content, schema);
    if (found === undefined) return true;
    const type = memberOf(found, 'type');
    const hasNull = Array.isArray(type) && (type as unknown[]).includes('null');
    const isOpen = type === undefined && memberOf(found, 'properties') === undefined;
    return hasNull || isOpen || memberOf(found, 'nullable') === true;
  }

  private typeOf(schema: unknown, path: string): FieldType {
    const reference = isObject(schema) ? memberOf(schema, '$ref') : undefined;
    if (typeof reference === 'string') {
      const name = this.names.get(parseFragment(reference)?.at(-1) ?? '');
      if (name !== undefined) return { kind: 'class', name };
    }
    const found = resolved(this.content, schema);
    if (found === undefined) return { kind: 'any' };
    const types = [memberOf(found, 'type')].flat().filter((one) => one !== 'null' && one !== undefined);
    if (types.length > 1) return { kind: 'any' };
    return this.plainType(found, types[0], path);
  }

  private plainType(schema: JsonObject, type: unknown, path: string): FieldType {
    if (isClass(schema)) {
      const name = this.freshName(path);
      this.addClass(name, schema);
      return { kind: 'class', name };
    }
    switch (type) {
      case 'string':
        return { kind: memberOf(schema, 'format') === 'date-time' ? 'instant' : 'text' };
      case 'integer':
      case 'number':
      case 'boolean':
        return { kind: type };
      case 'array': {
        const items = memberOf(schema, 'items');
        return { kind: 'list', of: isObject(items) ? this.typeOf(items, `${path} Item`) : { kind: 'any' } };
      }
      case 'object': {
        const others = memberOf(schema, 'additionalProperties');
        return { kind: 'map', of: isObject(others) ? this.typeOf(others, `${path} Value`) : { kind: 'any' } };
      }
      default:
        return { kind: 'any' };
    }
  }

  /** An identifier that no other class has, also where names differ in case only: file systems may not tell them apart. */
  private freshName(wanted: string): string {
    const base = pascalCase(wanted).slice(0, 100);
    const start = /^[A-Za-z]/.test(base) ? base : `Class${base}`;
    for (let i = 0; ; i += 1) {
      const name = i === 0 ? start : `${start}_${i}`;
      if (this.taken.has(name.toLowerCase()) || RESERVED.has(name.toLowerCase())) continue;
      this.taken.add(name.toLowerCase());
      return name;
    }
  }
}

/** Classes that the generated code itself has or uses. */
const RESERVED = new Set([
  ...[
    'marshaller',
    'object',
    'string',
    'list',
    'map',
    'long',
    'double',
    'boolean',
    'instant',
    'any',
    'optional',
    'dict',
  ],
  ...['values', 'function', 'integer', 'index', 'json', 'marshal', 'unmarshal', 'error', 'type', 'time', 'errors'],
  ...[
    'arraylist',
    'linkedhashmap',
    'none',
    'true',
    'false',
    'datetime',
    'date',
    'record',
    'array',
    'number',
    'override',
  ],
]);

function isClass(schema: unknown): schema is JsonObject {
  return isObject(schema) && isObject(memberOf(schema, 'properties')) && typeof memberOf(schema, '$ref') !== 'string';
}

function propertiesOf(schema: JsonObject): JsonObject {
  const properties = memberOf(schema, 'properties');
  return isObject(properties) ? properties : {};
}
