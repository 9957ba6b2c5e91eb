// Reading a pattern character by character, and the values that all three languages share.

import { wildcardOf } from '#base/wildcard.ts';
import { takeExpression } from './expression.ts';

export class PatternProblem extends Error {
  override readonly name = 'PatternProblem';
}

const EXPRESSIONS_MAX = 2;

export class PatternText {
  private at = 0;
  private expressions = 0;

  /** `isStored`: what earlier versions of Eddy took is read as they read it. */
  constructor(
    private readonly text: string,
    readonly isStored = false,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(length = 1): string {
    return this.text.slice(this.at, this.at + length);
  }

  skipSpace(): void {
    while (/\s/.test(this.peek()) && !this.isAtEnd) this.at += 1;
  }

  /** Takes the text when it comes next. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Takes a word without regard to case, when it comes next and ends there. */
  takeWord(word: string): boolean {
    const found = this.text.slice(this.at, this.at + word.length);
    const after = this.text[this.at + word.length] ?? ' ';
    if (found.toUpperCase() !== word || /[A-Za-z0-9_]/.test(after)) return false;
    this.at += word.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected ${text}`);
  }

  /** Everything up to a character that `ends`. */
  takeUntil(ends: RegExp): string {
    const start = this.at;
    while (!this.isAtEnd && !ends.test(this.peek())) this.at += 1;
    return this.text.slice(start, this.at);
  }

  /** Behind an opening quote, up to the closing one. */
  takeQuoted(quote: string): string {
    let value = '';
    for (; !this.isAtEnd; this.at += 1) {
      const character = this.peek();
      if (character === quote) {
        this.at += 1;
        return value;
      }
      if (character === '\\' && this.at + 1 < this.text.length) this.at += 1;
      value += this.peek();
    }
    return this.fail('a quotation mark is not closed');
  }

  /** AWS: at most two regular expressions in a pattern. */
  countExpression(): void {
    this.expressions += 1;
    if (this.expressions > EXPRESSIONS_MAX) this.fail(`more than ${EXPRESSIONS_MAX} regular expressions`);
  }

  /** AWS's words, as quoted in public issues (DefangLabs/defang 1008 among them). */
  failAtTerm(term: string): never {
    throw new PatternProblem(`Invalid filter pattern: Invalid character(s) in term '${term}'`);
  }

  fail(detail: string): never {
    throw new PatternProblem(`Invalid filter pattern: ${detail} at character ${this.at + 1}`);
  }
}

export type Comparison = '=' | '!=' | '<' | '>' | '<=' | '>=';

/** The longer ones first. */
export const COMPARISONS: readonly Comparison[] = ['!=', '<=', '>=', '=', '<', '>'];

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export function asNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

type ValueTest = (value: string | number) => boolean;

/** What a value is compared with, read from the text: a regular expression, or a number or text that `ends` somewhere. */
export function readComparison(text: PatternText, comparison: Comparison, ends: RegExp): ValueTest {
  text.skipSpace();
  if (text.take('%')) return readExpressionTest(text, comparison);
  const isQuoted = text.take('"');
  const value = isQuoted ? text.takeQuoted('"') : text.takeUntil(ends);
  if (!isQuoted && value === '' && !text.isStored) text.fail('expected a value');
  const test = compileComparison(comparison, { text: value, isQuoted });
  return typeof test === 'function' ? test : text.fail(test.problem);
}

function readExpressionTest(text: PatternText, comparison: Comparison): ValueTest {
  if (comparison !== '=' && comparison !== '!=') text.fail(`${comparison} compares with a number`);
  text.countExpression();
  const occurs = takeExpression(text);
  const isWanted = comparison === '=';
  return (value) => occurs(String(value)) === isWanted;
}

/** A test of one value, given as text or as JSON's number. Numbers compare as numbers, everything else by `*` patterns. */
function compileComparison(
  comparison: Comparison,
  expected: { readonly text: string; readonly isQuoted: boolean },
): ValueTest | { readonly problem: string } {
  const number = expected.isQuoted ? undefined : asNumber(expected.text);
  if (comparison === '=' || comparison === '!=') {
    const isWanted = comparison === '=';
    const wildcard = wildcardOf(tokensOf(expected.text));
    return (value) => {
      const found = number === undefined ? undefined : numberOf(value);
      const isEqual = found === undefined ? wildcard.matches(String(value)) : found === number;
      return isEqual === isWanted;
    };
  }
  if (number === undefined) return { problem: `${comparison} compares with a number, not with ${expected.text}` };
  return (value) => {
    const found = numberOf(value);
    return found !== undefined && holds(found, comparison, number);
  };
}

function tokensOf(pattern: string): ({ readonly literal: string } | '*')[] {
  const pieces = pattern.split('*').map((literal) => ({ literal }));
  return pieces.flatMap((piece, i) => (i === 0 ? [piece] : ['*' as const, piece]));
}

function numberOf(value: string | number): number | undefined {
  return typeof value === 'number' ? value : asNumber(value);
}

function holds(found: number, comparison: '<' | '>' | '<=' | '>=', expected: number): boolean {
  if (comparison === '<') return found < expected;
  if (comparison === '>') return found > expected;
  return comparison === '<=' ? found <= expected : found >= expected;
}
