// The logs of shards and the next stream's number as snapshot bytes. Documents are kept by the kernel.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import { findShard } from './apply.ts';
import type { KinesisState } from './state.ts';

const LOGS = 'shards';

export function writeSnapshot(state: KinesisState, section: (name: string) => ByteWriter): void {
  const logs = section(LOGS);
  logs.varint(state.nextStream);
  const shards = [...state.contents.values()].flatMap((stream) => [...stream.shards.values()]);
  logs.varint(shards.length);
  for (const { doc, log } of shards) {
    logs.varint(doc.stream);
    logs.varint(doc.index);
    log.encode(logs);
  }
}

/** The documents have made empty shards. */
export function readSnapshot(state: KinesisState, section: (name: string) => ByteReader | undefined): void {
  const logs = section(LOGS);
  if (logs === undefined) return;
  state.nextStream = Math.max(state.nextStream, logs.varint());
  for (let left = logs.varint(); left > 0; left -= 1) {
    const stream = logs.varint();
    const index = logs.varint();
    findShard(state, stream, index)?.log.restore(logs);
  }
}
