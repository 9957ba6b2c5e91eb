// From a JSON value to what Parquet stores of it, by the column's type: one function per column, made once. AWS: Firehose developer guide,
// "Configure the JSON deserializer"; what OpenX accepts beyond (numbers as texts, epochs) is seen at AWS. A value that does not fit fails the
// record.

import type { HiveField, HivePrimitive, HiveType } from '#structures/hive-type/hive-type.ts';
import { doesNotFit, notThis } from './conversion-error.ts';
import { bigEndianBytes, bytesForDigits, type ExactDecimal, parseDecimal, rescaled } from './exact-decimal.ts';
import { ExactNumber, type JsonObject, type JsonValue } from './json-documents.ts';
import type { KeyReader } from './json-keys.ts';
import { int96, type ReadInstant, readDate } from './timestamps.ts';

/** What the writer takes: numbers, bigints, booleans, bytes; arrays, maps and objects of these. */
export type ParquetValue = unknown;
export type ReadColumn = (value: JsonValue) => ParquetValue;

export interface Deserializer {
  readonly keys: KeyReader;
  readonly readInstant: ReadInstant;
  /** Hive: numbers must be numbers, and a text column takes no nested JSON. */
  readonly isStrict: boolean;
}

const INTEGER_BITS: Readonly<Partial<Record<HivePrimitive, bigint>>> = {
  tinyint: 8n,
  smallint: 16n,
  int: 32n,
  bigint: 64n,
};

export function columnReader(type: HiveType, deserializer: Deserializer): ReadColumn {
  const read = readerOf(type, deserializer);
  return (value) => (value === null || value === undefined ? null : read(value));
}

function readerOf(type: HiveType, deserializer: Deserializer): ReadColumn {
  switch (type.kind) {
    case 'array':
      return arrayReader(columnReader(type.element, deserializer));
    case 'map':
      return mapReader(columnReader(type.key, deserializer), columnReader(type.value, deserializer));
    case 'struct':
      return structReader(type.fields, deserializer);
    case 'decimal':
      return decimalReader(type, deserializer);
    default:
      return primitiveReader(type.kind, deserializer);
  }
}

function primitiveReader(kind: HivePrimitive, { isStrict, readInstant }: Deserializer): ReadColumn {
  const bits = INTEGER_BITS[kind];
  if (bits !== undefined) return (value) => integerOf(numberText(value, isStrict), { bits, isStrict });
  if (kind === 'float' || kind === 'double') {
    return (value) => floatOf(numberText(value, isStrict), kind === 'float');
  }
  if (kind === 'boolean') return (value) => booleanOf(value, isStrict);
  if (kind === 'string') return (value) => Buffer.from(stringOf(value, isStrict));
  if (kind === 'date') return (value) => readDate(value) ?? refuse(value);
  return (value) => {
    const ns = readInstant(value);
    return ns === undefined ? refuse(value) : int96(ns);
  };
}

function refuse(value: JsonValue): never {
  throw notThis(typeof value === 'object' && !(value instanceof ExactNumber) ? kindOf(value) : plainText(value));
}

/** The number as its text; OpenX also takes it as a JSON text. */
function numberText(value: JsonValue, isStrict: boolean): string {
  if (typeof value === 'number') return String(value);
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === 'string' && !isStrict) return value.trim();
  return refuse(value);
}

function integerOf(
  text: string,
  { bits, isStrict }: { readonly bits: bigint; readonly isStrict: boolean },
): number | bigint {
  const decimal = parseDecimal(text);
  const value = decimal && rescaled(truncated(decimal), 0, 40);
  if (decimal === undefined || value === undefined) throw notThis(text);
  // Hive's parser cuts fractions off; OpenX reads the text as a whole number.
  if (!isStrict && hasFraction(decimal)) throw notThis(text);
  const limit = 2n ** (bits - 1n);
  if (value < -limit || value >= limit) throw notThis(text);
  return bits === 64n ? value : Number(value);
}

/** Longest fraction that is looked at digit by digit; JSON can say longer ones in few characters. */
const FRACTION_DIGITS_MAX = 1_000;

function truncated({ unscaled, scale }: ExactDecimal): ExactDecimal {
  if (scale <= 0) return { unscaled, scale };
  return { unscaled: scale > FRACTION_DIGITS_MAX ? 0n : unscaled / 10n ** BigInt(scale), scale: 0 };
}

function hasFraction({ unscaled, scale }: ExactDecimal): boolean {
  if (scale <= 0 || unscaled === 0n) return false;
  return scale > FRACTION_DIGITS_MAX || unscaled % 10n ** BigInt(scale) !== 0n;
}

function floatOf(text: string, isSingle: boolean): number {
  const value = text === '' ? Number.NaN : Number(text);
  const stored = isSingle ? Math.fround(value) : value;
  if (!Number.isFinite(stored)) throw notThis(text);
  return stored;
}

function booleanOf(value: JsonValue, isStrict: boolean): boolean {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' && !isStrict ? value.toLowerCase() : undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  return refuse(value);
}

function stringOf(value: JsonValue, isStrict: boolean): string {
  if (typeof value === 'object' && !(value instanceof ExactNumber)) {
    return isStrict ? refuse(value) : jsonText(value);
  }
  return plainText(value);
}

function plainText(value: JsonValue): string {
  return value instanceof ExactNumber ? value.text : String(value);
}

function jsonText(value: JsonValue): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value as JsonObject)
    .map(([key, one]) => `${JSON.stringify(key)}:${jsonText(one)}`)
    .join(',')}}`;
}

function decimalReader(
  { precision, scale }: { readonly precision: number; readonly scale: number },
  { isStrict }: Deserializer,
): ReadColumn {
  const length = bytesForDigits(precision);
  return (value) => {
    const text = numberText(value, isStrict);
    const decimal = parseDecimal(text);
    const unscaled = decimal && rescaled(decimal, scale, precision);
    if (unscaled === undefined) throw notThis(text);
    return bigEndianBytes(unscaled, length);
  };
}

function arrayReader(readElement: ReadColumn): ReadColumn {
  return (value) => {
    if (!Array.isArray(value)) throw doesNotFit(`A JSON array is required, not ${kindOf(value)}.`);
    return value.map(readElement);
  };
}

function mapReader(readKey: ReadColumn, readValue: ReadColumn): ReadColumn {
  return (value) => Object.entries(objectOf(value)).map(([key, one]) => ({ key: readKey(key), value: readValue(one) }));
}

function structReader(fields: readonly HiveField[], deserializer: Deserializer): ReadColumn {
  const readers = fields.map(({ type }) => columnReader(type, deserializer));
  const find = deserializer.keys(fields.map(({ name }) => name));
  return (value) => {
    const values = find(objectOf(value));
    const struct: Record<string, ParquetValue> = Object.create(null);
    for (const [i, { name }] of fields.entries()) struct[name] = (readers[i] as ReadColumn)(values[i] ?? null);
    return struct;
  };
}

function objectOf(value: JsonValue): JsonObject {
  const isObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
  if (!isObject) throw doesNotFit(`A JSON object is required, not ${kindOf(value)}.`);
  return value as JsonObject;
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
