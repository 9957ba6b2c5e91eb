// All rules of a bus against one event. The caller numbers the rules; the event is the text of its JSON, as bytes. How it
// works is in README.md.

import type { EventPattern } from '#structures/event-pattern/event-pattern.ts';
import { byPath } from '#structures/event-pattern/match.ts';
import { type Alternative, Buckets } from './bucket.ts';
import { Conditions } from './condition.ts';
import { EventScanner } from './event-scanner.ts';
import { Matching } from './matching.ts';
import { PathTree } from './path-tree.ts';

/** Events have numbers, by which marks of earlier ones are told from those of this one; the largest a column holds. */
const EPOCH_MAX = 0x3fffffff;
/** Up to here a simple sort is quicker. */
const FEW_MATCHES = 32;

export class RuleMatcher {
  private readonly tree = new PathTree();
  private readonly conditions = new Conditions(this.tree);
  private readonly buckets = new Buckets();
  private readonly rules = new Map<number, readonly Alternative[]>();
  private readonly scanner = new EventScanner();
  private readonly matching = new Matching(this.scanner.leaves);
  private epoch = 0;

  /** A rule that is there already gets the new pattern. Numbers are small integers from 0. */
  add(rule: number, pattern: EventPattern): void {
    this.remove(rule);
    const alternatives = pattern.alternatives.map((fields): Alternative => {
      const conditions = [...fields].sort(byPath).map(({ path, tests }) => this.conditions.acquire(path, tests));
      return { rule, conditions, bucket: undefined };
    });
    for (const alternative of alternatives) this.buckets.add(alternative);
    this.rules.set(rule, alternatives);
  }

  remove(rule: number): void {
    for (const alternative of this.rules.get(rule) ?? []) {
      this.buckets.delete(alternative);
      for (const condition of alternative.conditions) this.conditions.release(condition);
    }
    this.rules.delete(rule);
  }

  get count(): number {
    return this.rules.size;
  }

  /**
   * `event` is UTF-8 JSON of the whole event. Numbers of the rules that match, ascending; none when it is not JSON. Parts
   * that no rule asks for are not checked: whoever takes events from outside has to refuse what is not JSON before.
   */
  match(event: Uint8Array): readonly number[] {
    if (this.epoch === EPOCH_MAX) this.forgetEpochs();
    this.epoch += 1;
    if (!this.scanner.scan(event, this.tree.root, this.epoch)) return [];
    return ascending(this.matching.match(this.buckets.root, this.epoch));
  }

  private forgetEpochs(): void {
    this.epoch = 0;
    for (const node of this.tree.nodes()) {
      node.epoch = 0;
      node.leavesEpoch = 0;
    }
    for (const condition of this.conditions.all()) {
      condition.firedEpoch = 0;
      condition.decidedEpoch = 0;
    }
  }
}

/** Sorts in place, and drops what is there twice. */
function ascending(rules: number[]): number[] {
  if (rules.length > FEW_MATCHES) rules.sort((a, b) => a - b);
  else {
    for (let i = 1; i < rules.length; i += 1) {
      const rule = rules[i] as number;
      let at = i;
      for (; at > 0 && (rules[at - 1] as number) > rule; at -= 1) rules[at] = rules[at - 1] as number;
      rules[at] = rule;
    }
  }
  let count = 0;
  for (const rule of rules) {
    if (count > 0 && rules[count - 1] === rule) continue;
    rules[count] = rule;
    count += 1;
  }
  rules.length = count;
  return rules;
}
