// What a value that failed nearly had: the slip that is likely meant (case, white space, a number as text, a wildcard
// where none works). For people; undefined when nothing stands out.

import { isSameNumber } from './comparable-number.ts';
import type { Leaf } from './leaf.ts';

const CASE = 'differs only in upper and lower case';
const SPACE = 'differs only in white space';
const ASTERISK = 'an asterisk is a wildcard only in {"wildcard": …}';

const nameOfType = (value: Leaf): string => (value === null ? 'null' : `a ${typeof value}`);

/** A value of another type than the operator takes. */
export function hintOfType(taken: 'string' | 'number', value: Leaf): string {
  return `the value is ${nameOfType(value)}, the pattern takes ${taken}s`;
}

/** A plain value of the pattern against another one. */
export function hintOfEqual(expected: Leaf, value: Leaf): string | undefined {
  if (typeof expected === 'string' && typeof value === 'string') {
    if (expected.toLowerCase() === value.toLowerCase()) return CASE;
    if (withoutSpace(expected) === withoutSpace(value)) return SPACE;
    if (withoutSpace(expected).toLowerCase() === withoutSpace(value).toLowerCase()) {
      return 'differs only in white space and in upper and lower case';
    }
    if (expected.includes('*')) return ASTERISK;
    return holdsJson(value) ? 'the value is JSON written as a string' : undefined;
  }
  if (typeof expected === typeof value) return undefined;
  const isSameWritten = String(expected) === String(value).trim().toLowerCase() || isSameAsNumber(expected, value);
  return isSameWritten ? `the value is ${nameOfType(value)}, the pattern asks for ${nameOfType(expected)}` : undefined;
}

interface TextLike {
  readonly expected: string;
  readonly place?: 'start' | 'end' | 'whole';
  matches(value: Leaf): boolean;
}

/** A string against a prefix, a suffix, a wildcard, or a text whose case does not matter. */
export function hintOfText(
  value: string,
  matchesAnyCase: (text: string) => boolean,
  test: TextLike,
): string | undefined {
  if (matchesAnyCase(value)) return CASE;
  const trimmed = value.trim();
  if (trimmed !== value && test.matches(trimmed)) return SPACE;
  if (test.place === undefined) return undefined;
  if (test.expected.includes('*')) return ASTERISK;
  if (test.place === 'whole' || !value.includes(test.expected)) return undefined;
  return `the text is in it, but not at the ${test.place}`;
}

/** Whether a text is a JSON object or array: somebody serialized once too often. */
export function holdsJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function withoutSpace(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function isSameAsNumber(one: Leaf, other: Leaf): boolean {
  if (typeof one === 'number')
    return typeof other === 'string' && other.trim() !== '' && isSameNumber(one, Number(other));
  return typeof other === 'number' && isSameAsNumber(other, one);
}
