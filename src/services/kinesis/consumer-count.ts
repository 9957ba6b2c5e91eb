import { consumersOf } from './consumers/find-consumer.ts';
import type { Stream } from './shard.ts';
import type { KinesisState } from './state.ts';

/** Registered consumers of a stream. */
export function consumerCountOf(state: KinesisState, stream: Stream): number {
  return consumersOf(state, stream).length;
}
