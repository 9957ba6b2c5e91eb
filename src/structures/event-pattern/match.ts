// Does an event satisfy all fields of one alternative? Each field on its own first; fields that lead into one array then
// have to hold in one element of it.

import type { Alternative, FieldTest } from './alternative.ts';
import { holdTogether } from './array-consistency.ts';
import type { Leaf } from './leaf.ts';
import type { ParsedEvent } from './parsed-event.ts';
import { wantsAbsence } from './value-test.ts';

export function matches(alternative: Alternative, event: ParsedEvent): boolean {
  let inArraysCount = 0;
  for (const field of alternative) {
    const isInArrays = event.leavesAt(field.path).some((leaf) => event.elementOf[leaf] !== 0);
    if (isInArrays) inArraysCount += 1;
    // In another element than the one that is chosen a value may be there: that is asked when all fields are.
    if (!isSatisfied(field, event) && !(isInArrays && field.tests.some(wantsAbsence))) return false;
  }
  if (inArraysCount === 0) return true;
  const joint = [...alternative].sort(byPath).map((field) => ({
    leaves: event.leavesAt(field.path),
    wantsAbsence: field.tests.some(wantsAbsence),
    satisfies: (leaf: number) => isSatisfiedBy(field, event.values[leaf] as Leaf),
  }));
  return holdTogether(joint, event);
}

/** The order in which AWS takes fields: it matters for those that want absence. */
export function byPath(one: FieldTest, other: FieldTest): number {
  return one.path < other.path ? -1 : 1;
}

/** The field alone. */
export function isSatisfied(field: FieldTest, event: ParsedEvent): boolean {
  const leaves = event.leavesAt(field.path);
  if (leaves.length === 0) return field.tests.some(wantsAbsence);
  return leaves.some((leaf) => isSatisfiedBy(field, event.values[leaf] as Leaf));
}

export function isSatisfiedBy(field: FieldTest, value: Leaf): boolean {
  for (const test of field.tests) if (test.matches(value)) return true;
  return false;
}
