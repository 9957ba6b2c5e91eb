// SplitShard. Texts: answers of AWS as the tests of kinesalite and moto record them.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { SplitShardInput } from '#wire/generated/kinesis.ts';
import { shardIdOf } from '../documents.ts';
import { invalidArgument } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { shardQuotaProblem } from '../quotas.ts';
import { Reshaping, rangeOf } from '../reshard.ts';
import { findOpenShard, modeProblem } from '../resharding-input.ts';
import type { Shard, Stream } from '../shard.ts';
import type { KinesisState } from '../state.ts';
import { checkShardId, HASH_KEY } from '../validation.ts';

export const splitShard = operation<KinesisState, SplitShardInput, object>({
  authorize: onStream('SplitShard'),
  decide(turn, input): Reply<object> {
    const { ShardToSplit, NewStartingHashKey } = input;
    const stream = findStream(turn, input, (validation) =>
      checkShardId(validation.required('shardToSplit', ShardToSplit), 'shardToSplit', ShardToSplit)
        .required('newStartingHashKey', NewStartingHashKey)
        .pattern('newStartingHashKey', NewStartingHashKey, HASH_KEY),
    );
    if (isRefused(stream)) return stream;
    const unsuited = modeProblem(stream);
    if (unsuited !== undefined) return refuse(unsuited);
    const shard = findOpenShard(stream, ShardToSplit as string);
    if (isRefused(shard)) return shard;
    const problem = keyProblem(stream, shard, NewStartingHashKey as string) ?? shardQuotaProblem(turn, 1);
    if (problem !== undefined) return refuse(problem);
    const { first, last } = rangeOf(shard.doc);
    const at = BigInt(NewStartingHashKey as string);
    const shards = new Reshaping(turn, stream.doc);
    shards.open({ first, last: at - 1n }, [shard.doc]);
    shards.open({ first: at, last }, [shard.doc]);
    shards.commit();
    return { output: {} };
  },
});

function keyProblem({ doc }: Stream, shard: Shard, key: string): AwsError | undefined {
  const { first, last } = rangeOf(shard.doc);
  const at = BigInt(key);
  if (at > first + 1n && at < last) return undefined;
  return invalidArgument(
    `NewStartingHashKey ${key} used in SplitShard() on shard ${shardIdOf(shard.doc.index)} in stream ${doc.name} ` +
      `under account ${doc.account} is not both greater than one plus the shard's StartingHashKey ${first} and less than the shard's EndingHashKey ${last}.`,
  );
}
