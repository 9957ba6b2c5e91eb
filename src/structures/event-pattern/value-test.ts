// What a pattern asks of one value of an event. Strings, numbers, booleans and null are leaves; arrays were taken apart
// and objects descended into before it comes to this. Each test says what it is (`kind`), so that many of them can be
// compiled into one index, and what a value that failed nearly had. AWS: EventBridge user guide, "Comparison operators
// for use in event patterns".

import { type IpAddress, type IpRange, isInRange, parseIp, parseIpRange } from '#base/ip-range.ts';
import { type Wildcard, type WildcardToken, wildcardOf } from '#base/wildcard.ts';
import { comparableNumber, isSameNumber } from './comparable-number.ts';
import { hintOfEqual, hintOfText, hintOfType } from './hints.ts';
import type { Leaf } from './leaf.ts';

/** `source` is as in the pattern: `{"prefix":"a"}`. `hint` says why a value that failed nearly matched. */
export type ValueTest = Equals | Text | WildcardText | Cidr | Exists | Numeric | AnythingBut;

/** Case is ignored letter by letter, whatever stands beside it. AWS: event-ruler, EqualsIgnoreCaseParser. */
export function foldCase(text: string): string {
  const folded = text.toLowerCase();
  // As a rule that is it. Sigma at a word's end and letters whose small form is longer are what it gets wrong.
  if (folded.length === text.length && !text.includes('Σ')) return folded;
  let result = '';
  for (let i = 0; i < text.length; i += 1) {
    const unit = text[i] as string;
    const small = unit.toLowerCase();
    result += small.length === 1 ? small : unit;
  }
  return result;
}

export class Equals {
  readonly kind = 'equals';
  /** Of an IPv6 address, which has several spellings. AWS: event-ruler, CIDR.ipToRangeIfPossible. */
  readonly address: IpAddress | undefined;

  /** `numeral` is how the pattern writes a number. */
  constructor(
    readonly expected: Leaf,
    readonly numeral?: string,
  ) {
    const maybeAddress = typeof expected === 'string' && /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(expected);
    this.address = maybeAddress ? parseIp(expected) : undefined;
  }

  get source(): string {
    return this.numeral ?? JSON.stringify(this.expected);
  }

  matches(value: Leaf): boolean {
    const { expected, address } = this;
    if (value === expected) return true;
    if (typeof value === 'number') return typeof expected === 'number' && isSameNumber(value, expected);
    return address !== undefined && typeof value === 'string' && parseIp(value)?.value === address.value;
  }

  hint(value: Leaf): string | undefined {
    return hintOfEqual(this.expected, value);
  }
}

export type TextPlace = 'start' | 'end' | 'whole';

/** A text at the start, at the end, or all of it. */
export class Text {
  readonly kind = 'text';
  /** Folded when case is ignored. */
  readonly sought: string;

  constructor(
    readonly place: TextPlace,
    readonly expected: string,
    readonly ignoresCase: boolean,
  ) {
    this.sought = ignoresCase ? foldCase(expected) : expected;
  }

  get source(): string {
    const { place, expected, ignoresCase } = this;
    const operand = ignoresCase ? { 'equals-ignore-case': expected } : expected;
    return JSON.stringify(place === 'whole' ? operand : { [place === 'start' ? 'prefix' : 'suffix']: operand });
  }

  matches(value: Leaf): boolean {
    if (typeof value !== 'string') return false;
    const { place, sought } = this;
    const text = this.ignoresCase ? foldCase(value) : value;
    if (place === 'whole') return text === sought;
    return place === 'start' ? text.startsWith(sought) : text.endsWith(sought);
  }

  hint(value: Leaf): string | undefined {
    if (typeof value !== 'string') return hintOfType('string', value);
    return hintOfText(value, (text) => new Text(this.place, this.expected, true).matches(text), this);
  }
}

/** `*` is any run of characters. */
export class WildcardText {
  readonly kind = 'wildcard';
  private compiled: Wildcard | undefined;

  constructor(
    readonly expected: string,
    readonly tokens: readonly WildcardToken[],
  ) {}

  get source(): string {
    return JSON.stringify({ wildcard: this.expected });
  }

  matches(value: Leaf): boolean {
    if (typeof value !== 'string') return false;
    this.compiled ??= wildcardOf(this.tokens);
    return this.compiled.matches(value);
  }

  hint(value: Leaf): string | undefined {
    if (typeof value !== 'string') return hintOfType('string', value);
    const folded = wildcardOf(
      this.tokens.map((token) => (typeof token === 'object' ? { literal: foldCase(token.literal) } : token)),
    );
    return hintOfText(value, (text) => folded.matches(foldCase(text)), this);
  }
}

export class Cidr {
  readonly kind = 'cidr';
  readonly range: IpRange | undefined;

  constructor(readonly expected: string) {
    this.range = parseIpRange(expected);
  }

  get source(): string {
    return JSON.stringify({ cidr: this.expected });
  }

  matches(value: Leaf): boolean {
    const address = typeof value === 'string' ? parseIp(value) : undefined;
    return this.range !== undefined && address !== undefined && isInRange(this.range, address);
  }

  hint(value: Leaf): string | undefined {
    if (typeof value !== 'string') return hintOfType('string', value);
    const trimmed = value.trim();
    const address = parseIp(trimmed);
    if (address === undefined) {
      return trimmed.includes('/') ? 'a range of addresses, not one address' : 'this is no IP address';
    }
    if (trimmed !== value && this.matches(trimmed)) return 'there is white space around the address';
    if (address.bits === this.range?.bits) return undefined;
    return address.bits === 32 ? 'an IPv4 address, the range is of IPv6' : 'an IPv6 address, the range is of IPv4';
  }
}

export class Exists {
  readonly kind = 'exists';

  /**
   * `isWanted` false: it is not asked about a value but satisfied by there being none.
   * `needsContent`: null and the empty text are values that do not count.
   */
  constructor(
    readonly isWanted: boolean,
    private readonly needsContent = false,
  ) {}

  get source(): string {
    return JSON.stringify({ exists: this.isWanted });
  }

  matches(value?: unknown): boolean {
    return this.isWanted && !(this.needsContent && (value === null || value === ''));
  }

  hint(): string | undefined {
    return this.isWanted
      ? 'a value that is null or empty does not count'
      : 'the field is there, the pattern wants it absent';
  }
}

export interface NumericBound {
  readonly value: number;
  /** The bound itself is out. */
  readonly isOpen: boolean;
}

export interface NumericRange {
  readonly low?: NumericBound;
  readonly high?: NumericBound;
}

export class Numeric {
  readonly kind = 'numeric';
  /** Comparable numbers. */
  readonly low: number;
  readonly high: number;
  readonly isLowOpen: boolean;
  readonly isHighOpen: boolean;

  constructor(
    private readonly operands: readonly unknown[],
    { low, high }: NumericRange,
  ) {
    this.low = low === undefined ? Number.NEGATIVE_INFINITY : comparableNumber(low.value);
    this.high = high === undefined ? Number.POSITIVE_INFINITY : comparableNumber(high.value);
    this.isLowOpen = low?.isOpen === true;
    this.isHighOpen = high?.isOpen === true;
  }

  get source(): string {
    return JSON.stringify({ numeric: this.operands });
  }

  matches(value: Leaf): boolean {
    return typeof value === 'number' && this.holds(comparableNumber(value));
  }

  /** Of a comparable number. */
  holds(comparable: number): boolean {
    if (this.isLowOpen ? !(comparable > this.low) : !(comparable >= this.low)) return false;
    return this.isHighOpen ? comparable < this.high : comparable <= this.high;
  }

  hint(value: Leaf): string | undefined {
    if (typeof value !== 'number') return hintOfType('number', value);
    return Number.isNaN(comparableNumber(value)) ? 'numbers are compared between -5.0E9 and 5.0E9 only' : undefined;
  }
}

/** Matches any value, of any type, that none of the given tests takes. */
export class AnythingBut {
  readonly kind = 'anything-but';

  constructor(
    private readonly operand: unknown,
    readonly refused: readonly ValueTest[],
  ) {}

  get source(): string {
    return JSON.stringify({ 'anything-but': this.operand });
  }

  matches(value: Leaf): boolean {
    for (const inner of this.refused) if (inner.matches(value)) return false;
    return true;
  }

  hint(): string | undefined {
    return 'this is among what the pattern excludes';
  }
}

/** It is satisfied by there being no value. */
export function wantsAbsence(test: ValueTest): boolean {
  return test.kind === 'exists' && !test.isWanted;
}
