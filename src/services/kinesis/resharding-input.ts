// What splits, merges and counts of shards have in common. Texts: answers of AWS as the tests of kinesalite and moto record them.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { shardIdOf, shardIndexOf } from './documents.ts';
import { resourceInUse, shardNotFound, validationError } from './errors.ts';
import type { Shard, Stream } from './shard.ts';

/** Only streams in provisioned mode are resharded by hand. */
export function modeProblem({ doc }: Stream): AwsError | undefined {
  if (doc.mode === 'PROVISIONED') return undefined;
  return validationError(`Request is invalid. Stream ${doc.name} under account ${doc.account} is in On-Demand mode.`);
}

export function findOpenShard(stream: Stream, shardId: string): Shard | Refused {
  const index = shardIndexOf(shardId);
  const shard = index === undefined ? undefined : stream.shards.get(index);
  const { doc } = stream;
  if (shard === undefined) return refuse(shardNotFound(index === undefined ? shardId : shardIdOf(index), doc));
  if (!shard.isClosed) return shard;
  return refuse(
    resourceInUse(
      `Shard ${shardIdOf(shard.doc.index)} in stream ${doc.name} under account ${doc.account} has already been merged or split, ` +
        'and thus is not eligible for merging or splitting.',
    ),
  );
}
