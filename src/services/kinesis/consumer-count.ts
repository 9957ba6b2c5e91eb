import type { Stream } from './shard.ts';
import type { KinesisState } from './state.ts';

/** Registered consumers of a stream: none while no operation registers them. */
export function consumerCountOf(_state: KinesisState, _stream: Stream): number {
  return 0;
}
