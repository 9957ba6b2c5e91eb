// Scalars as text: what query parameters, headers, path labels and XML elements hold.

import { base64Decode, base64Encode } from '#base/base64.ts';
import type { Shape } from '../compile.ts';
import type { TimestampFormat } from '../schema.ts';
import { formatDateTime, formatHttpDate, isInstant, parseDateTime, parseHttpDate } from '../timestamps.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NUMBER_NAMES: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

export type ScalarReader = (text: string) => unknown;

/** Undefined when the text does not hold such a value. */
export function scalarReader(shape: Shape, timestampFormat: TimestampFormat): ScalarReader {
  switch (shape.type) {
    case 'integer':
      return (text) => (/^[+-]?\d{1,19}$/.test(text.trim()) ? Number(text.trim()) : undefined);
    case 'double':
      return readDouble;
    case 'boolean':
      return (text) => BOOLEANS.get(text.trim().toLowerCase());
    case 'blob':
    case 'stream':
      return (text) => base64Decode(text.replace(/\s+/g, ''));
    case 'timestamp':
      return timestampReader(shape.format ?? timestampFormat);
    default:
      return (text) => text;
  }
}

const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);

function readDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (Object.hasOwn(NUMBER_NAMES, trimmed)) return NUMBER_NAMES[trimmed];
  if (trimmed.length > 400 || !NUMBER.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

/** Strict about the text, not about which of the three formats it is: clients have sent each of them for each other. */
function timestampReader(format: TimestampFormat): ScalarReader {
  return (text) => {
    const trimmed = text.trim();
    if (trimmed.length > 64) return undefined;
    const named = format === 'http-date' ? parseHttpDate(trimmed) : parseDateTime(trimmed);
    const instant = named ?? parseDateTime(trimmed) ?? parseHttpDate(trimmed);
    if (instant !== undefined) return instant;
    const seconds = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
    return isInstant(seconds * 1000) ? Math.round(seconds * 1000) : undefined;
  };
}

export type ScalarWriter = (value: unknown) => string;

export function scalarWriter(shape: Shape, timestampFormat: TimestampFormat): ScalarWriter {
  switch (shape.type) {
    case 'blob':
    case 'stream':
      return (value) => base64Encode(value as Uint8Array);
    case 'timestamp': {
      const format = shape.format ?? timestampFormat;
      if (format === 'date-time') return (value) => formatDateTime(value as number);
      if (format === 'http-date') return (value) => formatHttpDate(value as number);
      return (value) => String((value as number) / 1000);
    }
    default:
      return String;
  }
}
