// What shards count. Only of this process: a restart begins anew. AWS: developer guide, "Monitoring with CloudWatch", shard-level metrics.

export const ALL_METRICS = 'ALL';
export const SHARD_METRICS: readonly string[] = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
];

export interface ShardCounters {
  incomingBytes: number;
  incomingRecords: number;
  outgoingBytes: number;
  outgoingRecords: number;
  writeThrottles: number;
  readThrottles: number;
  /** Of the last record that the last GetRecords gave. */
  iteratorAgeMs: number;
}

export function newCounters(): ShardCounters {
  return {
    incomingBytes: 0,
    incomingRecords: 0,
    outgoingBytes: 0,
    outgoingRecords: 0,
    writeThrottles: 0,
    readThrottles: 0,
    iteratorAgeMs: 0,
  };
}
