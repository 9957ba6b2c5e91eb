// Keywords that look at one value: its type, its size, its text. Source: JSON Schema draft 4, "Validation", sections 5.1, 5.2 and 5.5; OpenAPI 3.0.3,
// "Schema Object" (which adds `nullable` and takes `type` as one name).

import { canonicalText } from './canonical.ts';
import { type Check, type JsonType, typeOf, violation } from './checks.ts';
import { fitsFormat } from './formats.ts';
import { type Given, type Keyword, SchemaProblem } from './keyword.ts';
import { compileRegex, type LinearRegex } from './linear-regex.ts';
import { isObject, memberOf } from './pointer.ts';

const TYPES: ReadonlySet<unknown> = new Set(['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']);

function type({ value, schema, where, compiler }: Given): Check {
  const names = Array.isArray(value) && compiler.dialect === 'draft-4' ? (value as unknown[]) : [value];
  const wrong = names.find((name) => !TYPES.has(name));
  if (wrong !== undefined || names.length === 0) throw new SchemaProblem(`${where} is no type of JSON`);
  const allowed = new Set(names as JsonType[]);
  if (allowed.has('number')) allowed.add('integer');
  if (compiler.dialect === 'openapi-3' && memberOf(schema, 'nullable') === true) allowed.add('null');
  const shown = (names as JsonType[]).join(' or ');
  return (tested, at) => {
    const found = typeOf(tested);
    return allowed.has(found) ? undefined : violation(at, `must be ${shown}, not ${found}`);
  };
}

function enumeration({ value, where }: Given): Check {
  if (!Array.isArray(value) || value.length === 0) throw new SchemaProblem(`${where} is no list of values`);
  const texts = new Set((value as unknown[]).map(canonicalText));
  const shown = [...texts].join(', ');
  const message = `must be one of ${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown}`;
  return (tested, at, run) => {
    const text = canonicalText(tested);
    run.spend(text.length >> 4);
    return texts.has(text) ? undefined : violation(at, message);
  };
}

function format({ value, where }: Given): Check {
  if (typeof value !== 'string') throw new SchemaProblem(`${where} is no name`);
  const message = `is no ${value}`;
  return (tested, at) => (fitsFormat(value, tested) ? undefined : violation(at, message));
}

function numberOf({ value, where }: Given): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new SchemaProblem(`${where} is no number`);
  return value;
}

function countOf(given: Given): number {
  const count = numberOf(given);
  if (!Number.isInteger(count) || count < 0) throw new SchemaProblem(`${given.where} is no count`);
  return count;
}

/** `minimum` and `maximum`, with the flag that takes the limit itself out. */
function limit(direction: 1 | -1, flag: string): Keyword {
  return (given) => {
    const bound = numberOf(given);
    const isExclusive = memberOf(given.schema, flag);
    if (isExclusive !== undefined && typeof isExclusive !== 'boolean') {
      throw new SchemaProblem(`${given.where}: ${flag} is a number, as in later drafts`);
    }
    const word = direction === 1 ? (isExclusive ? 'above' : 'at least') : isExclusive ? 'below' : 'at most';
    const message = `must be ${word} ${bound}`;
    return (tested, at) => {
      if (typeof tested !== 'number') return undefined;
      const distance = (tested - bound) * direction;
      return distance < 0 || (isExclusive === true && distance === 0) ? violation(at, message) : undefined;
    };
  };
}

/** `exclusiveMinimum` by itself says nothing in draft 4; as a number it is another draft's. */
const exclusive: Keyword = ({ value, where }) => {
  if (typeof value !== 'boolean') throw new SchemaProblem(`${where} is a number, as in later drafts`);
  return undefined;
};

function multipleOf(given: Given): Check {
  const divisor = numberOf(given);
  if (divisor <= 0) throw new SchemaProblem(`${given.where} is not above 0`);
  return (tested, at) => {
    if (typeof tested !== 'number') return undefined;
    const quotient = tested / divisor;
    // 0.3 is a multiple of 0.1, whatever binary fractions say.
    const isWhole = Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
    return isWhole ? undefined : violation(at, `must be a multiple of ${divisor}`);
  };
}

/** A count of something, between limits. */
function counted(direction: 1 | -1, what: string, count: (tested: unknown) => number | undefined): Keyword {
  return (given) => {
    const bound = countOf(given);
    const message = `must have ${direction === 1 ? 'at least' : 'at most'} ${bound} ${what}`;
    return (tested, at) => {
      const found = count(tested);
      return found !== undefined && (found - bound) * direction < 0 ? violation(at, message) : undefined;
    };
  };
}

/** Characters, not halves of surrogate pairs: draft 4, section 5.2.1.1. */
function charactersOf(tested: unknown): number | undefined {
  if (typeof tested !== 'string') return undefined;
  let characters = 0;
  for (const _ of tested) characters += 1;
  return characters;
}

const elementsOf = (tested: unknown): number | undefined => (Array.isArray(tested) ? tested.length : undefined);
const membersOf = (tested: unknown): number | undefined => (isObject(tested) ? Object.keys(tested).length : undefined);
export function regexOf(pattern: unknown, where: string): LinearRegex {
  if (typeof pattern !== 'string') throw new SchemaProblem(`${where} is no pattern`);
  const compiled = compileRegex(pattern);
  if ('problem' in compiled) throw new SchemaProblem(`${where} is a pattern that cannot be used: ${compiled.problem}`);
  return compiled.regex;
}
function pattern({ value, where }: Given): Check {
  const regex = regexOf(value, where);
  return (tested, at, run) => {
    if (typeof tested !== 'string') return undefined;
    const isMatching = regex.matches(tested, (steps) => run.spend(steps >> 3));
    return isMatching ? undefined : violation(at, `does not match ${String(value)}`);
  };
}
export const VALUE_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['type', type],
  ['enum', enumeration],
  ['format', format],
  ['minimum', limit(1, 'exclusiveMinimum')],
  ['maximum', limit(-1, 'exclusiveMaximum')],
  ['exclusiveMinimum', exclusive],
  ['exclusiveMaximum', exclusive],
  ['multipleOf', multipleOf],
  ['minLength', counted(1, 'characters', charactersOf)],
  ['maxLength', counted(-1, 'characters', charactersOf)],
  ['pattern', pattern],
  ['minItems', counted(1, 'elements', elementsOf)],
  ['maxItems', counted(-1, 'elements', elementsOf)],
  ['minProperties', counted(1, 'members', membersOf)],
  ['maxProperties', counted(-1, 'members', membersOf)],
];
