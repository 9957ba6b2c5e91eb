// The payload of one append: times and texts of its events, in order of time.

import { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { LogBlock } from './state.ts';

export interface BlockEvent {
  readonly timestampMs: number;
  readonly message: string;
}

/** An event as it is read back. */
export interface StoredEvent extends BlockEvent {
  readonly sequence: number;
}

const scratch = new ByteWriter(16 * 1024);

/** Valid until the next call. The events are in order of time. */
export function encodeBlock(events: readonly BlockEvent[]): Uint8Array {
  scratch.reset();
  let beforeMs = events[0]?.timestampMs ?? 0;
  for (const { timestampMs, message } of events) {
    scratch.varint(timestampMs - beforeMs);
    scratch.text(message);
    beforeMs = timestampMs;
  }
  return scratch.bytes;
}

export function* decodeBlock(bytes: Uint8Array, block: LogBlock): Generator<StoredEvent> {
  const reader = new ByteReader(bytes);
  let timestampMs = block.minMs;
  for (let i = 0; i < block.count; i += 1) {
    timestampMs += reader.varint();
    yield { timestampMs, message: reader.text(), sequence: block.firstSequence + i };
  }
}
