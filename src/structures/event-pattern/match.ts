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

function satisfies(value: unknown, fields: readonly OpenField[]): boolean {
  if (Array.isArray(value)) return value.some((element) => satisfies(element, fields));
  if (isObject(value)) return objectSatisfies(value, fields);
  const [field] = fields;
  if (fields.length !== 1 || field === undefined || field.rest !== '') return false;
  return field.tests.some((test) => !test.wantsAbsence && test.matches(value as Leaf));
}

function objectSatisfies(object: JsonObject, fields: readonly OpenField[]): boolean {
  const byChild = new Map<string, OpenField[]>();
  for (const field of fields) {
    const children = childrenOf(object, field.rest);
    const [only] = children;
    if (only === undefined) return false;
    if (children.length > 1) {
      // Both `{"a": {"b": …}}` and `{"a.b": …}` are there: any of them may satisfy the field, each on its own.
      if (!children.some(({ key, rest }) => satisfies(object[key], [{ ...field, rest }]))) return false;
      continue;
    }
    const siblings = byChild.get(only.key);
    const open = { tests: field.tests, rest: only.rest };
    if (siblings === undefined) byChild.set(only.key, [open]);
    else siblings.push(open);
  }
  for (const [key, open] of byChild) if (!satisfies(object[key], open)) return false;
  return true;
}

/** Keys of the object that a path can go through, with what is left of it behind each. */
export function childrenOf(object: JsonObject, path: string): { readonly key: string; readonly rest: string }[] {
  const children: { key: string; rest: string }[] = [];
  if (path === '') return children;
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot);
    if (Object.hasOwn(object, key)) children.push({ key, rest: path.slice(dot + 1) });
  }
  if (Object.hasOwn(object, path)) children.push({ key: path, rest: '' });
  return children;
}

/** Whether any value stands at the path. Objects are no values, and an empty array has none. */
export function hasLeaf(value: unknown, path: string): boolean {
  if (Array.isArray(value)) return value.some((element) => hasLeaf(element, path));
  if (isObject(value)) return childrenOf(value, path).some(({ key, rest }) => hasLeaf(value[key], rest));
  return path === '';
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
