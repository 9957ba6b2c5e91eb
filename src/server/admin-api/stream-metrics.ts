// Counters of shards for Prometheus, of streams that asked for them (EnableEnhancedMonitoring). Streams' names are clients' to choose, and shards
// can be thousands: only the first of them are shown. The names of the series follow AWS's metrics.

import type { Cell } from '#cell/cell.ts';
import { shardIdOf } from '#services/kinesis/documents.ts';
import type { ShardCounters } from '#services/kinesis/metrics.ts';
import type { Shard } from '#services/kinesis/shard.ts';
import type { KinesisState } from '#services/kinesis/state.ts';

interface Series {
  /** AWS's name, which a stream asks for. */
  readonly metric: string;
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly value: (counters: ShardCounters) => number;
}

const counter = (metric: string, name: string, value: Series['value']): Series => {
  return { metric, name: `eddy_kinesis_shard_${name}_total`, type: 'counter', value };
};

const SERIES: readonly Series[] = [
  counter('IncomingBytes', 'incoming_bytes', (counters) => counters.incomingBytes),
  counter('IncomingRecords', 'incoming_records', (counters) => counters.incomingRecords),
  counter('OutgoingBytes', 'outgoing_bytes', (counters) => counters.outgoingBytes),
  counter('OutgoingRecords', 'outgoing_records', (counters) => counters.outgoingRecords),
  counter('WriteProvisionedThroughputExceeded', 'write_throttles', (counters) => counters.writeThrottles),
  counter('ReadProvisionedThroughputExceeded', 'read_throttles', (counters) => counters.readThrottles),
  {
    metric: 'IteratorAgeMilliseconds',
    name: 'eddy_kinesis_shard_iterator_age_seconds',
    type: 'gauge',
    value: (counters) => counters.iteratorAgeMs / 1_000,
  },
];
const SHARDS_MAX = 1_000;

export function streamMetricsLines(cell: Cell): readonly string[] {
  const state = cell.registry.services.get('kinesis')?.state as KinesisState | undefined;
  if (state === undefined) return [];
  const shown: { readonly labels: string; readonly metrics: readonly string[]; readonly shard: Shard }[] = [];
  for (const { doc, shards } of state.contents.values()) {
    if (doc.shardLevelMetrics.length === 0) continue;
    for (const shard of shards.values()) {
      if (shown.length === SHARDS_MAX) break;
      const { account, region, name, shardLevelMetrics: metrics } = doc;
      const shardId = shardIdOf(shard.doc.index);
      const labels = `{account="${account}",region=${JSON.stringify(region)},stream="${name}",shard="${shardId}"}`;
      shown.push({ labels, metrics, shard });
    }
  }
  return SERIES.flatMap(({ metric, name, type, value }) => {
    const lines = shown.filter(({ metrics }) => metrics.includes(metric));
    if (lines.length === 0) return [];
    return [`# TYPE ${name} ${type}`, ...lines.map(({ labels, shard }) => `${name}${labels} ${value(shard.counters)}`)];
  });
}
