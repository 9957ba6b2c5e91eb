// Columns of a table, from a schema's text: Glue's own form, or JSON Schema. Types are Hive's.

import type { Conversion } from '../performing.ts';

type Columns = Conversion['columns'];
type Json = Readonly<Record<string, unknown>>;

const DEPTH_MAX = 32;

/** Undefined: the text tells no column. Total: a schema may be anything. */
export function columnsOf(content: string): Columns | undefined {
  const document = parsed(content);
  if (document === undefined) return undefined;
  const columns = glueColumns(document) ?? schemaColumns(document);
  return columns.length === 0 ? undefined : columns;
}

function parsed(content: string): Json | undefined {
  try {
    const document: unknown = JSON.parse(content);
    return isJson(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** What `aws glue get-table` prints, or its Table, or the StorageDescriptor alone; anywhere at the top of a schema. */
function glueColumns(document: Json): Columns | undefined {
  const table = isJson(document['Table']) ? document['Table'] : document;
  const descriptor = isJson(table['StorageDescriptor']) ? table['StorageDescriptor'] : table;
  const listed = descriptor['Columns'];
  if (!Array.isArray(listed)) return undefined;
  const columns = (listed as readonly unknown[]).filter(isJson).map(({ Name, Type }) => ({
    name: String(Name ?? ''),
    type: typeof Type === 'string' && Type !== '' ? Type : 'string',
  }));
  return columns.filter(({ name }) => name !== '');
}

function schemaColumns(document: Json): Columns {
  const properties = isJson(document['properties']) ? document['properties'] : {};
  return Object.entries(properties).map(([name, schema]) => ({ name, type: typeOf(document, schema, 0) }));
}

function typeOf(document: Json, given: unknown, depth: number): string {
  const schema = resolved(document, given);
  if (schema === undefined || depth > DEPTH_MAX) return 'string';
  if (typeof schema['x-hive-type'] === 'string') return schema['x-hive-type'];
  const { type } = schema;
  const name = Array.isArray(type) ? (type as readonly unknown[]).find((one) => one !== 'null') : type;
  if (name === 'integer') return 'bigint';
  if (name === 'number') return 'double';
  if (name === 'boolean') return 'boolean';
  if (name === 'array') return `array<${typeOf(document, schema['items'], depth + 1)}>`;
  if (name === 'string')
    return schema['format'] === 'date-time' ? 'timestamp' : schema['format'] === 'date' ? 'date' : 'string';
  const { properties } = schema;
  if (!isJson(properties) || Object.keys(properties).length === 0) return 'string';
  const fields = Object.entries(properties).map(([field, of]) => `${field}:${typeOf(document, of, depth + 1)}`);
  return `struct<${fields.join(',')}>`;
}

/** `#/definitions/Address` */
function resolved(document: Json, schema: unknown): Json | undefined {
  let found: unknown = schema;
  for (let hops = 0; isJson(found) && typeof found['$ref'] === 'string'; hops += 1) {
    if (hops > DEPTH_MAX || !found['$ref'].startsWith('#/')) return undefined;
    const keys = found['$ref'].slice(2).split('/');
    found = keys.reduce<unknown>(
      (value, key) => (isJson(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      document,
    );
  }
  return isJson(found) ? found : undefined;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
