// MergeShards: two neighbours, the one with the lower keys first. Text: an answer of AWS as kinesalite's test suite records it.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { MergeShardsInput } from '#wire/generated/kinesis.ts';
import { shardIdOf } from '../documents.ts';
import { invalidArgument } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { Reshaping, rangeOf } from '../reshard.ts';
import { findOpenShard, modeProblem } from '../resharding-input.ts';
import type { KinesisState } from '../state.ts';
import { checkShardId } from '../validation.ts';

export const mergeShards = operation<KinesisState, MergeShardsInput, object>({
  authorize: onStream('MergeShards'),
  decide(turn, input): Reply<object> {
    const { ShardToMerge, AdjacentShardToMerge } = input;
    const stream = findStream(turn, input, (validation) => {
      checkShardId(validation.required('shardToMerge', ShardToMerge), 'shardToMerge', ShardToMerge);
      validation.required('adjacentShardToMerge', AdjacentShardToMerge);
      return checkShardId(validation, 'adjacentShardToMerge', AdjacentShardToMerge);
    });
    if (isRefused(stream)) return stream;
    const unsuited = modeProblem(stream);
    if (unsuited !== undefined) return refuse(unsuited);
    const left = findOpenShard(stream, ShardToMerge as string);
    if (isRefused(left)) return left;
    const right = findOpenShard(stream, AdjacentShardToMerge as string);
    if (isRefused(right)) return right;
    const [lower, upper] = [rangeOf(left.doc), rangeOf(right.doc)];
    const { name, account } = stream.doc;
    if (lower.last + 1n !== upper.first) {
      return refuse(
        invalidArgument(
          `Shards ${shardIdOf(left.doc.index)} and ${shardIdOf(right.doc.index)} in stream ${name} under account ${account} are not an adjacent pair of shards eligible for merging`,
        ),
      );
    }
    const shards = new Reshaping(turn, stream.doc);
    shards.open({ first: lower.first, last: upper.last }, [left.doc, right.doc]);
    shards.commit();
    return { output: {} };
  },
});
