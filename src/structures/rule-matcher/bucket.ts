// Alternatives of rules, found through what they ask for. Each lies in one bucket, and a bucket is looked at only when the
// conditions that lead to it are satisfied: first the one of the alternative's conditions that least is expected of
// (an identifier rather than the source that all rules name). When a bucket gets too full, its alternatives are spread
// over buckets behind it by another condition. So an event costs what it satisfies, not how many rules there are, and a
// rule comes and goes without any other being touched, but for the few that lie with it.

import type { ValueTest } from '#structures/event-pattern/value-test.ts';
import type { Condition } from './condition.ts';
import { deleteFrom } from './posting.ts';
import { ValueIndex } from './value-index.ts';

export interface Alternative {
  readonly rule: number;
  /** In order of their paths. */
  readonly conditions: readonly Condition[];
  bucket: Bucket | undefined;
}

export class Bucket {
  alternatives: Alternative[] = NONE;
  /** Undefined until the bucket was too full once. */
  behind: Map<Condition, Bucket> | undefined;

  /** The condition that leads here from the bucket before. */
  constructor(
    readonly before: Bucket | undefined,
    readonly condition: Condition | undefined,
  ) {}
}

/** Shared by empty buckets, never changed. */
const NONE: Alternative[] = [];

/** So many alternatives are rather asked one by one than spread. */
const FULL = 16;

/** How often a test is expected to hold. Buckets behind others are made for those up to SELECTIVE only. */
const EXPECTED = { equal: 1, literal: 8, affix: 3, range: 16, anything: 64 };
const SELECTIVE = EXPECTED.literal;

export class Buckets {
  /** What lies in it is looked at for every event: it asks for absence only. */
  readonly root = new Bucket(undefined, undefined);

  add(alternative: Alternative): void {
    const condition = this.chooseFor(alternative, this.root);
    this.put(alternative, condition === undefined ? this.root : this.bucketBehind(this.root, condition));
  }

  delete(alternative: Alternative): void {
    const { bucket } = alternative;
    if (bucket === undefined) return;
    deleteFrom(bucket.alternatives, alternative);
    alternative.bucket = undefined;
    this.removeEmpty(bucket);
  }

  private put(alternative: Alternative, into: Bucket): void {
    let bucket = into;
    while (bucket.behind !== undefined) {
      const condition = this.chooseFor(alternative, bucket);
      if (condition === undefined) break;
      bucket = this.bucketBehind(bucket, condition);
    }
    // Most buckets hold one: a list that grows by a push makes room for sixteen more.
    if (bucket.alternatives.length === 0) bucket.alternatives = [alternative];
    else bucket.alternatives.push(alternative);
    alternative.bucket = bucket;
    if (bucket !== this.root && bucket.behind === undefined && bucket.alternatives.length > FULL) this.spread(bucket);
  }

  private spread(bucket: Bucket): void {
    bucket.behind = new Map();
    for (const alternative of bucket.alternatives.splice(0)) this.put(alternative, bucket);
  }

  /** The condition of an alternative that best tells it from others; none on the way to the bucket. */
  private chooseFor(alternative: Alternative, bucket: Bucket): Condition | undefined {
    let best: Condition | undefined;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const condition of alternative.conditions) {
      if (condition.wantsAbsence || isOnTheWay(condition, bucket)) continue;
      const expected = highest(condition, expectedOf);
      if (bucket !== this.root && expected > SELECTIVE) continue;
      const cost = expected * (1 + this.crowdOf(condition, bucket));
      // Of equals the one further down: what lies deeper is more special.
      if (cost > bestCost || (cost === bestCost && !isDeeper(condition, best))) continue;
      best = condition;
      bestCost = cost;
    }
    return best;
  }

  private crowdOf(condition: Condition, bucket: Bucket): number {
    const there = bucket === this.root ? condition.bucket : bucket.behind?.get(condition);
    const { index } = condition.node;
    const firing = index === undefined ? 0 : highest(condition, (test) => index.crowdOf(test));
    return (there === undefined ? 0 : there.alternatives.length + (there.behind?.size ?? 0)) + firing;
  }

  private bucketBehind(bucket: Bucket, condition: Condition): Bucket {
    const there = bucket === this.root ? condition.bucket : bucket.behind?.get(condition);
    if (there !== undefined) return there;
    const added = new Bucket(bucket, condition);
    if (bucket === this.root) condition.bucket = added;
    else bucket.behind?.set(condition, added);
    condition.buckets += 1;
    if (condition.buckets === 1) {
      condition.node.index ??= new ValueIndex();
      condition.node.index.add(condition);
    }
    return added;
  }

  private removeEmpty(emptied: Bucket): void {
    let bucket = emptied;
    while (bucket.alternatives.length === 0 && (bucket.behind === undefined || bucket.behind.size === 0)) {
      const { before, condition } = bucket;
      if (before === undefined || condition === undefined) return;
      if (before === this.root) condition.bucket = undefined;
      else before.behind?.delete(condition);
      condition.buckets -= 1;
      if (condition.buckets === 0) {
        condition.node.index?.delete(condition);
        if (condition.node.index?.isEmpty === true) condition.node.index = undefined;
      }
      bucket = before;
    }
  }
}

function isOnTheWay(condition: Condition, to: Bucket): boolean {
  for (let bucket: Bucket | undefined = to; bucket !== undefined; bucket = bucket.before) {
    if (bucket.condition === condition) return true;
  }
  return false;
}

function highest({ tests }: Condition, measure: (test: ValueTest) => number): number {
  return tests.reduce((most, test) => Math.max(most, measure(test)), 0);
}

function isDeeper(condition: Condition, other: Condition | undefined): boolean {
  return other === undefined || condition.node.path.length > other.node.path.length;
}

function expectedOf(test: ValueTest): number {
  switch (test.kind) {
    case 'equals':
      return typeof test.expected === 'boolean' || test.expected === null ? EXPECTED.literal : EXPECTED.equal;
    case 'text':
      return test.place === 'whole' ? EXPECTED.equal : EXPECTED.affix;
    case 'wildcard':
    case 'cidr':
      return EXPECTED.affix;
    case 'numeric':
      return test.low === test.high ? EXPECTED.equal : EXPECTED.range;
    default:
      return EXPECTED.anything;
  }
}
