// What batches of records look like in an answer, kept for the next reader: a stream is read by several consumers, mostly at its newest end, and
// writing the text of ten thousand records takes longer than everything else about them. Nothing of it is state.

import type { RecordPart } from '../record-batch.ts';
import type { Shard } from '../shard.ts';

const HELD_BYTES_MAX = 16 * 1024 * 1024;
/** Less is written faster than it is found, and would take more room here than there. */
const KEPT_RECORDS_MIN = 16;

/** The records from `start` to `end`, which are of one batch, are all of it, and worth keeping. */
export function isKept(records: readonly RecordPart[], start: number, end: number): boolean {
  if (end - start < KEPT_RECORDS_MIN) return false;
  const { keyStart, keyEnd } = records[start] as RecordPart;
  const { bytes, dataEnd } = records[end - 1] as RecordPart;
  // The length of the first key is all that may stand before it.
  return keyStart === lengthBytes(keyEnd - keyStart) && dataEnd === bytes.length;
}

function lengthBytes(length: number): number {
  return length < 0x80 ? 1 : 2;
}

interface PlaceRange {
  readonly place: number;
  readonly count: number;
}

export class WrittenBatches {
  /** By shard, first place and count (batches of one millisecond are one in a block); least recently used first. */
  private readonly pieces = new Map<string, Uint8Array>();
  private heldBytes = 0;

  find(shard: Shard, range: PlaceRange): Uint8Array | undefined {
    const key = keyOf(shard, range);
    const found = this.pieces.get(key);
    if (found === undefined) return undefined;
    this.pieces.delete(key);
    this.pieces.set(key, found);
    return found;
  }

  /** Gives the bytes that are kept: without the room that was reserved for more. */
  keep(shard: Shard, range: PlaceRange, bytes: Uint8Array): Uint8Array {
    const kept = bytes.slice();
    this.pieces.set(keyOf(shard, range), kept);
    this.heldBytes += kept.length;
    for (const [oldest, { length }] of this.pieces) {
      if (this.heldBytes <= HELD_BYTES_MAX) break;
      this.pieces.delete(oldest);
      this.heldBytes -= length;
    }
    return kept;
  }
}

function keyOf({ subject }: Shard, { place, count }: PlaceRange): string {
  return `${subject}/${place}+${count}`;
}
