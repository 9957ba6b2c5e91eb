// On-demand streams grow where they are busy: a shard that took more than half of what AWS lets it take within a minute is split in the middle.
// AWS: developer guide, "On-demand mode": a stream takes up to double its peak of the last 30 days, and 200 MiB a second unless more was agreed.
// Only with AWS's limits: otherwise a shard takes what the machine can. They do not shrink.

import { ON_DEMAND_SHARDS_MAX } from './limits.ts';
import { Reshaping, rangeOf } from './reshard.ts';
import type { Shard, Stream } from './shard.ts';
import type { KinesisTurn } from './state.ts';
import { meterOf } from './throughput.ts';

/** After records were put into the shard. */
export function growIfBusy(
  turn: KinesisTurn,
  stream: Stream,
  taken: { readonly shard: Shard; readonly records: number; readonly bytes: number },
): void {
  if (stream.doc.mode !== 'ON_DEMAND') return;
  const { shard, records, bytes } = taken;
  if (meterOf(turn, shard)?.busy.note(turn.nowMs, records, bytes) !== true) return;
  const { first, last } = rangeOf(shard.doc);
  if (stream.router.open.length >= ON_DEMAND_SHARDS_MAX || first === last) return;
  const middle = first + (last - first) / 2n + 1n;
  const shards = new Reshaping(turn, stream.doc);
  shards.open({ first, last: middle - 1n }, [shard.doc]);
  shards.open({ first: middle, last }, [shard.doc]);
  shards.commit();
}
