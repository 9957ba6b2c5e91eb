import { expect, test } from 'vitest';
import { EventMetrics } from '#services/events/observing/event-metrics.ts';
import { eventMetricsLines } from './event-metrics.ts';

test('buses and rules are series with their names, and what is beyond the limit is one of its own', () => {
  const metrics = new EventMetrics();
  metrics.bus('arn:aws:events:eu-west-1:123456789012:event-bus/team/shop').putEvents = 3;
  const rule = metrics.rule('arn:aws:events:eu-west-1:123456789012:rule/team/shop/sold');
  rule.failedInvocations = 2;
  rule.successLatencyMsSum = 1_500;
  rule.successLatencyCount = 3;
  metrics.rule('arn:aws:events:eu-west-1:123456789012:rule/plain');
  for (let i = 0; i < 1_000; i += 1) metrics.rule(`arn:aws:events:eu-west-1:123456789012:rule/r${i}`).invocations = 1;
  const lines = eventMetricsLines(metrics);
  const place = 'account="123456789012",region="eu-west-1"';
  expect(lines).toContain('# TYPE eddy_events_put_total counter');
  expect(lines).toContain(`eddy_events_put_total{${place},bus="team/shop"} 3`);
  expect(lines).toContain(`eddy_events_failed_invocations_total{${place},bus="team/shop",rule="sold"} 2`);
  expect(lines).toContain(`eddy_events_invocations_total{${place},bus="default",rule="plain"} 0`);
  expect(lines).toContain('eddy_events_invocations_total{bus="(others)"} 1');
  const latency = 'eddy_events_ingestion_to_invocation_success_latency_seconds';
  expect(lines).toContain(`${latency}_sum{${place},bus="team/shop",rule="sold"} 1.5`);
  expect(lines).toContain(`${latency}_count{${place},bus="team/shop",rule="sold"} 3`);
  expect(new Set(lines).size).toBe(lines.length);
});

test('a server without events has no series of them', () => {
  expect(eventMetricsLines(undefined)).toEqual([]);
  expect(eventMetricsLines(new EventMetrics())).toEqual([]);
});
