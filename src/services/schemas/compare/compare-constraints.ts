// Differences in what a schema says of values of one type: enumerations, formats, limits, patterns. What is not understood in detail (allOf, not,
// dependencies …) and is not the same text counts as breaking both: the tool must not call safe what it did not look into.

import { canonicalText } from '#structures/json-schema/canonical.ts';
import { memberOf } from '#structures/json-schema/pointer.ts';
import type { JsonObject } from '../content.ts';
import { BOTH, type Changes, CONSUMERS, type Path, PRODUCERS } from './changes.ts';
import type { TypeName } from './view.ts';

/** Keyword, for which type, and whether a higher value allows more. */
const LIMITS: readonly (readonly [keyword: string, types: readonly TypeName[], widensUp: boolean])[] = [
  ['minimum', ['integer', 'number'], false],
  ['maximum', ['integer', 'number'], true],
  ['minLength', ['string'], false],
  ['maxLength', ['string'], true],
  ['minItems', ['array'], false],
  ['maxItems', ['array'], true],
  ['minProperties', ['object'], false],
  ['maxProperties', ['object'], true],
];
const OPAQUE = ['allOf', 'not', 'dependencies', 'patternProperties', 'multipleOf', 'uniqueItems', 'additionalItems'];
const EXCLUSIVE = ['exclusiveMinimum', 'exclusiveMaximum'];

export interface Pair {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

export function compareConstraints(changes: Changes, path: Path, pair: Pair, type: TypeName): void {
  compareEnum(changes, path, pair);
  compareFormat(changes, path, pair);
  for (const [keyword, types, widensUp] of LIMITS) {
    if (types.includes(type)) compareLimit(changes, path, { ...pair, keyword, widensUp });
  }
  if (type === 'string') comparePattern(changes, path, pair);
  for (const keyword of [...OPAQUE, ...EXCLUSIVE]) compareText(changes, path, { ...pair, keyword });
}

function compareEnum(changes: Changes, path: Path, { before, after }: Pair): void {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (old === undefined && now === undefined) return;
  if (old === undefined || now === undefined) {
    const sentence = now === undefined ? 'may be any value now' : `may only be ${[...now].join(', ')} now`;
    changes.add(path, {
      kind: now === undefined ? 'enum-value-added' : 'enum-value-removed',
      ...(now === undefined ? CONSUMERS : PRODUCERS),
      sentence,
    });
    return;
  }
  for (const value of now) {
    if (!old.has(value)) changes.add(path, { kind: 'enum-value-added', ...CONSUMERS, sentence: `may be ${value} now` });
  }
  for (const value of old) {
    const sentence = `may not be ${value} any more`;
    if (!now.has(value)) changes.add(path, { kind: 'enum-value-removed', ...PRODUCERS, sentence });
  }
}

function valuesOf(schema: JsonObject): ReadonlySet<string> | undefined {
  const values = memberOf(schema, 'enum');
  return Array.isArray(values) ? new Set((values as unknown[]).map(canonicalText)) : undefined;
}

function compareFormat(changes: Changes, path: Path, { before, after }: Pair): void {
  const [old, now] = [memberOf(before, 'format'), memberOf(after, 'format')];
  if (old === now) return;
  const sentence = `is ${old ?? 'of any format'} no more, but ${now ?? 'of any format'}`;
  const who = now === undefined ? CONSUMERS : old === undefined ? PRODUCERS : BOTH;
  changes.add(path, { kind: 'format-changed', ...who, sentence });
}

function compareLimit(
  changes: Changes,
  path: Path,
  { before, after, keyword, widensUp }: Pair & { readonly keyword: string; readonly widensUp: boolean },
): void {
  const [old, now] = [memberOf(before, keyword), memberOf(after, keyword)];
  if (old === now) return;
  const none = widensUp ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const [oldNumber, nowNumber] = [typeof old === 'number' ? old : none, typeof now === 'number' ? now : none];
  if (oldNumber === nowNumber) return;
  const isWider = nowNumber > oldNumber === widensUp;
  changes.add(path, {
    kind: isWider ? 'limit-widened' : 'limit-narrowed',
    ...(isWider ? CONSUMERS : PRODUCERS),
    sentence: `has ${keyword} ${now ?? 'no more'}, before it was ${old ?? 'without'}`,
  });
}

function comparePattern(changes: Changes, path: Path, { before, after }: Pair): void {
  const [old, now] = [memberOf(before, 'pattern'), memberOf(after, 'pattern')];
  if (old === now) return;
  const who = now === undefined ? CONSUMERS : old === undefined ? PRODUCERS : BOTH;
  const sentence = now === undefined ? 'need not match a pattern any more' : `must match ${String(now)} now`;
  changes.add(path, { kind: 'pattern-changed', ...who, sentence });
}

/** Equal or not, without knowing what it means. */
export function compareText(
  changes: Changes,
  path: Path,
  { before, after, keyword }: Pair & { keyword: string },
): void {
  const [old, now] = [memberOf(before, keyword) ?? null, memberOf(after, keyword) ?? null];
  if (canonicalText(old) === canonicalText(now)) return;
  const what = old === null ? 'has' : now === null ? 'has no longer' : 'has another';
  changes.add(path, { kind: 'constraint-changed', ...BOTH, sentence: `${what} ${keyword}, which is not looked into` });
}
