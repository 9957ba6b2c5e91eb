// Reads the audit stream from its beginning to its end, all shards of it.

import type { Kinesis } from '@aws-sdk/client-kinesis';
import type { BusEvent } from '../contracts.ts';

export async function* auditEvents(kinesis: Kinesis, StreamName: string): AsyncGenerator<BusEvent<unknown>> {
  const { Shards = [] } = await kinesis.listShards({ StreamName });
  for (const { ShardId } of Shards) {
    const first = await kinesis.getShardIterator({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    let iterator = first.ShardIterator;
    while (iterator !== undefined) {
      const page = await kinesis.getRecords({ ShardIterator: iterator, Limit: 5_000 });
      for (const { Data } of page.Records ?? [])
        yield JSON.parse(Buffer.from(Data ?? []).toString()) as BusEvent<unknown>;
      iterator = isAtEnd(page.Records?.length ?? 0, page.MillisBehindLatest) ? undefined : page.NextShardIterator;
    }
  }
}

function isAtEnd(count: number, behindMs: number | undefined): boolean {
  return count === 0 && (behindMs ?? 0) === 0;
}
