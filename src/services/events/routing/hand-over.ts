// One target of a matching rule is handed the event, with AWS's retries and dead letter behind it.

import type { DeliveryRequest } from '#cell/deliveries-door.ts';
import { eventPolicy } from '#deliveries/policies.ts';
import type { Principal } from '#model/principal.ts';
import type { Target } from '#wire/generated/events.ts';
import { observeHandOver } from '../observing/observe.ts';
import type { RuleDoc } from '../rules/documents.ts';
import type { EventsTurn } from '../state.ts';
import type { RoutedEvent } from './event.ts';

export const EVENTS_SERVICE = 'events.amazonaws.com';

interface HandedOver {
  readonly routed: RoutedEvent;
  readonly rule: RuleDoc;
  readonly target: Target;
}

export function handOver(turn: EventsTurn, { routed, rule, target }: HandedOver): void {
  const { event, text, payload } = routed;
  const targetArn = target.Arn ?? '';
  const principal: Principal = { kind: 'service', service: EVENTS_SERVICE, sourceArn: rule.arn, account: rule.account };
  const request: DeliveryRequest = {
    handOver: { sourceArn: rule.arn, targetArn, principal, payload, content: { kind: 'event', text } },
    policy: eventPolicy({}),
    deadLetterArn: target.DeadLetterConfig?.Arn,
    eventDeadLetter: { attributes: { RULE_ARN: rule.arn, TARGET_ARN: targetArn } },
    reference: event.id,
  };
  const start = turn.doors.deliveries.deliver(turn, request);
  observeHandOver(turn, { event, rule, target, start });
}
