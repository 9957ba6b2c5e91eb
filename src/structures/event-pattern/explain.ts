// Why an event did not match: of the alternative that came nearest, each field with what was asked, what was found, and
// the slip that is likely meant (case, a number as text, a value one level deeper). For people; never on the way of an
// event.

import type { Alternative, FieldTest } from './event-pattern.ts';
import { childrenOf, isObject, isSatisfiedByAbsence, type JsonObject, LEVELS_MAX, matches } from './match.ts';
import type { Leaf } from './value-test.ts';

export interface FieldExplanation {
  readonly path: string;
  readonly isSatisfied: boolean;
  /** The field's alternatives as in the pattern. */
  readonly expected: readonly string[];
  /** The values that stand there, the first few; undefined when there is none. */
  readonly found: readonly Leaf[] | undefined;
  readonly hint?: string;
}

export interface PatternExplanation {
  readonly isMatch: boolean;
  /** Of the matching alternative, or of the one with the fewest failing fields. */
  readonly fields: readonly FieldExplanation[];
  /** One sentence for a journey: `detail.state: expected "running", found "RUNNING" (differs only in …)`. */
  readonly sentence: string;
}

const FOUND_MAX = 5;

export function explain(alternatives: readonly Alternative[], event: unknown): PatternExplanation {
  let nearest: readonly FieldExplanation[] = [];
  let failuresMin = Number.POSITIVE_INFINITY;
  for (const alternative of alternatives) {
    const fields = alternative.map((field) => explainField(field, event));
    if (matches(alternative, event)) return { isMatch: true, fields, sentence: 'every field matches' };
    const failures = fields.filter((field) => !field.isSatisfied).length;
    if (failures >= failuresMin) continue;
    failuresMin = failures;
    nearest = fields;
  }
  const failed = nearest.filter((field) => !field.isSatisfied);
  const sentence =
    failed.length === 0
      ? 'every field matches alone, but not in the same element of an array'
      : failed.map(renderField).join('; ');
  return { isMatch: false, fields: nearest, sentence };
}

export function renderField({ path, expected, found, hint }: FieldExplanation): string {
  const values =
    found === undefined ? 'nothing there' : `found ${found.map((value) => JSON.stringify(value)).join(', ')}`;
  return `${path}: expected ${expected.join(' or ')}, ${values}${hint === undefined ? '' : ` (${hint})`}`;
}

function explainField(field: FieldTest, event: unknown): FieldExplanation {
  const isSatisfied = isSatisfiedByAbsence(field, event) || matches([field], event);
  const leaves: Leaf[] = [];
  collect(event, field.path, leaves);
  const found = leaves.length === 0 ? undefined : leaves.slice(0, FOUND_MAX);
  const expected = field.tests.map((test) => test.source);
  if (isSatisfied) return { path: field.path, isSatisfied, expected, found };
  const hint = found === undefined ? hintOfAbsence(event, field.path) : hintOfValues(field, leaves);
  return { path: field.path, isSatisfied, expected, found, ...(hint === undefined ? {} : { hint }) };
}

function hintOfValues(field: FieldTest, leaves: readonly Leaf[]): string | undefined {
  for (const test of field.tests) {
    for (const leaf of leaves) {
      const hint = test.hint?.(leaf);
      if (hint !== undefined) return hint;
    }
  }
  return undefined;
}

/** Follows the path as far as it goes and looks what is there instead. */
function hintOfAbsence(value: unknown, path: string, level = 0): string | undefined {
  if (level > LEVELS_MAX) return `only ${LEVELS_MAX} levels are looked at`;
  if (Array.isArray(value)) {
    if (value.length === 0) return 'the array is empty';
    return hintOfAbsence(value[0], path, level + 1);
  }
  if (!isObject(value)) return `there is a ${value === null ? 'null' : typeof value} where "${path}" would begin`;
  if (path === '') return 'there is an object; a pattern compares only strings, numbers, booleans and null';
  const [child] = childrenOf(value, path);
  if (child !== undefined) return hintOfAbsence(value[child.key], child.rest, level + 1);
  return hintOfKeys(value, path);
}

function hintOfKeys(object: JsonObject, path: string): string | undefined {
  const [step] = path.split('.') as [string];
  const similar = Object.keys(object).find((key) => key.toLowerCase() === step.toLowerCase());
  if (similar !== undefined) return `there is "${similar}"; keys have upper and lower case`;
  const deeper = Object.keys(object).find((key) => {
    const child = object[key];
    return isObject(child) && childrenOf(child, path).length > 0;
  });
  return deeper === undefined ? undefined : `it is inside "${deeper}"`;
}

function collect(value: unknown, path: string, leaves: Leaf[], level = 0): void {
  if (level > LEVELS_MAX) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, path, leaves, level + 1);
  } else if (isObject(value)) {
    for (const { key, rest } of childrenOf(value, path)) collect(value[key], rest, leaves, level + 1);
  } else if (path === '') leaves.push(value as Leaf);
}
