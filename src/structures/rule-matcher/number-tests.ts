// Tests of the numbers at one path: equal to one, within a range.

import { comparableNumber } from '#structures/event-pattern/comparable-number.ts';
import type { Equals, Numeric, ValueTest } from '#structures/event-pattern/value-test.ts';
import { canonicalDecimal, comparableAt } from './decimal.ts';
import type { EventLeaves } from './event-leaves.ts';
import { HashTable } from './hash-table.ts';
import { Posting } from './posting.ts';
import { RangeIndex } from './range-index.ts';

export type EqualsNumber = Equals & { readonly expected: number };

export type NumberTest = EqualsNumber | Numeric;

class NumberPosting extends Posting {
  constructor(
    test: NumberTest,
    /** A comparable number. */
    readonly value: number,
  ) {
    super(test);
  }
}

export class NumberTests {
  private readonly equal = new HashTable<NumberPosting>();
  private ranges: RangeIndex | undefined;
  /** Numbers that can only be named exactly, by how they are written. */
  private large: Map<string, Posting> | undefined;

  get isEmpty(): boolean {
    const isWithoutRanges = this.ranges === undefined || this.ranges.isEmpty;
    return this.equal.size === 0 && isWithoutRanges && (this.large === undefined || this.large.size === 0);
  }

  get(test: NumberTest): Posting | undefined {
    const value = soleValueOf(test);
    if (value !== undefined) return this.findEqual(value);
    return test.kind === 'numeric' ? this.ranges?.get(test.source) : this.large?.get(largeKeyOf(test));
  }

  add(test: NumberTest): Posting {
    const value = soleValueOf(test);
    if (value !== undefined) {
      const posting = new NumberPosting(test, value);
      this.equal.add(hashOfNumber(value), posting);
      return posting;
    }
    const posting = new Posting(test);
    if (test.kind === 'numeric') {
      this.ranges ??= new RangeIndex();
      this.ranges.add(posting);
    } else {
      this.large ??= new Map();
      this.large.set(largeKeyOf(test), posting);
    }
    return posting;
  }

  delete(posting: Posting): void {
    if (posting instanceof NumberPosting) this.equal.delete(hashOfNumber(posting.value), posting);
    else if (posting.test.kind === 'numeric') this.ranges?.delete(posting);
    else this.large?.delete(largeKeyOf(posting.test as EqualsNumber));
  }

  /** Of a leaf that is a number. Adds what holds to `found`. */
  find(leaf: number, leaves: EventLeaves, found: Posting[]): void {
    const value = comparableAt(leaves.bytes, leaves.start[leaf] as number, leaves.end[leaf] as number);
    if (Number.isNaN(value)) {
      const posting = this.large?.get(canonicalDecimal(leaves.numeralOf(leaf)));
      if (posting !== undefined) found.push(posting);
      return;
    }
    if (this.equal.size > 0) {
      const posting = this.findEqual(value);
      if (posting !== undefined) found.push(posting);
    }
    if (this.ranges !== undefined) this.ranges.find(value, found);
  }

  private findEqual(value: number): NumberPosting | undefined {
    const { equal } = this;
    const hash = hashOfNumber(value);
    for (let slot = equal.first(hash); slot >= 0; slot = equal.next(slot, hash)) {
      const posting = equal.items[slot] as NumberPosting;
      if (posting.value === value) return posting;
    }
    return undefined;
  }
}

export function isNumberTest(test: ValueTest): test is NumberTest {
  return test.kind === 'numeric' || (test.kind === 'equals' && typeof test.expected === 'number');
}

/** Whether a number of an event, that AWS would not compare, is the one a pattern names. */
export function isSameLargeNumber(test: EqualsNumber, numeral: string): boolean {
  return largeKeyOf(test) === canonicalDecimal(numeral);
}

/** The comparable number it has to equal; undefined when it is a range, or a number that is not comparable. */
function soleValueOf(test: NumberTest): number | undefined {
  if (test.kind === 'numeric') {
    return test.low === test.high && !test.isLowOpen && !test.isHighOpen ? test.low : undefined;
  }
  const value = comparableNumber(test.expected);
  return Number.isNaN(value) ? undefined : value;
}

function largeKeyOf(test: EqualsNumber): string {
  return canonicalDecimal(test.numeral ?? String(test.expected));
}

/** A comparable number is whole and below 2^54. */
function hashOfNumber(value: number): number {
  const high = Math.floor(value / 0x100000000);
  return ((value - high * 0x100000000) | 0) ^ Math.imul(high, 0x9e3779b1);
}
