// `eddy events metrics`: counters of buses and rules as a table, by AWS's names.

import type { EventMetricsAnswer } from '#server/admin-api/contract.ts';
import type { ServerClient } from '../server-client.ts';

type RuleMetrics = EventMetricsAnswer['rules'][number];

export async function metrics(client: ServerClient, isJson: boolean): Promise<string> {
  const answer = await client.get<EventMetricsAnswer>('/_eddy/events/metrics');
  if (isJson) return JSON.stringify(answer);
  if (answer.buses.length === 0) return 'No event was put since the server began.';
  const buses = answer.buses.map(({ bus, PutEvents, MatchedEvents }) => [
    bus,
    String(PutEvents),
    String(MatchedEvents),
  ]);
  const tables = [table(['Bus', 'PutEvents', 'MatchedEvents'], buses)];
  if (answer.rules.length > 0) tables.push(table(RULE_HEAD, answer.rules.map(ruleRow)));
  return tables.join('\n\n');
}

const RULE_HEAD = [
  'Rule',
  'Triggered',
  'Invocations',
  'Attempts',
  'Retries',
  'Failed',
  'Throttled',
  'SentToDlq',
  'Latency',
];

function ruleRow(rule: RuleMetrics): string[] {
  const { averageSuccessLatencyMs: latencyMs } = rule;
  const numbers = [
    rule.TriggeredRules,
    rule.Invocations,
    rule.InvocationAttempts,
    rule.RetryInvocationAttempts,
    rule.FailedInvocations,
    rule.ThrottledRules,
    rule.InvocationsSentToDlq,
  ];
  return [rule.rule, ...numbers.map(String), latencyMs === null ? '' : `${Math.round(latencyMs)} ms`];
}

/** The first column to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}
