// Objects of a bucket as the bytes that PostgreSQL's `COPY … FROM STDIN` reads.

import { gunzipSync } from 'node:zlib';
import { joinBytes } from '#base/bytes.ts';
import type { CopyOptions } from '../destinations/copy-options.ts';
import { documentsOf, ExactNumber, type JsonObject, type JsonValue } from '../parquet/json-documents.ts';

export interface CopyRows {
  readonly options: Pick<CopyOptions, 'format' | 'isGzip' | 'headerLines' | 'ignoresCase'>;
  /** Of the table, in the order of the rows; for JSON. */
  readonly columns: readonly string[];
}

/** A buffer has 128 MiB at most; compressed ones hold as much. */
const OBJECT_BYTES_MAX = 512 * 1024 * 1024;
const NEW_LINE = 0x0a;

export type CopiedRows = { readonly rows: Uint8Array } | { readonly problem: string };

/** The thread is given the objects instead of packs. */
export function copyRows(input: CopyRows, objects: readonly Uint8Array[]): CopiedRows {
  try {
    return { rows: joinBytes(objects.map((object) => rowsOf(object, input))) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message.slice(0, 500) : String(error) };
  }
}

function rowsOf(object: Uint8Array, { options, columns }: CopyRows): Uint8Array {
  const plain = options.isGzip ? gunzipSync(object, { maxOutputLength: OBJECT_BYTES_MAX }) : object;
  if (options.format === 'json') return jsonRows(plain, { columns, ignoresCase: options.ignoresCase });
  return withLineEnd(withoutLines(plain, options.headerLines));
}

function withoutLines(bytes: Uint8Array, count: number): Uint8Array {
  let from = 0;
  for (let left = count; left > 0 && from < bytes.length; left -= 1) {
    const end = bytes.indexOf(NEW_LINE, from);
    from = end < 0 ? bytes.length : end + 1;
  }
  return bytes.subarray(from);
}

/** So that the next object begins a row of its own. */
function withLineEnd(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 || bytes.at(-1) === NEW_LINE ? bytes : joinBytes([bytes, Uint8Array.of(NEW_LINE)]);
}

/** AWS: Redshift database developer guide, "COPY from JSON format": members by the names of columns, what is missing is NULL. */
function jsonRows(
  bytes: Uint8Array,
  { columns, ignoresCase }: { columns: readonly string[]; ignoresCase: boolean },
): Uint8Array {
  const lines = documentsOf(bytes).map((document) => {
    const found = ignoresCase ? inLowerCase(document) : document;
    return columns.map((name) => fieldOf(Object.hasOwn(found, name) ? found[name] : null)).join('\t');
  });
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

function inLowerCase(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [key.toLowerCase(), value]));
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** PostgreSQL's text format. */
function fieldOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '\\N';
  return textOf(value).replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] as string);
}

function textOf(value: JsonValue): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_key, one: unknown) => (one instanceof ExactNumber ? Number(one.text) : one));
}
