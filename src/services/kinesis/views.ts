// Streams and shards as clients see them.

import type { Shard as ShardView, StreamDescriptionSummary, StreamSummary } from '#wire/generated/kinesis.ts';
import { type StreamDoc, shardIdOf } from './documents.ts';
import { endingSequenceNumber, startingSequenceNumber } from './sequence-number.ts';
import type { Shard, Stream } from './shard.ts';

/** Streams change at once: nobody sees CREATING, UPDATING or DELETING. */
const STATUS = 'ACTIVE';

export function shardView({ doc }: Shard): ShardView {
  const [parent, adjacent] = doc.parents;
  return {
    ShardId: shardIdOf(doc.index),
    ...(parent === undefined ? {} : { ParentShardId: shardIdOf(parent) }),
    ...(adjacent === undefined ? {} : { AdjacentParentShardId: shardIdOf(adjacent) }),
    HashKeyRange: { StartingHashKey: doc.startingHashKey, EndingHashKey: doc.endingHashKey },
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber(doc),
      ...(doc.closedAtMs === undefined ? {} : { EndingSequenceNumber: endingSequenceNumber(doc, doc.closedAtMs) }),
    },
  };
}

/** What both descriptions of a stream have. */
export function commonView({ doc }: Stream) {
  return {
    StreamName: doc.name,
    StreamARN: doc.arn,
    StreamStatus: STATUS,
    StreamModeDetails: { StreamMode: doc.mode },
    RetentionPeriodHours: doc.retentionHours,
    StreamCreationTimestamp: creationTimestampMs(doc),
    EnhancedMonitoring: [{ ShardLevelMetrics: doc.shardLevelMetrics }],
    EncryptionType: 'NONE',
  };
}

export function summaryView(
  stream: Stream,
  counts: { readonly ConsumerCount: number; readonly ChannelCount: number },
): StreamDescriptionSummary {
  const { warmMebibytes: warm, mode, maxRecordKib } = stream.doc;
  return {
    ...commonView(stream),
    OpenShardCount: stream.router.open.length,
    ...counts,
    MaxRecordSizeInKiB: maxRecordKib,
    // AWS: API reference, StreamDescriptionSummary: "only present for streams that use the on-demand capacity mode".
    ...(mode === 'ON_DEMAND' ? { RecordDistributionStrategy: 'USER_PARTITION_KEY' } : {}),
    ...(warm === undefined ? {} : { WarmThroughput: { TargetMiBps: warm, CurrentMiBps: warm } }),
  };
}

export function listedView(doc: StreamDoc): StreamSummary {
  return {
    StreamName: doc.name,
    StreamARN: doc.arn,
    StreamStatus: STATUS,
    StreamModeDetails: { StreamMode: doc.mode },
    StreamCreationTimestamp: creationTimestampMs(doc),
  };
}

/** AWS tells whole seconds, and ListShards takes them back. */
function creationTimestampMs({ createdAtMs }: StreamDoc): number {
  return Math.floor(createdAtMs / 1000) * 1000;
}
