import { type StreamDoc, streamKey } from './documents.ts';
import type { Stream } from './shard.ts';
import type { KinesisTurn } from './state.ts';

/** Writes the stream's document with these members. */
export function updateStream(turn: KinesisTurn, { doc }: Stream, change: Partial<StreamDoc>): void {
  turn.put(turn.state.streams, streamKey(doc, doc.name), { ...doc, ...change });
}
