// Keywords that apply other schemas: to elements, to members, or to the same value. Source: JSON Schema draft 4, "Validation", sections 5.3 to 5.5.

import { canonicalText } from './canonical.ts';
import { type Check, type Place, violation } from './checks.ts';
import { type Given, type Keyword, SchemaProblem } from './keyword.ts';
import { isObject, memberOf } from './pointer.ts';
import { regexOf } from './value-keywords.ts';

function items({ value, schema, where, depth, compiler }: Given): Check {
  if (!Array.isArray(value)) {
    const checks = compiler.checksOf(value, where, depth);
    return (tested, at, run) => eachElement(tested, (element, i) => run.apply(checks, element, { parent: at, key: i }));
  }
  const each = (value as unknown[]).map((one, i) => compiler.checksOf(one, `${where}/${i}`, depth));
  const others = memberOf(schema, 'additionalItems') ?? true;
  const rest = typeof others === 'boolean' ? others : compiler.checksOf(others, `${where}/additionalItems`, depth);
  return (tested, at, run) =>
    eachElement(tested, (element, i) => {
      const place: Place = { parent: at, key: i };
      const checks = each[i] ?? rest;
      if (typeof checks !== 'boolean') return run.apply(checks, element, place);
      return checks ? undefined : violation(place, 'is an element too many');
    });
}

function eachElement<T>(tested: unknown, check: (element: unknown, i: number) => T | undefined): T | undefined {
  if (!Array.isArray(tested)) return undefined;
  for (const [i, element] of (tested as unknown[]).entries()) {
    const found = check(element, i);
    if (found !== undefined) return found;
  }
  return undefined;
}

const uniqueItems: Keyword = ({ value, where }) => {
  if (typeof value !== 'boolean') throw new SchemaProblem(`${where} is neither true nor false`);
  if (!value) return undefined;
  return (tested, at, run) => {
    const seen = new Set<string>();
    return eachElement(tested, (element, i) => {
      const text = canonicalText(element);
      run.spend(1 + (text.length >> 4));
      if (seen.has(text)) return violation({ parent: at, key: i }, 'is in the list twice');
      seen.add(text);
      return undefined;
    });
  };
};

function required({ value, where }: Given): Check {
  if (!isTextList(value)) throw new SchemaProblem(`${where} is no list of names`);
  return (tested, at) => {
    if (!isObject(tested)) return undefined;
    const missing = value.find((name) => !Object.hasOwn(tested, name));
    return missing === undefined ? undefined : violation({ parent: at, key: missing }, 'is missing');
  };
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && (value as unknown[]).every((name) => typeof name === 'string');
}

/** `properties`, `patternProperties` and `additionalProperties` are one question: which schemas a member has to fit. */
function members(given: Given): Check {
  const { schema, where, depth, compiler } = given;
  const byName = new Map<string, readonly Check[]>();
  for (const [name, one] of Object.entries(objectOf(schema, 'properties', where))) {
    byName.set(name, compiler.checksOf(one, `${where}/properties/${name}`, depth));
  }
  const byPattern = Object.entries(objectOf(schema, 'patternProperties', where)).map(([text, one]) => ({
    regex: regexOf(text, `${where}/patternProperties`),
    checks: compiler.checksOf(one, `${where}/patternProperties/${text}`, depth),
  }));
  const others = memberOf(schema, 'additionalProperties') ?? true;
  const rest = typeof others === 'boolean' ? others : compiler.checksOf(others, `${where}/additionalProperties`, depth);
  return (tested, at, run) => {
    if (!isObject(tested)) return undefined;
    for (const name of Object.keys(tested)) {
      const place: Place = { parent: at, key: name };
      const lists = byPattern.filter(({ regex }) => regex.matches(name, (steps) => run.spend(steps >> 3)));
      const own = byName.get(name);
      const all = [...(own === undefined ? [] : [own]), ...lists.map(({ checks }) => checks)];
      if (all.length === 0 && rest === false) return violation(place, 'is not known to the schema');
      if (all.length === 0 && typeof rest !== 'boolean') all.push(rest);
      for (const checks of all) {
        const found = run.apply(checks, tested[name], place);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
}

function objectOf(schema: Given['schema'], name: string, where: string): Readonly<Record<string, unknown>> {
  const value = memberOf(schema, name) ?? {};
  if (!isObject(value)) throw new SchemaProblem(`${where}: ${name} is no object`);
  return value;
}

/** The three keywords share one check, made where the first of them stands. */
function memberKeyword(name: string): Keyword {
  return (given) => {
    const names = ['properties', 'patternProperties', 'additionalProperties'];
    const first = names.find((one) => Object.hasOwn(given.schema, one));
    return first === name ? members({ ...given, where: given.where.slice(0, -name.length - 1) }) : undefined;
  };
}

function dependencies({ value, where, depth, compiler }: Given): Check {
  if (!isObject(value)) throw new SchemaProblem(`${where} is no object`);
  const each = Object.entries(value).map(([name, one]) => ({
    name,
    checks: isTextList(one)
      ? [required({ value: one, schema: {}, where, depth, compiler })]
      : compiler.checksOf(one, `${where}/${name}`, depth),
  }));
  return (tested, at, run) => {
    if (!isObject(tested)) return undefined;
    for (const { name, checks } of each) {
      const found = Object.hasOwn(tested, name) ? run.apply(checks, tested, at) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function alternativesOf({ value, where, depth, compiler }: Given): readonly (readonly Check[])[] {
  if (!Array.isArray(value) || value.length === 0) throw new SchemaProblem(`${where} is no list of schemas`);
  return (value as unknown[]).map((one, i) => compiler.checksOf(one, `${where}/${i}`, depth));
}

function allOf(given: Given): Check {
  const all = alternativesOf(given);
  return (tested, at, run) => {
    for (const checks of all) {
      const found = run.apply(checks, tested, at);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function anyOf(given: Given): Check {
  const any = alternativesOf(given);
  return (tested, at, run) => {
    let first: string | undefined;
    for (const checks of any) {
      const found = run.apply(checks, tested, at);
      if (found === undefined) return undefined;
      first ??= `${found.path === '' ? '' : `${found.path} `}${found.message}`;
    }
    return violation(at, `fits none of ${any.length} alternatives; the first: ${first}`);
  };
}

function oneOf(given: Given): Check {
  const any = alternativesOf(given);
  return (tested, at, run) => {
    let fitting = 0;
    for (const checks of any) if (run.apply(checks, tested, at) === undefined) fitting += 1;
    return fitting === 1 ? undefined : violation(at, `fits ${fitting} of ${any.length} alternatives, not exactly one`);
  };
}

function not({ value, where, depth, compiler }: Given): Check {
  const checks = compiler.checksOf(value, where, depth);
  return (tested, at, run) =>
    run.apply(checks, tested, at) === undefined ? violation(at, 'fits what it must not fit') : undefined;
}
export const STRUCTURE_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['items', items],
  ['uniqueItems', uniqueItems],
  ['required', required],
  ['properties', memberKeyword('properties')],
  ['patternProperties', memberKeyword('patternProperties')],
  ['additionalProperties', memberKeyword('additionalProperties')],
  ['dependencies', dependencies],
  ['allOf', allOf],
  ['anyOf', anyOf],
  ['oneOf', oneOf],
  ['not', not],
];
