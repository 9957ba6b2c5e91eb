// The feature that the others build on: streams, shards and records.

import { factBindings, SEAL_TIMER, TRIM_TIMER, tableBindings } from './apply.ts';
import type { Feature } from './feature.ts';
import { createStream } from './operations/create-stream.ts';
import { deleteStream } from './operations/delete-stream.ts';
import { describeStream } from './operations/describe-stream.ts';
import { describeStreamSummary } from './operations/describe-stream-summary.ts';
import { getRecords } from './operations/get-records.ts';
import { getShardIterator } from './operations/get-shard-iterator.ts';
import { listShards } from './operations/list-shards.ts';
import { listStreams } from './operations/list-streams.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecords } from './operations/put-records.ts';
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
    CreateStream: createStream,
    DeleteStream: deleteStream,
    DescribeStream: describeStream,
    DescribeStreamSummary: describeStreamSummary,
    GetRecords: getRecords,
    GetShardIterator: getShardIterator,
    ListShards: listShards,
    ListStreams: listStreams,
    PutRecord: putRecord,
    PutRecords: putRecords,
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
