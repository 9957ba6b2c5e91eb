// An event goes through a bus: one payload that is written once, one fact with the rules that matched, and a hand-over to each of
// their targets. All of it is one turn and one entry of the journal, whatever the number of rules.

import { utf8Encode } from '#base/bytes.ts';
import type { SchemaViolation } from '#cell/schemas-door.ts';
import { scopeOf } from '#model/scope.ts';
import { collect } from '../archives/collect.ts';
import type { BusDoc } from '../buses/documents.ts';
import { settledBus } from '../buses/find-bus.ts';
import { observeRouted } from '../observing/observe.ts';
import type { RuleDoc } from '../rules/documents.ts';
import type { EventsState, EventsTurn } from '../state.ts';
import type { IncomingEvent, RoutedEvent } from './event.ts';
import { eventText } from './event-text.ts';
import { EventPut } from './facts.ts';
import { handOver } from './hand-over.ts';

/** The text of an event that was stored in this turn already. */
export type StoredText = Pick<RoutedEvent, 'text' | 'bytes' | 'payload'>;

/** Puts the event on its bus. A violation when a schema that the bus enforces does not allow it: then nothing was recorded here. */
export function route(
  asked: EventsTurn,
  put: IncomingEvent,
  stored?: StoredText,
): RoutedEvent | { readonly violation: SchemaViolation } {
  const turn = within(asked, put.bus);
  const text = stored?.text ?? eventText(put);
  const violation = violationOf(turn, put, text);
  if (violation !== undefined) return { violation };
  const bus = settledBus(turn, put.bus);
  const event = bus === put.bus ? put : { ...put, bus };
  const bytes = stored?.bytes ?? utf8Encode(text);
  const payload = stored?.payload ?? turn.storePayload(bytes);
  const matched = matchedRules(turn.state, event, bytes);
  turn.record(EventPut, { bus: bus.number, eventId: event.id, payload, rules: matched.map(({ number }) => number) });
  const routed: RoutedEvent = { event, text, bytes, payload, matched };
  collect(turn, routed);
  observeRouted(turn, routed);
  for (const rule of matched) for (const target of rule.targets) handOver(turn, { routed, rule, target });
  return routed;
}

/** Targets are looked for from where the bus is, whoever put the event. */
function within(turn: EventsTurn, { account, region }: BusDoc): EventsTurn {
  const { scope, principal } = turn;
  if (scope.account === account && scope.region === region) return turn;
  return turn.within(scopeOf(account, region), principal) as EventsTurn;
}

function violationOf(turn: EventsTurn, event: IncomingEvent, eventText: string): SchemaViolation | undefined {
  const { schemas } = turn.doors;
  if (schemas?.hasInterest(event.bus) !== true) return undefined;
  return schemas.eventPut(turn, { bus: event.bus, eventText });
}

const NONE: readonly RuleDoc[] = [];

function matchedRules({ rules }: EventsState, event: IncomingEvent, bytes: Uint8Array): readonly RuleDoc[] {
  const { bus, onlyRuleArns, scheduledRule } = event;
  const matching = rules.matchers.get(bus.arn)?.match(bytes);
  const own = scheduledRule === undefined ? undefined : rules.byNumber.get(scheduledRule);
  if (matching === undefined) return own === undefined ? NONE : [own];
  const matched = own === undefined ? [] : [own];
  for (const number of matching) {
    const rule = rules.byNumber.get(number);
    if (rule === undefined || rule === own) continue;
    if (onlyRuleArns === undefined || onlyRuleArns.includes(rule.arn)) matched.push(rule);
  }
  return matched;
}
