// What logs and metrics of a bus are told. Called in the turn in which it happened; costs next to nothing when nobody listens.

import type { DeliveryReport, DeliveryStart } from '#cell/deliveries-door.ts';
import type { SchemaViolation } from '#cell/schemas-door.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import type { Target } from '#wire/generated/events.ts';
import type { BusDoc } from '../buses/documents.ts';
import { DEFAULT_BUS, lookUpBus } from '../buses/find-bus.ts';
import type { IncomingEvent, RoutedEvent } from '../routing/event.ts';
import type { RuleDoc } from '../rules/documents.ts';
import { ruleKey } from '../rules/find-rule.ts';
import type { EventsTurn } from '../state.ts';
import { isLogging } from './bus-log/bus-log.ts';
import { logRefused, logRouted } from './bus-log/event-records.ts';
import { type Invoked, logHandedOver, logReport, logStart } from './bus-log/invocation-records.ts';
import { countHandOver, countReport, countRouted } from './count.ts';

/** An event was put and matched. */
export function observeRouted(turn: EventsTurn, routed: RoutedEvent): void {
  countRouted(turn.state.observing.metrics, routed);
  logRouted(turn, routed);
}

/** A schema that the bus enforces kept an event out. */
export function observeRefused(turn: EventsTurn, event: IncomingEvent, violation: SchemaViolation): void {
  logRefused(turn, event, violation);
}

export interface ObservedTarget {
  readonly event: IncomingEvent;
  readonly rule: RuleDoc;
  readonly target: Target;
  /** What the target gets. */
  readonly input: string;
}

/** One target of a matching rule is about to be handed the event. Told first: the retry engine may report before the hand-over returns. */
export function observeStart(turn: EventsTurn, observed: ObservedTarget): void {
  if (!isObserved(turn, observed)) return;
  logStart(turn, invokedOf(observed));
}

/** One target of a matching rule was handed the event. */
export function observeHandOver(turn: EventsTurn, observed: ObservedTarget, start: DeliveryStart): void {
  const { rule, target } = observed;
  const hasDeadLetterQueue = target.DeadLetterConfig?.Arn !== undefined;
  countHandOver(turn.state.observing.metrics, { rule, start, hasDeadLetterQueue });
  if (isObserved(turn, observed)) logHandedOver(turn, invokedOf(observed), start);
}

/** The retry engine's word about a delivery that was not done at once. */
export function observeDelivery(turn: EventsTurn, report: DeliveryReport): void {
  const bus = busOfRule(turn, report.sourceArn);
  if (bus === undefined) return;
  countReport(turn.state.observing.metrics, report, turn.nowMs);
  const { reference: eventId, sourceArn: ruleArn, targetArn: target } = report;
  if (eventId === undefined || !isLogging(turn, bus)) return;
  const rule = ruleByArn(turn, ruleArn);
  if (rule?.managedBy !== undefined) return;
  const roleArn = rule?.targets.find(({ Arn }) => Arn === target)?.RoleArn;
  logReport(turn, { bus, eventId, ruleArn, target, roleArn }, report);
}

function isObserved(turn: EventsTurn, { event, rule }: ObservedTarget): boolean {
  return rule.managedBy === undefined && isLogging(turn, event.bus);
}

function invokedOf({ event, rule, target, input }: ObservedTarget): Invoked {
  const { Arn = '', RoleArn, SqsParameters, HttpParameters } = target;
  const properties = SqsParameters ?? HttpParameters;
  return {
    bus: event.bus,
    eventId: event.id,
    ruleArn: rule.arn,
    target: Arn,
    roleArn: RoleArn,
    input,
    properties: properties === undefined ? undefined : JSON.stringify(properties),
  };
}

/** The bus that the ARN of a rule names; undefined for other sources (an archive's replay). */
function busOfRule(turn: EventsTurn, ruleArn: string): BusDoc | undefined {
  const arn = parseArn(ruleArn);
  if (arn === undefined || !arn.resource.startsWith('rule/')) return undefined;
  const path = arn.resource.slice('rule/'.length);
  const slash = path.lastIndexOf('/');
  const name = slash === -1 ? DEFAULT_BUS : path.slice(0, slash);
  return lookUpBus(turn.state, { scope: scopeOf(arn.account, arn.region), name });
}

function ruleByArn(turn: EventsTurn, ruleArn: string): RuleDoc | undefined {
  const bus = busOfRule(turn, ruleArn);
  if (bus === undefined) return undefined;
  return turn.state.rules.rules.get(ruleKey(bus, ruleArn.slice(ruleArn.lastIndexOf('/') + 1)));
}
