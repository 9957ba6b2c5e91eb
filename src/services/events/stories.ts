// What the facts of EventBridge say to a person.

import type { FactKind } from '#cell/fact.ts';
import { apiDestinationStories } from './api-destinations/stories.ts';
import { archiveStories } from './archives/stories.ts';
import { partnerStories } from './partners/stories.ts';
import * as facts from './routing/facts.ts';
import { RuleScheduled } from './rules/facts.ts';
import type { EventsState } from './state.ts';

type Story = (fact: never, state: EventsState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: EventsState) => string): Story => story as Story;

/** By the fact's name; `state` gives names to buses and rules that still exist. */
export const stories: Readonly<Record<string, Story>> = {
  ...archiveStories,
  ...apiDestinationStories,
  ...partnerStories,
  EventPut: told(facts.EventPut, ({ bus, eventId, rules }, state) => {
    const matched = rules.map((number) => ruleName(state, number));
    const what = matched.length === 0 ? 'no rule matched' : `matched by ${matched.join(', ')}`;
    return `event ${eventId} put on ${busName(state, bus)}: ${what}`;
  }),
  EventShaped: told(
    facts.EventShaped,
    ({ rule, target }, state) => `input made for target ${target} of ${ruleName(state, rule)}`,
  ),
  EventPublished: told(
    facts.EventPublished,
    ({ rule, topic, publishedId }, state) => `${ruleName(state, rule)} published it to ${topic} as ${publishedId}`,
  ),
  EventLost: told(
    facts.EventLost,
    ({ eventId, bus }) => `event ${eventId} lost: there is no bus ${bus}; as on AWS nobody is told`,
  ),
  EventRenamed: told(
    facts.EventRenamed,
    ({ eventId, newEventId }) => `event ${eventId} goes to a bus in another region as ${newEventId}`,
  ),
  RuleScheduled: told(
    RuleScheduled,
    ({ rule, dueAtMs }, state) => `${ruleName(state, rule)} runs next at ${new Date(dueAtMs).toISOString()}`,
  ),
};

function busName(state: EventsState, number: number): string {
  return state.buses.byNumber.get(number)?.arn ?? `bus ${number}, which was deleted since`;
}

function ruleName(state: EventsState, number: number): string {
  return state.rules.byNumber.get(number)?.arn ?? `rule ${number}, which was deleted since`;
}
