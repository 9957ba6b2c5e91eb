// The blocks of batch logs that were read last: a reader takes a block in several pages. What leaves makes room for what comes, and that is read
// into the same memory: four fresh mebibytes for each block would make V8 collect everything that lives, again and again. Readers who ask for one
// block at the same time wait for one read, and what they take of it can be lent to them: its memory is used again only when all have given it back.

import type { BlobStore } from '#storage/journal.ts';
import { decodeBatchBlock, type StoredBatch } from '#structures/append-log/batch-block.ts';

const CACHE_BYTES_MAX = 24 * 1024 * 1024;
/** A full block with its table. */
const SLOT_BYTES = 4_352 * 1024;
/** Of memory that no block is in; more of it was wanted once and goes. */
const SPARE_SLOTS_MAX = 2;
/** Smaller ones have memory of their own. */
const SLOTTED_BYTES_MIN = 1024 * 1024;

interface CachedBlock {
  readonly batches: readonly StoredBatch[];
  readonly memory: Uint8Array;
  /** Who borrowed it and has not given it back. Whoever never does keeps the memory from being used again, and nothing else. */
  borrowers: number;
  isCached: boolean;
}

/** A block while it is looked at: its bytes may change once `use` has returned, unless it was borrowed. */
export interface BlockInUse {
  readonly batches: readonly StoredBatch[];
  /** Returns how to give it back: the bytes are not looked at afterwards. */
  borrow(): () => void;
}

export class BatchCache {
  /** Least recently used first. */
  private readonly blocks = new Map<string, CachedBlock>();
  /** Reads that are under way: whether there is such a block. */
  private readonly loading = new Map<string, Promise<boolean>>();
  private heldBytes = 0;
  private readonly spareSlots: Uint8Array[] = [];

  constructor(private readonly blobs: BlobStore) {}

  /** False: there is no such block. */
  async read(name: string, use: (block: BlockInUse) => void): Promise<boolean> {
    let block = this.blocks.get(name);
    while (block === undefined) {
      if (!(await this.load(name))) return false;
      // It may have had to make room for others by now.
      block = this.blocks.get(name);
    }
    this.blocks.delete(name);
    this.blocks.set(name, block);
    const { batches } = block;
    const lent = block;
    use({ batches, borrow: () => this.lend(lent) });
    return true;
  }

  private load(name: string): Promise<boolean> {
    const begun = this.loading.get(name);
    if (begun !== undefined) return begun;
    const loaded = this.fetch(name).finally(() => this.loading.delete(name));
    this.loading.set(name, loaded);
    return loaded;
  }

  private async fetch(name: string): Promise<boolean> {
    const slot = this.spareSlots.pop() ?? Buffer.allocUnsafeSlow(SLOT_BYTES);
    const blob = await this.blobs.get(name, slot);
    const isInSlot = blob?.buffer === slot.buffer;
    const isSlotted = isInSlot && blob.length >= SLOTTED_BYTES_MIN;
    if (!isSlotted) this.spare(slot);
    if (blob === undefined) return false;
    if (isSlotted) this.keep(name, blob, slot);
    else {
      const own = isInSlot ? new Uint8Array(blob) : blob;
      this.keep(name, own, own);
    }
    return true;
  }

  /** `memory`: what the block holds on to. */
  private keep(name: string, blob: Uint8Array, memory: Uint8Array): void {
    for (const [oldest, block] of this.blocks) {
      if (this.heldBytes + memory.length <= CACHE_BYTES_MAX) break;
      this.blocks.delete(oldest);
      this.heldBytes -= block.memory.length;
      block.isCached = false;
      this.recycle(block);
    }
    this.blocks.set(name, { batches: decodeBatchBlock(blob), memory, borrowers: 0, isCached: true });
    this.heldBytes += memory.length;
  }

  private lend(block: CachedBlock): () => void {
    block.borrowers += 1;
    let isLent = true;
    return () => {
      if (!isLent) return;
      isLent = false;
      block.borrowers -= 1;
      this.recycle(block);
    };
  }

  private recycle({ memory, borrowers, isCached }: CachedBlock): void {
    if (!isCached && borrowers === 0 && memory.length === SLOT_BYTES) this.spare(memory);
  }

  private spare(slot: Uint8Array): void {
    if (this.spareSlots.length < SPARE_SLOTS_MAX) this.spareSlots.push(slot);
  }
}
