// What logs and metrics of a bus are told. Called in the turn in which it happened; costs next to nothing when nobody listens.

import type { DeliveryReport, DeliveryStart } from '#cell/deliveries-door.ts';
import type { Target } from '#wire/generated/events.ts';
import type { IncomingEvent, RoutedEvent } from '../routing/event.ts';
import type { RuleDoc } from '../rules/documents.ts';
import type { EventsTurn } from '../state.ts';

/** An event was put and matched. */
export function observeRouted(_turn: EventsTurn, _routed: RoutedEvent): void {}

/** One target of a matching rule was handed the event. */
export function observeHandOver(
  _turn: EventsTurn,
  _handed: {
    readonly event: IncomingEvent;
    readonly rule: RuleDoc;
    readonly target: Target;
    readonly start: DeliveryStart;
  },
): void {}

/** The retry engine's word about a delivery that was not done at once. */
export function observeDelivery(_turn: EventsTurn, _report: DeliveryReport): void {}
