// Records about an event on its bus: that it came, and which rules took it. AWS: EventBridge user guide, "What Amazon EventBridge logs for event
// buses": events of AWS services only when a rule matches, and none that only managed rules match.

import type { SchemaViolation } from '#cell/schemas-door.ts';
import type { IncomingEvent, RoutedEvent } from '../../routing/event.ts';
import type { RuleDoc } from '../../rules/documents.ts';
import type { EventsTurn } from '../../state.ts';
import { isLogging, writeRecords } from './bus-log.ts';
import { invocationId } from './invocation-id.ts';
import type { BusRecord } from './records.ts';

export function logRouted(turn: EventsTurn, { event, matched }: RoutedEvent): void {
  if (!isLogging(turn, event.bus) || !isToBeLogged(event, matched)) return;
  const common = { eventId: event.id, requestId: turn.request?.requestId };
  const details = eventDetails(event);
  const standard = matched.filter(({ managedBy }) => managedBy === undefined);
  writeRecords(turn, event.bus, [
    { ...common, step: 'EVENT_RECEIPT', details },
    { ...common, step: 'EVENT_INGEST_SUCCESS', details },
    { ...common, step: 'RULE_MATCH_START', details },
    ...(standard.length === 0 ? [{ ...common, step: 'NO_STANDARD_RULES_MATCHED' as const }] : []),
    ...standard.map((rule): BusRecord => ({ ...common, step: 'RULE_MATCH', details: matchDetails(turn, event, rule) })),
  ]);
}

/** A schema that the bus enforces kept the event out. */
export function logRefused(turn: EventsTurn, event: IncomingEvent, violation: SchemaViolation): void {
  if (!isLogging(turn, event.bus)) return;
  const common = { eventId: event.id, requestId: turn.request?.requestId, details: eventDetails(event) };
  const error = { error_message: violation.message, aws_service: 'schemas' };
  writeRecords(turn, event.bus, [
    { ...common, step: 'EVENT_RECEIPT' },
    { ...common, step: 'EVENT_INGEST_FAILURE', error },
  ]);
}

export function isToBeLogged({ source }: IncomingEvent, matched: readonly RuleDoc[]): boolean {
  if (matched.length === 0) return !source.startsWith('aws.');
  return matched.some(({ managedBy }) => managedBy === undefined);
}

function eventDetails({ account, timeMs, source, detailType, resources, detail }: IncomingEvent) {
  return {
    caller_account_id: account,
    source_time_ms: timeMs,
    source,
    detail_type: detailType,
    resources,
    event_detail: detail,
  };
}

function matchDetails(turn: EventsTurn, event: IncomingEvent, { arn, targets }: RuleDoc) {
  const targetArns = targets.map(({ Arn }) => Arn ?? '');
  return {
    rule_arn: arn,
    target_arns: targetArns,
    invocation_ids: targetArns.map((target) => invocationId(turn, { eventId: event.id, ruleArn: arn, target })),
  };
}
