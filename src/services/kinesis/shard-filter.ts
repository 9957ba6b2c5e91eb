// Which shards a filter lets through. AWS: API reference, ShardFilter. Filters for one moment give shards whose ranges cover all hash keys
// exactly once: those that were not closed before it, but for the children of such: a record that came in the very moment of a split is in
// the parent.

import { CLOCK_SKEW_MS } from '#cell/stream-source.ts';
import type { AwsError } from '#model/aws-error.ts';
import type { ShardFilter } from '#wire/generated/kinesis.ts';
import { shardIndexOf } from './documents.ts';
import { invalidArgument } from './errors.ts';
import type { Shard, Stream } from './shard.ts';
import { isOver, keptSinceMs } from './trim.ts';

const OF_TIME = new Set(['AT_TIMESTAMP', 'FROM_TIMESTAMP']);

/** Texts are not AWS's. */
export function filterProblem(
  { Type: type = '', ShardId, Timestamp }: ShardFilter,
  nowMs: number,
): AwsError | undefined {
  if ((type === 'AFTER_SHARD_ID') !== (ShardId !== undefined)) {
    return invalidArgument(
      `ShardFilter of type ${type} ${ShardId === undefined ? 'needs' : 'must not have'} a ShardId.`,
    );
  }
  if (ShardId !== undefined && shardIndexOf(ShardId) === undefined) {
    return invalidArgument(`ShardId ${ShardId} in ShardFilter is not the ID of a shard.`);
  }
  if (OF_TIME.has(type) !== (Timestamp !== undefined)) {
    return invalidArgument(
      `ShardFilter of type ${type} ${Timestamp === undefined ? 'needs' : 'must not have'} a Timestamp.`,
    );
  }
  return Timestamp !== undefined && Timestamp > nowMs + CLOCK_SKEW_MS
    ? invalidArgument('The Timestamp in ShardFilter must not be in the future.')
    : undefined;
}

/** In order of their IDs. Without a filter: all shards that may have records. */
export function filteredShards(stream: Stream, filter: ShardFilter | undefined, nowMs: number): readonly Shard[] {
  const sinceMs = keptSinceMs(stream, nowMs);
  const kept = [...stream.shards.values()].filter((shard) => !isOver(shard, sinceMs));
  const horizonMs = Math.max(sinceMs, stream.doc.createdAtMs);
  const timestampMs = Math.max(filter?.Timestamp ?? 0, horizonMs);
  switch (filter?.Type) {
    case 'AFTER_SHARD_ID': {
      const after = shardIndexOf(filter.ShardId ?? '') ?? 0;
      return kept.filter(({ doc }) => doc.index > after);
    }
    case 'AT_TRIM_HORIZON':
      return openAt(kept, horizonMs);
    case 'AT_LATEST':
      return kept.filter(({ isClosed }) => !isClosed);
    case 'AT_TIMESTAMP':
      return openAt(kept, timestampMs);
    case 'FROM_TIMESTAMP':
      return kept.filter(({ doc }) => doc.closedAtMs === undefined || doc.closedAtMs >= timestampMs);
    default:
      return kept;
  }
}

function openAt(kept: readonly Shard[], ms: number): readonly Shard[] {
  const open = kept.filter(({ doc }) => doc.closedAtMs === undefined || doc.closedAtMs >= ms);
  const indexes = new Set(open.map(({ doc }) => doc.index));
  return open.filter(({ doc }) => !doc.parents.some((parent) => indexes.has(parent)));
}
