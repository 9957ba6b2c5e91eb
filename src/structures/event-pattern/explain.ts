// Why an event did not match: of the alternative that came nearest, each field with what was asked, what was found, and
// the slip that is likely meant (hints.ts for values, missing-field.ts for fields that are not there). For people; never
// on the way of an event.

import type { Alternative, FieldTest } from './alternative.ts';
import type { Leaf } from './leaf.ts';
import { isSatisfied, isSatisfiedBy, matches } from './match.ts';
import { hintOfMissing, placesOf } from './missing-field.ts';
import type { ParsedEvent } from './parsed-event.ts';

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
const EXPECTED_SHOWN_MAX = 5;
const VALUE_CHARACTERS_MAX = 500;

export function explain(alternatives: readonly Alternative[], event: unknown, parsed: ParsedEvent): PatternExplanation {
  const explained = new Map<FieldTest, FieldExplanation>();
  const explainOnce = (field: FieldTest): FieldExplanation => {
    const known = explained.get(field) ?? explainField(field, event, parsed);
    explained.set(field, known);
    return known;
  };
  let nearest: Alternative = [];
  let failuresMin = Number.POSITIVE_INFINITY;
  for (const alternative of alternatives) {
    const fields = alternative.map(explainOnce);
    if (matches(alternative, parsed)) return { isMatch: true, fields, sentence: 'every field matches' };
    const failures = fields.filter((field) => !field.isSatisfied).length;
    if (failures >= failuresMin) continue;
    failuresMin = failures;
    nearest = alternative;
  }
  const fields = nearest.map(explainOnce);
  const failed = fields.filter((field) => !field.isSatisfied);
  const sentence = failed.length === 0 ? explainSplit(nearest, event) : failed.map(renderField).join('; ');
  return { isMatch: false, fields, sentence };
}

export function renderField({ path, expected, found, hint }: FieldExplanation): string {
  const values = found === undefined ? 'nothing there' : `found ${found.map(renderValue).join(', ')}`;
  const shown = expected.slice(0, EXPECTED_SHOWN_MAX).map(cut).join(' or ');
  const more = expected.length > EXPECTED_SHOWN_MAX ? ` or ${expected.length - EXPECTED_SHOWN_MAX} more` : '';
  return `${path}: expected ${shown}${more}, ${values}${hint === undefined ? '' : ` (${hint})`}`;
}

function renderValue(value: Leaf): string {
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length <= VALUE_CHARACTERS_MAX ? text : `${text.slice(0, VALUE_CHARACTERS_MAX)}…`;
}

function explainField(field: FieldTest, event: unknown, parsed: ParsedEvent): FieldExplanation {
  const { path, tests } = field;
  const leaves = parsed.leavesAt(path).map((leaf) => parsed.values[leaf] as Leaf);
  const common = {
    path,
    isSatisfied: isSatisfied(field, parsed),
    expected: tests.map((test) => test.source),
    found: leaves.length === 0 ? undefined : leaves.slice(0, FOUND_MAX),
  };
  if (common.isSatisfied) return common;
  const hint = leaves.length === 0 ? hintOfMissing(event, path) : hintOfValues(field, leaves);
  return hint === undefined ? common : { ...common, hint };
}

function hintOfValues(field: FieldTest, leaves: readonly Leaf[]): string | undefined {
  for (const test of field.tests) {
    for (const leaf of leaves) {
      const hint = test.hint(leaf);
      if (hint !== undefined) return hint;
    }
  }
  return undefined;
}

/** Each field alone is satisfied: says where. */
function explainSplit(alternative: Alternative, event: unknown): string {
  const places: string[] = [];
  for (const field of alternative) {
    const found = placesOf(event, field.path).find(({ value }) => isSatisfiedBy(field, value));
    if (found?.place.includes('[') === true) places.push(`${field.path} at ${found.place}`);
  }
  const where = places.length === 0 ? '' : `: ${places.slice(0, FOUND_MAX).join(', ')}`;
  return `every field matches alone, but not in the same element of an array${where}`;
}
