// The feature that the others build on: streams, shards and records.

import { factBindings, SEAL_TIMER, TRIM_TIMER, tableBindings } from './apply.ts';
import type { Feature } from './feature.ts';
import { describeAccountSettings, describeLimits, updateAccountSettings } from './operations/account.ts';
import { createStream } from './operations/create-stream.ts';
import { deleteStream } from './operations/delete-stream.ts';
import { describeStream } from './operations/describe-stream.ts';
import { describeStreamSummary } from './operations/describe-stream-summary.ts';
import { disableEnhancedMonitoring, enableEnhancedMonitoring } from './operations/enhanced-monitoring.ts';
import { getRecords } from './operations/get-records.ts';
import { getShardIterator } from './operations/get-shard-iterator.ts';
import { listShards } from './operations/list-shards.ts';
import { listStreams } from './operations/list-streams.ts';
import { mergeShards } from './operations/merge-shards.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecords } from './operations/put-records.ts';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './operations/resource-policies.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/resource-tags.ts';
import { decreaseStreamRetentionPeriod, increaseStreamRetentionPeriod } from './operations/retention.ts';
import { splitShard } from './operations/split-shard.ts';
import { updateStreamMode } from './operations/stream-mode.ts';
import {
  startStreamEncryption,
  stopStreamEncryption,
  updateMaxRecordSize,
  updateStreamRecordDistributionStrategy,
  updateStreamWarmThroughput,
} from './operations/stream-settings.ts';
import { addTagsToStream, listTagsForStream, removeTagsFromStream } from './operations/stream-tags.ts';
import { updateShardCount } from './operations/update-shard-count.ts';
import { SHARD_READ, shardRead } from './reading/pending.ts';
import {
  BLOCK_WRITTEN,
  BLOCKS_DELETED,
  BLOCKS_SWEPT,
  blocksSwept,
  blockWritten,
  resumeSealing,
  sealAged,
} from './sealing.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { trimShard } from './trim.ts';

export const streams: Feature = {
  tables: tableBindings,
  facts: factBindings,
  operations: {
    AddTagsToStream: addTagsToStream,
    CreateStream: createStream,
    DecreaseStreamRetentionPeriod: decreaseStreamRetentionPeriod,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteStream: deleteStream,
    DescribeAccountSettings: describeAccountSettings,
    DescribeLimits: describeLimits,
    DescribeStream: describeStream,
    DescribeStreamSummary: describeStreamSummary,
    DisableEnhancedMonitoring: disableEnhancedMonitoring,
    EnableEnhancedMonitoring: enableEnhancedMonitoring,
    GetRecords: getRecords,
    GetResourcePolicy: getResourcePolicy,
    GetShardIterator: getShardIterator,
    IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod,
    ListShards: listShards,
    ListStreams: listStreams,
    ListTagsForResource: listTagsForResource,
    ListTagsForStream: listTagsForStream,
    MergeShards: mergeShards,
    PutRecord: putRecord,
    PutRecords: putRecords,
    PutResourcePolicy: putResourcePolicy,
    RemoveTagsFromStream: removeTagsFromStream,
    SplitShard: splitShard,
    StartStreamEncryption: startStreamEncryption,
    StopStreamEncryption: stopStreamEncryption,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAccountSettings: updateAccountSettings,
    UpdateMaxRecordSize: updateMaxRecordSize,
    UpdateShardCount: updateShardCount,
    UpdateStreamMode: updateStreamMode,
    UpdateStreamRecordDistributionStrategy: updateStreamRecordDistributionStrategy,
    UpdateStreamWarmThroughput: updateStreamWarmThroughput,
  },
  timers: { [SEAL_TIMER]: sealAged, [TRIM_TIMER]: trimShard },
  reactions: {
    [SHARD_READ]: shardRead,
    [BLOCK_WRITTEN]: blockWritten,
    [BLOCKS_DELETED]: () => {},
    [BLOCKS_SWEPT]: blocksSwept,
  },
  snapshot: { write: writeSnapshot, read: readSnapshot },
  resume: resumeSealing,
};
