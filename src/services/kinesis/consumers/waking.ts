// Subscriptions are woken by what happens to their shard, not by every record of the stream: a stream may have hundreds of both.

import type { Shard, Stream } from '../shard.ts';
import type { KinesisTurn } from '../state.ts';

export function subscribersKey({ subject }: Shard): string {
  return `kinesis-subscribers ${subject}`;
}

/** The shard has new records. */
export function wakeSubscribers(turn: KinesisTurn, shard: Shard): void {
  if (turn.state.subscriptions.count > 0) turn.wake(subscribersKey(shard));
}

/** The stream's shards have changed, or it goes, or a consumer does. */
export function wakeAllSubscribers(turn: KinesisTurn, stream: Stream): void {
  for (const { shard } of turn.state.subscriptions.of(stream)) turn.wake(subscribersKey(shard));
}
