// What a rule's document does to memory: numbers lead to rules, matchers know the patterns of those that are enabled.

import { type ApplyContext, bind, type TableBinding } from '#cell/service-definition.ts';
import type { EventsState } from '../state.ts';
import type { RuleDoc } from './documents.ts';
import { compiledPattern } from './pattern.ts';
import { isScheduled, SCHEDULE_TIMER } from './schedule.ts';
import type { RulesState } from './state.ts';

export function ruleTables(state: EventsState): readonly TableBinding[] {
  return [
    bind<RuleDoc>(state.rules.rules, (_key, before, after, context) =>
      ruleChanged(state.rules, { before, after }, context),
    ),
  ];
}

interface Change {
  readonly before: RuleDoc | undefined;
  readonly after: RuleDoc | undefined;
}

function ruleChanged(rules: RulesState, { before, after }: Change, context: ApplyContext): void {
  if (after !== undefined) {
    rules.byNumber.set(after.number, after);
    rules.nextNumber = Math.max(rules.nextNumber, after.number + 1);
  } else if (before !== undefined) rules.byNumber.delete(before.number);
  const was = before === undefined ? undefined : matchedPattern(before);
  const is = after === undefined ? undefined : matchedPattern(after);
  if (was !== is) matchAnew(rules, { before, after }, is);
  if (before !== undefined && (after === undefined || !isScheduled(after))) {
    context.timers.clear(SCHEDULE_TIMER, String(before.number));
  }
}

/** What events are held against; undefined while the rule is disabled. An empty text is kept beside a schedule and matches nothing. */
function matchedPattern({ state, eventPattern }: RuleDoc): string | undefined {
  return state === 'DISABLED' || eventPattern === '' ? undefined : eventPattern;
}

function matchAnew(rules: RulesState, { before, after }: Change, pattern: string | undefined): void {
  const rule = after ?? before;
  if (rule === undefined) return;
  const matcher = rules.matcherOf(rule.busArn);
  const compiled = pattern === undefined ? undefined : compiledPattern(rules, pattern);
  // A pattern that this version does not understand any more matches nothing.
  if (compiled !== undefined && 'pattern' in compiled) matcher.add(rule.number, compiled.pattern);
  else matcher.remove(rule.number);
  if (matcher.count === 0) rules.matchers.delete(rule.busArn);
}
