// `/_eddy/metrics` in Prometheus's text form. No label that a client can invent, but for a bounded number of buses and rules.

import { versionText } from '../version.ts';
import type { AdminContext } from './context.ts';
import { eventMetricsLines, eventMetricsOf } from './event-metrics.ts';
import { streamMetricsLines } from './stream-metrics.ts';

export function metricsText({ cell, meter, clock }: AdminContext): string {
  const { journal } = cell.engine;
  const gauges: readonly (readonly [name: string, value: number])[] = [
    ['eddy_payloads', cell.payloads.count],
    ['eddy_payload_bytes', cell.payloads.liveBytes],
    ['eddy_waiting_polls', cell.parkedCount],
    ['eddy_journal_segments', journal.segments().length],
    ['eddy_clock_offset_seconds', clock.offsetMs / 1_000],
    ['eddy_resident_memory_bytes', process.memoryUsage.rss()],
  ];
  const lines = [
    '# TYPE eddy_build_info gauge',
    `eddy_build_info{version="${versionText()}",node="${process.versions.node}"} 1`,
    '# TYPE eddy_journal_bytes_total counter',
    `eddy_journal_bytes_total ${journal.end}`,
    ...gauges.flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${value}`]),
    meter.render(),
    ...eventMetricsLines(eventMetricsOf(cell)),
    ...streamMetricsLines(cell),
  ];
  return `${lines.join('\n')}\n`;
}
