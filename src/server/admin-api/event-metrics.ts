// Counters of buses and rules for Prometheus. Their names are clients' to choose, so there are at most a few hundred series of them: the counters
// themselves are bounded, and what is beyond is counted together under `(others)`. The names of the series follow AWS's metrics.

import type { Cell } from '#cell/cell.ts';
import { parseArn } from '#model/arn.ts';
import type { EventMetrics, RuleCounters } from '#services/events/observing/event-metrics.ts';
import type { EventsState } from '#services/events/state.ts';
import type { EventMetricsAnswer } from './contract.ts';
import type { AdminRoute } from './router.ts';

type Counted = Exclude<keyof RuleCounters, 'successLatencyMsSum' | 'successLatencyCount'>;

const RULE_SERIES: readonly (readonly [name: string, counter: Counted])[] = [
  ['eddy_events_triggered_rules_total', 'triggeredRules'],
  ['eddy_events_invocations_created_total', 'invocationsCreated'],
  ['eddy_events_invocations_total', 'invocations'],
  ['eddy_events_invocation_attempts_total', 'invocationAttempts'],
  ['eddy_events_successful_invocation_attempts_total', 'successfulInvocationAttempts'],
  ['eddy_events_retry_invocation_attempts_total', 'retryInvocationAttempts'],
  ['eddy_events_failed_invocations_total', 'failedInvocations'],
  ['eddy_events_throttled_rules_total', 'throttledRules'],
  ['eddy_events_invocations_sent_to_dlq_total', 'invocationsSentToDlq'],
  ['eddy_events_invocations_failed_to_be_sent_to_dlq_total', 'invocationsFailedToBeSentToDlq'],
];
const LATENCY = 'eddy_events_ingestion_to_invocation_success_latency_seconds';

export function eventMetricsOf(cell: Cell): EventMetrics | undefined {
  const state = cell.registry.services.get('events')?.state as EventsState | undefined;
  return state?.observing.metrics;
}

export function eventMetricsLines(metrics: EventMetrics | undefined): readonly string[] {
  if (metrics === undefined) return [];
  const buses = [...metrics.buses].map(([arn, counters]) => ({ labels: labelsOf(arn), counters }));
  const rules = [...metrics.rules].map(([arn, counters]) => ({ labels: labelsOf(arn), counters }));
  return [
    ...series('eddy_events_put_total', buses, ({ putEvents }) => putEvents),
    ...series('eddy_events_matched_events_total', buses, ({ matchedEvents }) => matchedEvents),
    ...RULE_SERIES.flatMap(([name, counter]) => series(name, rules, (counters) => counters[counter])),
    ...latencyLines(rules),
  ];
}

/** `/_eddy/events/metrics`: the same as an object. */
export function eventMetricsRoute({ cell }: { readonly cell: Cell }): AdminRoute {
  return { methods: ['GET'], handle: () => ({ body: answerOf(eventMetricsOf(cell)) }) };
}

function answerOf(metrics: EventMetrics | undefined): EventMetricsAnswer {
  const buses = [...(metrics?.buses ?? [])].map(([bus, { putEvents: PutEvents, matchedEvents: MatchedEvents }]) => ({
    bus,
    PutEvents,
    MatchedEvents,
  }));
  return { buses, rules: [...(metrics?.rules ?? [])].map(([rule, counters]) => ruleAnswer(rule, counters)) };
}

function ruleAnswer(rule: string, counters: RuleCounters): EventMetricsAnswer['rules'][number] {
  const { successLatencyMsSum, successLatencyCount } = counters;
  return {
    rule,
    TriggeredRules: counters.triggeredRules,
    InvocationsCreated: counters.invocationsCreated,
    Invocations: counters.invocations,
    InvocationAttempts: counters.invocationAttempts,
    SuccessfulInvocationAttempts: counters.successfulInvocationAttempts,
    RetryInvocationAttempts: counters.retryInvocationAttempts,
    FailedInvocations: counters.failedInvocations,
    ThrottledRules: counters.throttledRules,
    InvocationsSentToDlq: counters.invocationsSentToDlq,
    InvocationsFailedToBeSentToDlq: counters.invocationsFailedToBeSentToDlq,
    averageSuccessLatencyMs: successLatencyCount === 0 ? null : successLatencyMsSum / successLatencyCount,
  };
}

interface Labelled<C> {
  readonly labels: string;
  readonly counters: C;
}

function series<C>(name: string, all: readonly Labelled<C>[], of: (counters: C) => number): readonly string[] {
  if (all.length === 0) return [];
  return [`# TYPE ${name} counter`, ...all.map(({ labels, counters }) => `${name}{${labels}} ${of(counters)}`)];
}

function latencyLines(rules: readonly Labelled<RuleCounters>[]): readonly string[] {
  if (rules.length === 0) return [];
  const lines = [`# TYPE ${LATENCY} summary`];
  for (const { labels, counters } of rules) {
    lines.push(`${LATENCY}_sum{${labels}} ${counters.successLatencyMsSum / 1_000}`);
    lines.push(`${LATENCY}_count{${labels}} ${counters.successLatencyCount}`);
  }
  return lines;
}

/** Of a bus or a rule. */
function labelsOf(arnText: string): string {
  const arn = parseArn(arnText);
  if (arn === undefined) return label('bus', arnText);
  const { account, region, resource } = arn;
  const place = `${label('account', account)},${label('region', region)}`;
  const slash = resource.indexOf('/');
  const path = resource.slice(slash + 1);
  if (resource.slice(0, slash) === 'event-bus') return `${place},${label('bus', path)}`;
  const end = path.lastIndexOf('/');
  const bus = end === -1 ? 'default' : path.slice(0, end);
  return `${place},${label('bus', bus)},${label('rule', path.slice(end + 1))}`;
}

function label(name: string, value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `${name}="${escaped}"`;
}
