// An event goes through a bus: one payload that is written once, one fact with the rules that matched, and a hand-over to each of
// their targets. All of it is one turn and one entry of the journal, whatever the number of rules.

import { utf8Encode } from '#base/bytes.ts';
import type { SchemaViolation } from '#cell/schemas-door.ts';
import { collect } from '../archives/collect.ts';
import { settledBus } from '../buses/find-bus.ts';
import { observeRouted } from '../observing/observe.ts';
import type { RuleDoc } from '../rules/documents.ts';
import type { EventsState, EventsTurn } from '../state.ts';
import type { IncomingEvent, RoutedEvent } from './event.ts';
import { eventText } from './event-text.ts';
import { EventPut } from './facts.ts';
import { handOver } from './hand-over.ts';

/** Puts the event on its bus. A violation when a schema that the bus enforces does not allow it: then nothing was recorded here. */
export function route(turn: EventsTurn, put: IncomingEvent): RoutedEvent | { readonly violation: SchemaViolation } {
  const text = eventText(put);
  const violation = violationOf(turn, put, text);
  if (violation !== undefined) return { violation };
  const bus = settledBus(turn, put.bus);
  const event = bus === put.bus ? put : { ...put, bus };
  const bytes = utf8Encode(text);
  const payload = turn.storePayload(bytes);
  const matched = matchedRules(turn.state, event, bytes);
  turn.record(EventPut, {
    bus: bus.number,
    eventId: event.id,
    payload,
    rules: matched.map((rule) => rule.number),
  });
  const routed: RoutedEvent = { event, text, payload, matched };
  collect(turn, routed);
  observeRouted(turn, routed);
  for (const rule of matched) for (const target of rule.targets) handOver(turn, { routed, rule, target });
  return routed;
}

function violationOf(turn: EventsTurn, event: IncomingEvent, eventText: string): SchemaViolation | undefined {
  const { schemas } = turn.doors;
  if (schemas?.hasInterest(event.bus) !== true) return undefined;
  return schemas.eventPut(turn, { bus: event.bus, eventText });
}

function matchedRules(
  { rules }: EventsState,
  { bus, onlyRuleArns }: IncomingEvent,
  bytes: Uint8Array,
): readonly RuleDoc[] {
  const matcher = rules.matchers.get(bus.arn);
  if (matcher === undefined) return [];
  const matched: RuleDoc[] = [];
  for (const number of matcher.match(bytes)) {
    const rule = rules.byNumber.get(number);
    if (rule !== undefined && (onlyRuleArns === undefined || onlyRuleArns.includes(rule.arn))) matched.push(rule);
  }
  return matched;
}
