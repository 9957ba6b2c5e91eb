// What an index finds: one test of one path, and who waits for it.

import type { ValueTest } from '#structures/event-pattern/value-test.ts';
import type { Condition } from './condition.ts';
import { RuleText } from './json-text.ts';

/** A condition that any value satisfies unless one of certain tests takes it: `anything-but`. */
export interface Exclusion {
  readonly condition: Condition;
  readonly test: ValueTest;
  /** Of the leaf that is looked at now. */
  isExcluded: boolean;
}

const NO_TEXT = new RuleText('');
const NO_CONDITIONS: Condition[] = [];
const NO_EXCLUSIONS: Exclusion[] = [];

export class Posting {
  /** Satisfied by the test. */
  conditions: readonly Condition[] = NO_CONDITIONS;
  /** Of which the test is one that is excluded. */
  exclusions: readonly Exclusion[] = NO_EXCLUSIONS;
  /** The search that found it last, where an index may find it many times in one. */
  foundIn = 0;

  /**
   * `text` is what an index of texts looks for. When it is only part of what the test wants, `needsCheck`: the test has
   * to be asked.
   */
  constructor(
    readonly test: ValueTest,
    readonly text: RuleText = NO_TEXT,
    readonly needsCheck = false,
  ) {}

  get isNeeded(): boolean {
    return this.conditions.length > 0 || this.exclusions.length > 0;
  }

  add(waiting: Waiting): void {
    if (isExclusion(waiting)) this.exclusions = added(this.exclusions, waiting);
    else this.conditions = added(this.conditions, waiting);
  }

  delete(waiting: Waiting): void {
    if (isExclusion(waiting)) deleteFrom(this.exclusions as Exclusion[], waiting);
    else deleteFrom(this.conditions as Condition[], waiting);
  }
}

/** Who waits for a posting. */
export type Waiting = Condition | Exclusion;

function isExclusion(waiting: Waiting): waiting is Exclusion {
  return 'isExcluded' in waiting;
}

/** The first one makes a list of its own: most postings have no exclusions, and share the empty one. */
function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item];
  (list as T[]).push(item);
  return list;
}

/** The last one takes its place. */
export function deleteFrom<T>(list: T[], item: T): void {
  const at = list.lastIndexOf(item);
  if (at < 0) return;
  const last = list.pop() as T;
  if (at < list.length) list[at] = last;
}
