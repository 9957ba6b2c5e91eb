// The blocks of batch logs that were read last: a reader takes a block in several pages. What leaves makes room for what comes, in the same
// memory: four fresh mebibytes for each block would make V8 collect everything that lives, again and again.

import type { BlobStore } from '#storage/journal.ts';
import { decodeBatchBlock, type StoredBatch } from '#structures/append-log/batch-block.ts';
import { noteShortLived } from '../http/young-memory.ts';

const CACHE_BYTES_MAX = 24 * 1024 * 1024;
/** A full block with its table. */
const SLOT_BYTES = 4_352 * 1024;
/** Smaller ones keep the memory that they came in. */
const SLOTTED_BYTES_MIN = 1024 * 1024;

interface CachedBlock {
  readonly batches: readonly StoredBatch[];
  readonly memory: Uint8Array;
}

export class BatchCache {
  /** Least recently used first. */
  private readonly blocks = new Map<string, CachedBlock>();
  private heldBytes = 0;
  private spare: Uint8Array | undefined;

  constructor(private readonly blobs: BlobStore) {}

  /** Gives the block's batches, whose bytes are theirs until `use` returns. False: there is no such block. */
  async read(name: string, use: (batches: readonly StoredBatch[]) => void): Promise<boolean> {
    if (!this.blocks.has(name)) {
      const blob = await this.blobs.get(name);
      if (blob === undefined) return false;
      if (!this.blocks.has(name)) this.keep(name, blob);
    }
    const block = this.blocks.get(name) as CachedBlock;
    this.blocks.delete(name);
    this.blocks.set(name, block);
    use(block.batches);
    return true;
  }

  private keep(name: string, blob: Uint8Array): void {
    const isSlotted = blob.length >= SLOTTED_BYTES_MIN && blob.length <= SLOT_BYTES;
    this.makeRoom(isSlotted ? SLOT_BYTES : blob.length);
    const block = isSlotted ? this.slotted(blob) : { batches: decodeBatchBlock(blob), memory: blob };
    this.blocks.set(name, block);
    this.heldBytes += block.memory.length;
  }

  private slotted(blob: Uint8Array): CachedBlock {
    const memory = this.spare ?? Buffer.allocUnsafeSlow(SLOT_BYTES);
    this.spare = undefined;
    memory.set(blob);
    noteShortLived(blob.length);
    return { batches: decodeBatchBlock(memory.subarray(0, blob.length)), memory };
  }

  private makeRoom(bytes: number): void {
    for (const [oldest, { memory }] of this.blocks) {
      if (this.heldBytes + bytes <= CACHE_BYTES_MAX) return;
      this.blocks.delete(oldest);
      this.heldBytes -= memory.length;
      if (memory.length === SLOT_BYTES) this.spare = memory;
    }
  }
}
