// What each condition operator compares. A comparison is made from the policy's value once, when the policy is compiled;
// undefined says that the operator cannot take that value. AWS: IAM user guide, "Condition operators".

import { isInRange, parseIp, parseIpRange } from '#base/ip-range.ts';
import { type ContextValues, compileText, type PatternOptions } from './text-pattern.ts';

export type Comparison = (
  expected: string,
  hasVariables: boolean,
) => ((found: string, context: ContextValues) => boolean) | undefined;

const text =
  (options: Omit<PatternOptions, 'hasVariables'>): Comparison =>
  (expected, hasVariables) => {
    const pattern = compileText(expected, { ...options, hasVariables });
    return pattern === undefined ? undefined : (found, context) => pattern.matches(found, context);
  };

/** Each of an ARN's six parts is compared on its own, so that a star never runs across a colon but in the resource. */
const arn: Comparison = (expected, hasVariables) => {
  if (expected === '*') return () => true;
  const patterns = splitArn(expected).map((part) => compileText(part, { hasWildcards: true, hasVariables }));
  if (patterns.length !== 6 && !expected.includes('${')) return undefined;
  if (patterns.some((pattern) => pattern === undefined)) return undefined;
  return (found, context) => {
    const parts = splitArn(found);
    return (
      parts.length === patterns.length && patterns.every((pattern, i) => pattern?.matches(parts[i] as string, context))
    );
  };
};

/** Splits at the first five colons that are not inside a variable. */
function splitArn(source: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isInVariable = false;
  for (let i = 0; i < source.length && parts.length < 5; i += 1) {
    if (source.startsWith('${', i)) isInVariable = true;
    else if (source[i] === '}') isInVariable = false;
    else if (source[i] === ':' && !isInVariable) {
      parts.push(source.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(source.slice(start));
  return parts;
}

const compared =
  (parse: (value: string) => number | undefined, holds: (found: number, expected: number) => boolean): Comparison =>
  (expectedText) => {
    const expected = parse(expectedText);
    if (expected === undefined) return undefined;
    return (foundText) => {
      const found = parse(foundText);
      return found !== undefined && holds(found, expected);
    };
  };

function parseNumber(value: string): number | undefined {
  return /^\s*[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\s*$/.test(value) ? Number(value) : undefined;
}

/** Seconds since 1970: from a number of seconds or an ISO 8601 date. */
function parseDate(value: string): number | undefined {
  if (/^[0-9]+$/.test(value) && value.length > 4) return Number(value);
  if (!/^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:.]+(Z|[-+][0-9]{2}:?[0-9]{2})?)?)?)?$/.test(value)) return undefined;
  // A time without a zone would be read in the machine's own zone; AWS reads UTC.
  const hasZone = !value.includes('T') || /(Z|[-+][0-9]{2}:?[0-9]{2})$/.test(value);
  const ms = Date.parse(hasZone ? value : `${value}Z`);
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

const bool: Comparison = (expectedText) => {
  const expected = expectedText.toLowerCase();
  if (expected !== 'true' && expected !== 'false') return undefined;
  return (found) => found.toLowerCase() === expected;
};

const binary: Comparison = (expected) => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(expected)) return undefined;
  return (found) => found === expected;
};

const ip: Comparison = (expected) => {
  const range = parseIpRange(expected);
  if (range === undefined) return undefined;
  return (found) => {
    const address = parseIp(found);
    return address !== undefined && isInRange(range, address);
  };
};

const EXACT = text({ hasWildcards: false });
const CASELESS = text({ hasWildcards: false, isCaseless: true });
const LIKE = text({ hasWildcards: true });
const equal = (found: number, expected: number): boolean => found === expected;
const less = (found: number, expected: number): boolean => found < expected;
const lessOrEqual = (found: number, expected: number): boolean => found <= expected;
const greater = (found: number, expected: number): boolean => found > expected;
const greaterOrEqual = (found: number, expected: number): boolean => found >= expected;

const is = (comparison: Comparison) => ({ comparison, isNegated: false });
const isNot = (comparison: Comparison) => ({ comparison, isNegated: true });

export const OPERATORS: ReadonlyMap<string, { readonly comparison: Comparison; readonly isNegated: boolean }> = new Map(
  Object.entries({
    StringEquals: is(EXACT),
    StringNotEquals: isNot(EXACT),
    StringEqualsIgnoreCase: is(CASELESS),
    StringNotEqualsIgnoreCase: isNot(CASELESS),
    StringLike: is(LIKE),
    StringNotLike: isNot(LIKE),
    NumericEquals: is(compared(parseNumber, equal)),
    NumericNotEquals: isNot(compared(parseNumber, equal)),
    NumericLessThan: is(compared(parseNumber, less)),
    NumericLessThanEquals: is(compared(parseNumber, lessOrEqual)),
    NumericGreaterThan: is(compared(parseNumber, greater)),
    NumericGreaterThanEquals: is(compared(parseNumber, greaterOrEqual)),
    DateEquals: is(compared(parseDate, equal)),
    DateNotEquals: isNot(compared(parseDate, equal)),
    DateLessThan: is(compared(parseDate, less)),
    DateLessThanEquals: is(compared(parseDate, lessOrEqual)),
    DateGreaterThan: is(compared(parseDate, greater)),
    DateGreaterThanEquals: is(compared(parseDate, greaterOrEqual)),
    Bool: is(bool),
    BinaryEquals: is(binary),
    IpAddress: is(ip),
    NotIpAddress: isNot(ip),
    ArnEquals: is(arn),
    ArnNotEquals: isNot(arn),
    ArnLike: is(arn),
    ArnNotLike: isNot(arn),
  }),
);
