// What happens to events, counted. Called for every event and every attempt: additions, and a look-up each.

import type { DeliveryReport, DeliveryStart } from '#cell/deliveries-door.ts';
import type { DeliveryFailure } from '#cell/target.ts';
import { ruleErrorCode } from '#deliveries/rule-dead-letter.ts';
import type { RoutedEvent } from '../routing/event.ts';
import type { RuleDoc } from '../rules/documents.ts';
import type { EventMetrics, RuleCounters } from './event-metrics.ts';

export function countRouted(metrics: EventMetrics, { event, matched }: RoutedEvent): void {
  const bus = metrics.bus(event.bus.arn);
  bus.putEvents += 1;
  if (matched.length > 0) bus.matchedEvents += 1;
  for (const { arn } of matched) metrics.rule(arn).triggeredRules += 1;
}

/** What was decided in the turn of the event itself; deliveries are counted by their reports. */
export function countHandOver(
  metrics: EventMetrics,
  { rule, start, hasDeadLetterQueue }: { rule: RuleDoc; start: DeliveryStart; hasDeadLetterQueue: boolean },
): void {
  const counters = metrics.rule(rule.arn);
  counters.invocationsCreated += 1;
  if ('deliveryId' in start) return;
  countAttempt(counters, 1);
  if ('accepted' in start) countSuccess(counters, 0);
  else {
    countThrottled(counters, start.failed);
    countFailure(counters, { isDeadLettered: start.isDeadLettered, hasDeadLetterQueue });
  }
}

export function countReport(metrics: EventMetrics, report: DeliveryReport, nowMs: number): void {
  const counters = metrics.rule(report.sourceArn);
  countAttempt(counters, report.attempts);
  countThrottled(counters, report.failure);
  if (report.outcome === 'retrying') return;
  if (report.outcome === 'succeeded') countSuccess(counters, nowMs - report.acceptedAtMs);
  else {
    const isDeadLettered = report.outcome === 'dead-lettered';
    countFailure(counters, { isDeadLettered, hasDeadLetterQueue: report.deadLetterArn !== undefined });
  }
}

function countAttempt(counters: RuleCounters, attempt: number): void {
  counters.invocationAttempts += 1;
  if (attempt > 1) counters.retryInvocationAttempts += 1;
}

function countThrottled(counters: RuleCounters, failure: Pick<DeliveryFailure, 'code'> | undefined): void {
  if (failure !== undefined && ruleErrorCode(failure.code) === 'THROTTLING') counters.throttledRules += 1;
}

function countSuccess(counters: RuleCounters, latencyMs: number): void {
  counters.invocations += 1;
  counters.successfulInvocationAttempts += 1;
  counters.successLatencyMsSum += Math.max(0, latencyMs);
  counters.successLatencyCount += 1;
}

function countFailure(
  counters: RuleCounters,
  { isDeadLettered, hasDeadLetterQueue }: { isDeadLettered: boolean; hasDeadLetterQueue: boolean },
): void {
  counters.invocations += 1;
  counters.failedInvocations += 1;
  if (isDeadLettered) counters.invocationsSentToDlq += 1;
  else if (hasDeadLetterQueue) counters.invocationsFailedToBeSentToDlq += 1;
}
