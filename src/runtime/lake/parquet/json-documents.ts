// The JSON objects of a record: one, or several one behind the other (AWS: Firehose developer guide, "Convert input data format": `{"a":1}{"a":2}`
// is right, an array is not). Numbers that JavaScript's own cannot hold stay as their text.

import { splitJson } from '../work/json-values.ts';
import { doesNotFit, malformedJson } from './conversion-error.ts';

export type JsonValue = null | boolean | number | string | ExactNumber | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A number with more digits than a double keeps. */
export class ExactNumber {
  constructor(readonly text: string) {}
}

const decoder = new TextDecoder('utf-8', { fatal: true });
/** Sixteen digits and more; a text that looks so costs time only. */
const MANY_DIGITS = /[0-9][0-9.]{15}/;

export function documentsOf(data: Uint8Array): readonly JsonObject[] {
  const parts = splitJson(data) ?? [data];
  if (parts.length === 0) throw malformedJson('The record is empty.');
  return parts.map(documentOf);
}

function documentOf(part: Uint8Array): JsonObject {
  const value = parsed(part);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactNumber) {
    throw doesNotFit('A JSON object is required.');
  }
  return value as JsonObject;
}

function parsed(part: Uint8Array): JsonValue {
  try {
    const text = decoder.decode(part);
    const value = JSON.parse(text) as JsonValue;
    return MANY_DIGITS.test(text) ? exactly(text) : value;
  } catch (error) {
    throw malformedJson(error instanceof Error ? error.message.slice(0, 200) : '');
  }
}

/** A text outside of texts; numbers in a text that JSON.parse has taken. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/g;
const MARK = '\u0000number:';

/** Long numbers go through JSON.parse as texts with a mark that JSON's own texts are escaped from. */
function exactly(text: string): JsonValue {
  const marked = text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return token.replace(/^"(\\u0000)/, '"$1$1');
    return token.length > 15 ? `"\\u0000number:${token}"` : token;
  });
  return JSON.parse(marked, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith('\u0000')) return value;
    return value.startsWith(MARK) ? new ExactNumber(value.slice(MARK.length)) : value.slice(1);
  }) as JsonValue;
}
