// One condition of a form's policy. AWS: S3 API reference, "POST Policy", "Conditions" and "Condition matching".

import { type Refused, refuse } from '#model/aws-error.ts';
import { invalidPolicy } from './form-refusals.ts';

export type Condition = FieldCondition | LengthCondition;

export interface FieldCondition {
  readonly kind: 'field';
  /** Lower case, without `$`. */
  readonly name: string;
  /** As AWS shows it in a refusal. */
  readonly text: string;
  isMet(value: string | undefined): boolean;
}

export interface LengthCondition {
  readonly kind: 'length';
  readonly min: number;
  readonly max: number;
}

const invalid = (reason: string): Refused => refuse(invalidPolicy(reason));

export function readCondition(condition: unknown): Condition | Refused {
  if (Array.isArray(condition)) return readList(condition);
  if (typeof condition !== 'object' || condition === null) return invalid('Invalid JSON.');
  const entries = Object.entries(condition);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    return invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  }
  const [name, value] = entry;
  if (value === null) return invalid('Invalid JSON.');
  if (typeof value !== 'string') return invalid('Invalid Simple-Condition: value must be a string.');
  // AWS shows it as the list that it stands for.
  return fieldCondition('eq', `$${name}`, value);
}

function readList(list: readonly unknown[]): Condition | Refused {
  const [operation, first, second] = list;
  if (typeof operation !== 'string') return invalid('Invalid Condition: missing operation identifier.');
  const kind = operation.toLowerCase();
  if (kind !== 'eq' && kind !== 'starts-with' && kind !== 'content-length-range') {
    return invalid(`Invalid Condition: unknown operation '${operation.slice(0, 64)}'.`);
  }
  if (list.length !== 3) return invalid(`Invalid ${kind}: wrong number of arguments.`);
  if (kind === 'content-length-range') return readRange(operation, first, second);
  if (typeof first !== 'string' || typeof second !== 'string') return invalid('Invalid JSON.');
  return fieldCondition(operation, first, second);
}

/** Numbers, or texts of digits. A text that is no number is a condition that nothing meets (recorded in LocalStack's snapshots). */
function readRange(operation: string, first: unknown, second: unknown): Condition | Refused {
  const [min, max] = [first, second].map((bound) => {
    if (typeof bound === 'string') return /^\d{1,15}$/.test(bound) ? Number(bound) : 'no number';
    return typeof bound === 'number' && Number.isSafeInteger(bound) ? bound : undefined;
  });
  if (min === undefined || max === undefined) return invalid('Invalid JSON.');
  if (min === 'no number' || max === 'no number') {
    return { kind: 'field', name: '', text: shown(operation, String(first), String(second)), isMet: () => false };
  }
  if (min < 0 || max < 0) return invalid('Invalid content-length-range: values must not be negative.');
  return { kind: 'length', min, max };
}

function fieldCondition(operation: string, variable: string, expected: string): FieldCondition {
  const name = variable.replace(/^\$/, '').toLowerCase();
  const isPrefix = operation.toLowerCase() === 'starts-with';
  return {
    kind: 'field',
    name,
    text: shown(operation, variable, expected),
    // A field that is not there meets nothing, not even an empty beginning; without `$` no field is meant.
    isMet(value) {
      if (value === undefined || !variable.startsWith('$')) return false;
      if (!isPrefix) return value === expected;
      // AWS: "Content-Types values for a starts-with condition that include commas are interpreted as lists. Each value in the list must meet
      // the condition".
      const values = name === 'content-type' ? value.split(',').map((each) => each.trimStart()) : [value];
      return values.every((each) => each.startsWith(expected));
    },
  };
}

function shown(...parts: readonly string[]): string {
  return `[${parts.map((part) => JSON.stringify(part)).join(', ')}]`.slice(0, 2048);
}
