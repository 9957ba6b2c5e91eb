// Rules, and for each bus the matcher that knows their patterns: made from the documents, so that replay and snapshots make it again.

import type { EventPattern } from '#structures/event-pattern/event-pattern.ts';
import { RuleMatcher } from '#structures/rule-matcher/rule-matcher.ts';
import { Table } from '#structures/table.ts';
import type { RuleDoc } from './documents.ts';

export class RulesState {
  /** By `account/region/bus|rule`: names of buses may have slashes. */
  readonly rules = new Table<RuleDoc>({ name: 'events.rules' });
  readonly byNumber = new Map<number, RuleDoc>();
  /** By the bus's ARN; enabled rules with a pattern only. */
  readonly matchers = new Map<string, RuleMatcher>();
  nextNumber = 0;
  /** The pattern that was checked last: what decides a rule and what applies it compile the same text. */
  lastCompiled: { readonly text: string; readonly pattern: EventPattern } | undefined;

  matcherOf(busArn: string): RuleMatcher {
    const known = this.matchers.get(busArn);
    if (known !== undefined) return known;
    const made = new RuleMatcher();
    this.matchers.set(busArn, made);
    return made;
  }
}
