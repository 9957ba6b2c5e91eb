// What the runtime does for batch logs: the contract between a service that has them and the performers of `src/runtime/blocks/`. Blobs are
// deleted and swept as those of other append logs are (effects.ts). All of it may be repeated.

import type { StoredBatch } from './batch-block.ts';

/** Writes a block from payloads. Input {@link WriteBatchBlock}; the result says nothing. */
export const WRITE_BATCH_BLOCK = 'write-batch-block';
/** Reads batches of blocks. Input {@link ReadBatches}, result {@link ReadBatchesResult}. */
export const READ_BATCHES = 'read-batches';

export interface WriteBatchBlock {
  /** The blob's name. */
  readonly name: string;
  /** The block that the new one begins with; it stays where it is. */
  readonly joined: string | undefined;
  /** One per payload, in the same order. */
  readonly batches: readonly { readonly firstPlace: number; readonly count: number; readonly atMs: number }[];
}

export interface ReadBatches {
  /** Blobs, in order. */
  readonly blocks: readonly string[];
  /** Batches before the one with this record are left out. */
  readonly from: number;
  /** What the batches hold together, about: the batch that reaches one of them is the last. */
  readonly countMax: number;
  readonly bytesMax: number;
  /** Batches that came earlier are left out. */
  readonly sinceMs: number;
}

export type ReadBatchesResult =
  /** The bytes are the caller's own, until it gives them back; it need not, but then their memory is not used again for other reads. */
  | { readonly batches: readonly StoredBatch[]; readonly giveBack: () => void }
  /** The blob of this name is not there: the log may have replaced it meanwhile. */
  | { readonly missing: string };
