// The tests that conditions have on the values of one path, arranged by what a value can be: a text goes through the
// indexes of texts, a number through those of numbers, and each finds the tests that hold without asking the others.
// Only conditions that lead to a bucket are in here; the rest are asked when it comes to them.

import type { Leaf } from '#structures/event-pattern/leaf.ts';
import type { ValueTest } from '#structures/event-pattern/value-test.ts';
import type { Condition } from './condition.ts';
import { type EventLeaves, FALSE, NULL, NUMBER, TRUE } from './event-leaves.ts';
import { isNumberTest, NumberTests } from './number-tests.ts';
import { deleteFrom, type Exclusion, Posting, type Waiting } from './posting.ts';
import { isTextTest, TextTests } from './text-tests.ts';

export class ValueIndex {
  private texts: TextTests | undefined;
  private numbers: NumberTests | undefined;
  private readonly literals = new Map<Leaf, Posting>();
  /** Satisfied by any value: `{"exists": true}`. */
  private readonly presence: Condition[] = [];
  private readonly exclusions: Exclusion[] = [];

  get isEmpty(): boolean {
    const isWithoutPostings = this.texts === undefined && this.numbers === undefined && this.literals.size === 0;
    return isWithoutPostings && this.presence.length === 0 && this.exclusions.length === 0;
  }

  add(condition: Condition): void {
    for (const test of condition.tests) {
      if (test.kind === 'exists') this.presence.push(condition);
      else if (test.kind === 'anything-but') {
        const exclusion: Exclusion = { condition, test, isExcluded: false };
        this.exclusions.push(exclusion);
        for (const refused of test.refused) this.addWaiting(refused, exclusion);
      } else this.addWaiting(test, condition);
    }
  }

  delete(condition: Condition): void {
    for (const test of condition.tests) {
      if (test.kind === 'exists') deleteFrom(this.presence, condition);
      else if (test.kind === 'anything-but') {
        const exclusion = this.exclusions.find((other) => other.condition === condition && other.test === test);
        if (exclusion === undefined) continue;
        deleteFrom(this.exclusions, exclusion);
        for (const refused of test.refused) this.deleteWaiting(refused, exclusion);
      } else this.deleteWaiting(test, condition);
    }
  }

  /** How many conditions would fire along with one that has this test. */
  crowdOf(test: ValueTest): number {
    if (test.kind === 'exists' || test.kind === 'anything-but') return this.presence.length + this.exclusions.length;
    return this.get(test)?.conditions.length ?? 0;
  }

  private addWaiting(test: ValueTest, waiting: Waiting): void {
    const posting = this.get(test) ?? this.create(test);
    posting.add(waiting);
  }

  private deleteWaiting(test: ValueTest, waiting: Waiting): void {
    const posting = this.get(test);
    if (posting === undefined) return;
    posting.delete(waiting);
    if (posting.isNeeded) return;
    if (isTextTest(test)) {
      this.texts?.delete(posting);
      if (this.texts?.isEmpty === true) this.texts = undefined;
    } else if (isNumberTest(test)) {
      this.numbers?.delete(posting);
      if (this.numbers?.isEmpty === true) this.numbers = undefined;
    } else if (test.kind === 'equals') this.literals.delete(test.expected);
  }

  private get(test: ValueTest): Posting | undefined {
    if (isTextTest(test)) return this.texts?.get(test);
    if (isNumberTest(test)) return this.numbers?.get(test);
    return test.kind === 'equals' ? this.literals.get(test.expected) : undefined;
  }

  private create(test: ValueTest): Posting {
    if (isTextTest(test)) {
      this.texts ??= new TextTests();
      return this.texts.add(test);
    }
    if (isNumberTest(test)) {
      this.numbers ??= new NumberTests();
      return this.numbers.add(test);
    }
    const posting = new Posting(test);
    if (test.kind === 'equals') this.literals.set(test.expected, posting);
    return posting;
  }

  /** Adds the tests that the leaf's value satisfies to `found`; what any value satisfies is in {@link presence}. */
  find(leaf: number, leaves: EventLeaves, found: Posting[]): void {
    const kind = leaves.kind[leaf] as number;
    if (kind === NUMBER) {
      if (this.numbers !== undefined) this.numbers.find(leaf, leaves, found);
    } else if (kind >= TRUE) {
      if (this.literals.size === 0) return;
      const posting = this.literals.get(kind === NULL ? null : kind !== FALSE);
      if (posting !== undefined) found.push(posting);
    } else if (this.texts !== undefined) this.texts.find(leaf, leaves, found);
  }

  get whateverIsThere(): readonly Condition[] {
    return this.presence;
  }

  get whateverElseIsThere(): readonly Exclusion[] {
    return this.exclusions;
  }
}
