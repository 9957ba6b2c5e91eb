// One event against all rules: the leaves go through the indexes of their paths, what they satisfy fires conditions, and
// conditions lead to buckets. An alternative found there is asked for the rest of its conditions, each decided once for
// the event. Fields that lead into one array have to hold in one element of it: that is looked at last, for alternatives
// of which every condition is satisfied somewhere.

import { holdTogether, type JointField } from '#structures/event-pattern/array-consistency.ts';
import { comparableNumber } from '#structures/event-pattern/comparable-number.ts';
import type { ValueTest } from '#structures/event-pattern/value-test.ts';
import type { Alternative, Bucket } from './bucket.ts';
import type { Condition } from './condition.ts';
import { type EventLeaves, NUMBER, OVERWRITTEN } from './event-leaves.ts';
import { type EqualsNumber, isNumberTest, isSameLargeNumber } from './number-tests.ts';
import type { PathNode } from './path-tree.ts';
import type { Exclusion, Posting } from './posting.ts';

/** Of a path with more leaves in arrays only those are asked that lie in the element in question. */
const FEW_LEAVES = 16;

const FIRST_CAPACITY = 64;

export class Matching {
  private epoch = 0;
  private readonly fired: Condition[] = [];
  /** Leaves that satisfy conditions: lists through columns. */
  private hitCount = 0;
  private hitLeaf = new Int32Array(FIRST_CAPACITY);
  private nextHit = new Int32Array(FIRST_CAPACITY);
  private readonly found: Posting[] = [];
  private readonly excluded: Exclusion[] = [];
  private matched: number[] = [];

  constructor(private readonly leaves: EventLeaves) {}

  /** Numbers of rules, in no order, some twice. */
  match(root: Bucket, epoch: number): number[] {
    this.epoch = epoch;
    this.fired.length = 0;
    this.hitCount = 0;
    this.matched = [];
    const { leaves } = this;
    for (let leaf = 0; leaf < leaves.count; leaf += 1) if (leaves.kind[leaf] !== OVERWRITTEN) this.fireFor(leaf);
    for (const condition of this.fired) if (condition.bucket !== undefined) this.visit(condition.bucket);
    this.visit(root);
    return this.matched;
  }

  private fireFor(leaf: number): void {
    const { found, leaves } = this;
    const { index } = leaves.nodes[leaf] as PathNode;
    if (index === undefined) return;
    found.length = 0;
    index.find(leaf, leaves, found);
    for (let i = 0; i < found.length; i += 1) {
      const posting = found[i] as Posting;
      if (posting.needsCheck && !posting.test.matches(leaves.valueOf(leaf))) continue;
      for (const condition of posting.conditions) this.fire(condition, leaf);
      for (const exclusion of posting.exclusions) this.exclude(exclusion);
    }
    for (const condition of index.whateverIsThere) this.fire(condition, leaf);
    for (const exclusion of index.whateverElseIsThere) if (!exclusion.isExcluded) this.fire(exclusion.condition, leaf);
    for (const exclusion of this.excluded) exclusion.isExcluded = false;
    this.excluded.length = 0;
  }

  private exclude(exclusion: Exclusion): void {
    if (exclusion.isExcluded) return;
    exclusion.isExcluded = true;
    this.excluded.push(exclusion);
  }

  private fire(condition: Condition, leaf: number): void {
    const hit = this.hitCount;
    if (condition.firedEpoch !== this.epoch) {
      condition.firedEpoch = this.epoch;
      condition.firstHit = hit;
      this.fired.push(condition);
    } else if (condition.lastLeaf === leaf) return;
    else this.nextHit[condition.lastHit] = hit;
    if (hit === this.hitLeaf.length) this.growHits();
    this.hitCount = hit + 1;
    this.hitLeaf[hit] = leaf;
    this.nextHit[hit] = -1;
    condition.lastHit = hit;
    condition.lastLeaf = leaf;
  }

  private growHits(): void {
    const { hitLeaf, nextHit } = this;
    this.hitLeaf = new Int32Array(hitLeaf.length * 2);
    this.hitLeaf.set(hitLeaf);
    this.nextHit = new Int32Array(nextHit.length * 2);
    this.nextHit.set(nextHit);
  }

  private visit(bucket: Bucket): void {
    for (const alternative of bucket.alternatives) if (this.holds(alternative)) this.matched.push(alternative.rule);
    const { behind } = bucket;
    if (behind === undefined) return;
    if (behind.size < this.fired.length) {
      for (const [condition, next] of behind) if (condition.firedEpoch === this.epoch) this.visit(next);
    } else {
      for (const condition of this.fired) {
        const next = behind.get(condition);
        if (next !== undefined) this.visit(next);
      }
    }
  }

  private holds(alternative: Alternative): boolean {
    const { epoch } = this;
    let inArraysCount = 0;
    let isOpen = false;
    for (const condition of alternative.conditions) {
      const { node } = condition;
      const isInArray = node.leavesEpoch === epoch && node.hasLeafInArray;
      if (isInArray) inArraysCount += 1;
      if (condition.firedEpoch === epoch) continue;
      if (isInArray && node.leafCount > FEW_LEAVES) isOpen = true;
      else if (!this.isSatisfied(condition)) {
        if (!isInArray || !condition.wantsAbsence) return false;
        isOpen = true;
      }
    }
    return (inArraysCount < 2 && !isOpen) || this.holdsTogether(alternative);
  }

  /** Somewhere in the event; when it wants absence, nowhere. */
  private isSatisfied(condition: Condition): boolean {
    if (condition.node.leavesEpoch !== this.epoch) return condition.wantsAbsence;
    if (condition.decidedEpoch === this.epoch) return condition.isSatisfied;
    const leaves = this.leaves.leavesAt(condition.node);
    condition.decidedEpoch = this.epoch;
    condition.isSatisfied =
      leaves.length === 0 ? condition.wantsAbsence : leaves.some((leaf) => this.isSatisfiedBy(condition, leaf));
    return condition.isSatisfied;
  }

  private isSatisfiedBy(condition: Condition, leaf: number): boolean {
    const { leaves } = this;
    for (const test of condition.tests) {
      if (leaves.kind[leaf] === NUMBER && isOfLargeNumber(test)) {
        if (isSameLargeNumber(test, leaves.numeralOf(leaf))) return true;
      } else if (test.matches(leaves.valueOf(leaf))) return true;
    }
    return false;
  }

  private holdsTogether({ conditions }: Alternative): boolean {
    const fields = conditions.filter(({ node }) => node.leavesEpoch === this.epoch).map((one) => this.jointField(one));
    // Only absence makes the order matter. Without it the field with the fewest leaves goes first: it leaves least to do.
    if (!fields.some((field) => field.wantsAbsence)) fields.sort((a, b) => a.leaves.length - b.leaves.length);
    return holdTogether(fields, this.leaves);
  }

  private jointField(condition: Condition): JointField {
    if (condition.firedEpoch === this.epoch) {
      return { leaves: this.hitsOf(condition), wantsAbsence: false, satisfies: () => true };
    }
    return {
      leaves: this.leaves.leavesAt(condition.node),
      wantsAbsence: condition.wantsAbsence,
      satisfies: (leaf) => this.isSatisfiedBy(condition, leaf),
    };
  }

  private hitsOf(condition: Condition): readonly number[] {
    const leaves: number[] = [];
    for (let hit = condition.firstHit; hit >= 0; hit = this.nextHit[hit] as number) {
      leaves.push(this.hitLeaf[hit] as number);
    }
    return leaves;
  }
}

function isOfLargeNumber(test: ValueTest): test is EqualsNumber {
  return isNumberTest(test) && test.kind === 'equals' && Number.isNaN(comparableNumber(test.expected));
}
