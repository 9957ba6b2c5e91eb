// DescribeStream: with its shards, a hundred at a time.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DescribeStreamInput, DescribeStreamOutput } from '#wire/generated/kinesis.ts';
import { shardIndexOf } from '../documents.ts';
import { shardNotFound } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { filteredShards } from '../shard-filter.ts';
import type { KinesisState } from '../state.ts';
import { checkShardId, PAGE } from '../validation.ts';
import { commonView, shardView } from '../views.ts';

/** AWS: API reference, DescribeStream: 100 without a limit, and at most 100. */
const SHARDS_MAX = 100;

export const describeStream = operation<KinesisState, DescribeStreamInput, DescribeStreamOutput>({
  authorize: onStream('DescribeStream'),
  decide(turn, input): Reply<DescribeStreamOutput> {
    const { Limit = SHARDS_MAX, ExclusiveStartShardId: start } = input;
    const stream = findStream(turn, input, (validation) =>
      checkShardId(validation.range('limit', input.Limit, PAGE), 'exclusiveStartShardId', start),
    );
    if (isRefused(stream)) return stream;
    const after = start === undefined ? -1 : shardIndexOf(start);
    if (after === undefined) return refuse(shardNotFound(start as string, stream.doc));
    const shards = filteredShards(stream, undefined, turn.nowMs).filter(({ doc }) => doc.index > after);
    const page = shards.slice(0, Math.min(Limit, SHARDS_MAX));
    return {
      output: {
        StreamDescription: {
          ...commonView(stream),
          Shards: page.map(shardView),
          HasMoreShards: page.length < shards.length,
        },
      },
    };
  },
});
