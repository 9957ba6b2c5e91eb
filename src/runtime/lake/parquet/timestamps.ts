// Instants and days out of JSON. AWS: Firehose developer guide, "Configure the JSON deserializer": the formats of OpenX; Hive's are patterns of
// Joda-Time, `millis`, or without any those of java.sql.Timestamp. Times without a zone are UTC.

import { dayOf, instantOf } from './civil-time.ts';
import { parseDecimal, rescaled } from './exact-decimal.ts';
import { type JodaPattern, parseByPattern } from './joda-pattern.ts';
import { ExactNumber, type JsonValue } from './json-documents.ts';

/** Epoch nanoseconds; undefined when it is no such instant. */
export type ReadInstant = (value: JsonValue) => bigint | undefined;

const DAY_NS = 86_400_000_000_000n;
const SQL = /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z?$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
/** Numbers below are seconds, others milliseconds: the guide's examples have 10 and 13 digits. */
const MILLISECONDS_FROM = 10n ** 12n;
/** INT96 counts days from here on with 32 bits; years far beyond that are no times. */
const NS_MAX = 10n ** 22n;

export const readOpenXInstant: ReadInstant = (value) => {
  const text = textOf(value);
  if (text === undefined) return undefined;
  return byFields(SQL.exec(text)) ?? byFields(ISO.exec(text)) ?? byEpoch(text);
};

/** Without formats as `java.sql.Timestamp::valueOf`. */
export function hiveInstantReader(patterns: readonly (JodaPattern | 'millis')[]): ReadInstant {
  return (value) => {
    const text = textOf(value);
    if (text === undefined) return undefined;
    if (patterns.length === 0) return byFields(SQL.exec(text));
    for (const pattern of patterns) {
      const found = pattern === 'millis' ? byMillis(text) : parseByPattern(pattern, text);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** Days since 1970. */
export function readDate(value: JsonValue): number | undefined {
  const text = typeof value === 'string' ? value : undefined;
  const found = text === undefined ? null : DATE.exec(text);
  const [year, month, day] = (found ?? []).slice(1).map(Number);
  const ms = year === undefined ? undefined : dayOf(year, month ?? 0, day ?? 0);
  return ms === undefined ? undefined : ms / 86_400_000;
}

function textOf(value: JsonValue): string | undefined {
  if (typeof value === 'number') return String(value);
  if (value instanceof ExactNumber) return value.text;
  return typeof value === 'string' ? value.trim() : undefined;
}

function byFields(found: RegExpExecArray | null): bigint | undefined {
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  return instantOf({ year, month, day, hour, minute, second, nanosecond: Number((found[7] ?? '').padEnd(9, '0')) });
}

function byEpoch(text: string): bigint | undefined {
  const decimal = parseDecimal(text);
  const seconds = decimal && rescaled(decimal, 9, 40);
  if (seconds === undefined) return undefined;
  const isMilliseconds = absolute(seconds) >= MILLISECONDS_FROM * 1_000_000_000n;
  return withinRange(isMilliseconds ? seconds / 1_000n : seconds);
}

function byMillis(text: string): bigint | undefined {
  const decimal = parseDecimal(text);
  const found = decimal && rescaled(decimal, 6, 40);
  return found === undefined ? undefined : withinRange(found);
}

function withinRange(ns: bigint): bigint | undefined {
  return absolute(ns) < NS_MAX ? ns : undefined;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

const JULIAN_DAY_OF_1970 = 2_440_588n;

/** Hive's and Impala's timestamp of twelve bytes: nanoseconds of the day, then the Julian day, both low byte first. */
export function int96(ns: bigint): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  const ofDay = ((ns % DAY_NS) + DAY_NS) % DAY_NS;
  view.setBigInt64(0, ofDay, true);
  view.setInt32(8, Number((ns - ofDay) / DAY_NS + JULIAN_DAY_OF_1970), true);
  return bytes;
}
