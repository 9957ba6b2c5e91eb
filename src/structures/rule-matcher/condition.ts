// What some alternatives of some rules ask of one path: a list of tests of which one is enough. Alternatives that ask the
// same share one condition, so that it is decided once for an event.

import { type ValueTest, wantsAbsence } from '#structures/event-pattern/value-test.ts';
import type { Bucket } from './bucket.ts';
import { HashTable } from './hash-table.ts';
import { hashStep } from './json-text.ts';
import type { PathNode, PathTree } from './path-tree.ts';

export class Condition {
  /** Alternatives that have it. */
  users = 0;
  /** Buckets that are found through it: while there are any, the index of its path knows its tests. */
  buckets = 0;
  /** The one among these that is looked at whatever else the event has. */
  bucket: Bucket | undefined;
  readonly wantsAbsence: boolean;

  // Of the event that is matched now; valid when the epoch is that event's.
  /** The index has found it satisfied. */
  firedEpoch = 0;
  /** The leaves that satisfy it, linked in their order. */
  firstHit = -1;
  lastHit = -1;
  lastLeaf = -1;
  /** Decided by asking the tests. */
  decidedEpoch = 0;
  isSatisfied = false;

  readonly tests: readonly ValueTest[];

  constructor(
    readonly node: PathNode,
    tests: readonly ValueTest[],
    readonly hash: number,
  ) {
    // A list that grew has room for sixteen more.
    this.tests = tests.slice();
    this.wantsAbsence = tests.some(wantsAbsence);
  }
}

export class Conditions {
  private readonly table = new HashTable<Condition>();

  constructor(private readonly tree: PathTree) {}

  /** The same one for the same path and tests; has one user more. */
  acquire(path: string, tests: readonly ValueTest[]): Condition {
    const hash = hashOfTests(path, tests);
    let condition = this.find(hash, path, tests);
    if (condition === undefined) {
      condition = new Condition(this.tree.nodeOf(path), tests, hash);
      condition.node.conditions += 1;
      this.table.add(hash, condition);
    }
    condition.users += 1;
    return condition;
  }

  release(condition: Condition): void {
    condition.users -= 1;
    if (condition.users > 0) return;
    this.table.delete(condition.hash, condition);
    condition.node.conditions -= 1;
    this.tree.release(condition.node);
  }

  all(): IterableIterator<Condition> {
    return this.table.values();
  }

  private find(hash: number, path: string, tests: readonly ValueTest[]): Condition | undefined {
    const { table } = this;
    for (let slot = table.first(hash); slot >= 0; slot = table.next(slot, hash)) {
      const condition = table.items[slot] as Condition;
      if (condition.node.path === path && areSame(condition.tests, tests)) return condition;
    }
    return undefined;
  }
}

function areSame(some: readonly ValueTest[], others: readonly ValueTest[]): boolean {
  return some.length === others.length && some.every((test, i) => test.source === others[i]?.source);
}

function hashOfTests(path: string, tests: readonly ValueTest[]): number {
  let hash = 0;
  for (let i = 0; i < path.length; i += 1) hash = hashStep(hash, path.charCodeAt(i));
  for (const { source } of tests)
    for (let i = 0; i < source.length; i += 1) hash = hashStep(hash, source.charCodeAt(i));
  return hash;
}
