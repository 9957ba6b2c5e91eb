// What batches of records look like in JSON, kept for readers who follow: a stream is read by several consumers, mostly at its newest end, and
// writing the text of ten thousand records takes longer than everything else about them. The first reader of a batch leaves a note, the second one
// its text: what is read once takes no room here. Nothing of it is state.

import type { PageSlice } from '../record-page.ts';
import type { Shard } from '../shard.ts';

const HELD_BYTES_MAX = 16 * 1024 * 1024;
/** Less is written faster than it is found, and would take more room here than there. */
const KEPT_RECORDS_MIN = 16;
/** Of the batches themselves, which are half as long as their texts: who comes later than a note would not find the text either. */
const NOTED_BYTES_MAX = HELD_BYTES_MAX / 2;

export class WrittenBatches {
  /** Least recently used first. */
  private readonly texts = new Map<string, Uint8Array>();
  private heldBytes = 0;
  /** Lengths of batches that were read once, oldest first. */
  private readonly notes = new Map<string, number>();
  private notedBytes = 0;

  find(name: string): Uint8Array | undefined {
    const found = this.texts.get(name);
    if (found === undefined) return undefined;
    this.texts.delete(name);
    this.texts.set(name, found);
    return found;
  }

  /** Whether somebody has read it before; if not, that is noted. */
  wasRead(name: string, bytes: number): boolean {
    if (this.notes.delete(name)) {
      this.notedBytes -= bytes;
      return true;
    }
    this.notes.set(name, bytes);
    this.notedBytes += bytes;
    for (const [oldest, length] of this.notes) {
      if (this.notedBytes <= NOTED_BYTES_MAX) break;
      this.notes.delete(oldest);
      this.notedBytes -= length;
    }
    return false;
  }

  keep(name: string, text: Uint8Array): void {
    this.texts.set(name, text);
    this.heldBytes += text.length;
    for (const [oldest, { length }] of this.texts) {
      if (this.heldBytes <= HELD_BYTES_MAX) break;
      this.texts.delete(oldest);
      this.heldBytes -= length;
    }
  }
}

/** By shard, first place and count (batches of one millisecond are one in a block); undefined: it is a part of a batch, or has few records. */
export function keptName({ subject }: Shard, { firstPlace, count, start, end, bytes }: PageSlice): string | undefined {
  const isWhole = start === 0 && end === bytes.length;
  return isWhole && count >= KEPT_RECORDS_MIN ? `${subject}/${firstPlace}+${count}` : undefined;
}
