// Does an event satisfy all fields of one alternative? One walk down the event with the fields that are still open:
// an object hands each field to the child its path names; of an array one element must satisfy all fields that lead
// into it (so `items.sku` and `items.count` speak of the same item); a leaf is tested. Each value is visited once per
// field, whatever the event looks like.

import type { Alternative, FieldTest } from './event-pattern.ts';
import type { Leaf, ValueTest } from './value-test.ts';

interface OpenField {
  readonly tests: readonly ValueTest[];
  /** What is left of the path; empty at the value. */
  readonly rest: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function matches(alternative: Alternative, event: unknown): boolean {
  const open: OpenField[] = [];
  for (const field of alternative) {
    // Absence is asked of the whole event, not of one element of an array.
    if (isSatisfiedByAbsence(field, event)) continue;
    open.push({ tests: field.tests, rest: field.path });
  }
  return open.length === 0 || satisfies(event, open);
}

export function isSatisfiedByAbsence(field: FieldTest, event: unknown): boolean {
  return field.tests.some((test) => test.wantsAbsence) && !hasLeaf(event, field.path);
}

/** Levels of an event that are followed: what lies deeper is not found. A stack has room for some ten thousand. */
export const LEVELS_MAX = 1_000;

function satisfies(value: unknown, fields: readonly OpenField[], level = 0): boolean {
  if (level > LEVELS_MAX) return false;
  if (Array.isArray(value)) return value.some((element) => satisfies(element, fields, level + 1));
  if (isObject(value)) return objectSatisfies(value, fields, level + 1);
  const [field] = fields;
  if (fields.length !== 1 || field === undefined || field.rest !== '') return false;
  return field.tests.some((test) => !test.wantsAbsence && test.matches(value as Leaf));
}

function objectSatisfies(object: JsonObject, fields: readonly OpenField[], level: number): boolean {
  const byChild = new Map<string, OpenField[]>();
  for (const field of fields) {
    const children = childrenOf(object, field.rest);
    const [only] = children;
    if (only === undefined) return false;
    if (children.length > 1) {
      // Both `{"a": {"b": …}}` and `{"a.b": …}` are there: any of them may satisfy the field, each on its own.
      if (!children.some(({ key, rest }) => satisfies(object[key], [{ ...field, rest }], level))) return false;
      continue;
    }
    const siblings = byChild.get(only.key);
    const open = { tests: field.tests, rest: only.rest };
    if (siblings === undefined) byChild.set(only.key, [open]);
    else siblings.push(open);
  }
  for (const [key, open] of byChild) if (!satisfies(object[key], open, level)) return false;
  return true;
}

/** More steps than this are looked for among the object's keys, or a path of a thousand dots would cost as many long look-ups. */
const STEPS_MAX = 8;

/** Keys of the object that a path can go through, with what is left of it behind each. */
export function childrenOf(object: JsonObject, path: string): { readonly key: string; readonly rest: string }[] {
  const children: { key: string; rest: string }[] = [];
  if (path === '') return children;
  let steps = 0;
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    steps += 1;
    if (steps > STEPS_MAX) return childrenAmongKeys(object, path);
    const key = path.slice(0, dot);
    if (Object.hasOwn(object, key)) children.push({ key, rest: path.slice(dot + 1) });
  }
  if (Object.hasOwn(object, path)) children.push({ key: path, rest: '' });
  return children;
}

/** The same, shortest key first as there. */
function childrenAmongKeys(object: JsonObject, path: string): { readonly key: string; readonly rest: string }[] {
  const keys = Object.keys(object).filter((key) => path.startsWith(key) && (path[key.length] ?? '.') === '.');
  return keys.sort((a, b) => a.length - b.length).map((key) => ({ key, rest: path.slice(key.length + 1) }));
}

/** Whether any value stands at the path. Objects are no values, and an empty array has none. */
export function hasLeaf(value: unknown, path: string, level = 0): boolean {
  if (level > LEVELS_MAX) return false;
  if (Array.isArray(value)) return value.some((element) => hasLeaf(element, path, level + 1));
  if (!isObject(value)) return path === '';
  return childrenOf(value, path).some(({ key, rest }) => hasLeaf(value[key], rest, level + 1));
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
