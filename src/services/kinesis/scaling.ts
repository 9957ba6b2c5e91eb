// As many open shards as wanted, of equal ranges.

import { recut } from './cutting.ts';
import type { StreamDoc } from './documents.ts';
import { uniformRanges } from './hash-range.ts';
import { Reshaping, rangeOf } from './reshard.ts';
import type { Stream } from './shard.ts';
import type { KinesisTurn } from './state.ts';

/** `more`: members of the stream's document that change with it. */
export function scale(turn: KinesisTurn, stream: Stream, count: number, more: Partial<StreamDoc>): void {
  const shards = new Reshaping(turn, stream.doc);
  const open = stream.router.open.map(({ doc }) => ({ range: rangeOf(doc), shard: doc }));
  recut(open, uniformRanges(count), {
    split: (shard, { first, last }, at) => [
      shards.open({ first, last: at - 1n }, [shard]),
      shards.open({ first: at, last }, [shard]),
    ],
    merge: (left, right, whole) => shards.open(whole, [left, right]),
  });
  shards.commit(more);
}
