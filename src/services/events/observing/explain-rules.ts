// Why each rule of a bus did or did not match an event, in the words of the event's fields. For people, after the fact: patterns are compiled for
// this question and thrown away. Rules are held against the event as they are now; where that says another thing than the record, it is told.

import { compileEventPattern } from '#structures/event-pattern/event-pattern.ts';
import { renderField } from '#structures/event-pattern/explain.ts';
import type { RuleDoc } from '../rules/documents.ts';
import type { EventsState } from '../state.ts';

/** An event as the record has it. */
export interface RecordedEvent {
  readonly bus: number;
  readonly text: string;
  /** When it was put. */
  readonly atMs: number;
  /** Numbers of the rules that matched then. */
  readonly matched: readonly number[];
}

export interface RuleExplanation {
  readonly bus: string;
  readonly rule: string;
  readonly isMatch: boolean;
  /** Fields that kept it from matching: the fewest are the nearest. */
  readonly missedFields: number;
  readonly sentence: string;
}

/** One at a time: a bus may have thousands of rules, and whoever asks lets others go between. */
export function* explainRules(state: EventsState, event: RecordedEvent): Generator<RuleExplanation> {
  const bus = state.buses.byNumber.get(event.bus);
  if (bus === undefined) return;
  const parsed: unknown = JSON.parse(event.text);
  for (const rule of state.rules.byNumber.values()) {
    if (rule.busArn === bus.arn) yield explainRule(rule, event, parsed);
  }
}

function explainRule(rule: RuleDoc, { matched, atMs }: RecordedEvent, event: unknown): RuleExplanation {
  const told = (isMatch: boolean, missedFields: number, sentence: string): RuleExplanation => ({
    bus: rule.busName,
    rule: rule.name,
    isMatch,
    missedFields,
    sentence,
  });
  const wasMatched = matched.includes(rule.number);
  if (!wasMatched && rule.createdAtMs > atMs) return told(false, 1, 'was made after the event');
  if (rule.eventPattern === undefined) {
    return told(wasMatched, Number.POSITIVE_INFINITY, wasMatched ? 'its schedule put the event' : 'has no pattern');
  }
  const compiled = compileEventPattern(rule.eventPattern);
  if ('problem' in compiled)
    return told(wasMatched, Number.POSITIVE_INFINITY, `has a pattern that is not valid any more`);
  const { isMatch, fields, sentence } = compiled.pattern.explain(event);
  if (wasMatched)
    return told(true, 0, isMatch ? 'matched' : `matched; its pattern was changed since (now: ${sentence})`);
  const missed = fields.filter((field) => !field.isSatisfied);
  if (rule.state === 'DISABLED')
    return told(
      false,
      missed.length,
      `is disabled; its pattern ${isMatch ? 'would match' : `would not match either: ${sentence}`}`,
    );
  if (isMatch)
    return told(
      false,
      0,
      'would match now, and did not then: it was changed or enabled since, or a replay left it out',
    );
  return told(false, missed.length, missed.length === 0 ? sentence : missed.map(renderField).join('; '));
}
