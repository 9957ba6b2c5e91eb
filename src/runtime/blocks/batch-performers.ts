// Blocks of batch logs: written as they are, not compressed, because streams are read once or twice and at the speed of the disk. (Brotli's
// quickest setting reads 250 MB/s here, and a page of a stream would wait for a whole block of it.) The blocks read last stay in memory:
// a reader takes a block in several pages.

import type { Performer, PerformRequest } from '#cell/ports.ts';
import type { BlobStore } from '#storage/journal.ts';
import { decodeBatchBlock, encodeBatchBlock, type StoredBatch } from '#structures/append-log/batch-block.ts';
import {
  READ_BATCHES,
  type ReadBatches,
  type ReadBatchesResult,
  WRITE_BATCH_BLOCK,
  type WriteBatchBlock,
} from '#structures/append-log/batch-effects.ts';

const CACHE_BYTES_MAX = 24 * 1024 * 1024;

interface CachedBlock {
  readonly batches: readonly StoredBatch[];
  readonly bytes: number;
}

export function batchPerformers(blobs: BlobStore): ReadonlyMap<string, Performer> {
  const cache = new BatchCache(blobs);
  return new Map<string, Performer>([
    [WRITE_BATCH_BLOCK, (request) => writeBlock(blobs, request)],
    [READ_BATCHES, ({ input }) => readBatches(cache, input as ReadBatches)],
  ]);
}

async function writeBlock(blobs: BlobStore, { input, payloads }: PerformRequest): Promise<void> {
  const { name, joined, batches } = input as WriteBatchBlock;
  const before = joined === undefined ? undefined : await blobs.get(joined);
  if (joined !== undefined && before === undefined) throw new Error(`the block ${joined} is not stored`);
  const fresh = payloads.map((bytes, i): StoredBatch => {
    const { firstPlace, count, atMs } = batches[i] as WriteBatchBlock['batches'][number];
    return { firstPlace, count, atMs, bytes };
  });
  await blobs.put(name, encodeBatchBlock([...(before === undefined ? [] : decodeBatchBlock(before)), ...fresh]));
}

async function readBatches(cache: BatchCache, request: ReadBatches): Promise<ReadBatchesResult> {
  const { from, sinceMs, countMax, bytesMax } = request;
  const found: StoredBatch[] = [];
  let count = 0;
  let bytes = 0;
  for (const name of request.blocks) {
    const batches = await cache.get(name);
    if (batches === undefined) return { missing: name };
    for (let i = firstBehind(batches, from); i < batches.length; i += 1) {
      const batch = batches[i] as StoredBatch;
      if (batch.atMs < sinceMs) continue;
      if (count >= countMax || bytes >= bytesMax) return { batches: found };
      found.push(batch);
      count += batch.firstPlace + batch.count - Math.max(from, batch.firstPlace);
      // A batch that is read from its middle counts with what it may have behind it: nothing is known of its records here.
      if (batch.firstPlace >= from) bytes += batch.bytes.length;
    }
  }
  return { batches: found };
}

/** Index of the batch that holds the place. */
function firstBehind(batches: readonly StoredBatch[], place: number): number {
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { firstPlace, count } = batches[middle] as StoredBatch;
    if (firstPlace + count > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

class BatchCache {
  /** Least recently used first. */
  private readonly blocks = new Map<string, CachedBlock>();
  private heldBytes = 0;

  constructor(private readonly blobs: BlobStore) {}

  async get(name: string): Promise<readonly StoredBatch[] | undefined> {
    const known = this.blocks.get(name);
    if (known !== undefined) {
      this.blocks.delete(name);
      this.blocks.set(name, known);
      return known.batches;
    }
    const blob = await this.blobs.get(name);
    if (blob === undefined) return undefined;
    const batches = decodeBatchBlock(blob);
    if (!this.blocks.has(name)) this.keep(name, { batches, bytes: blob.length });
    return batches;
  }

  private keep(name: string, block: CachedBlock): void {
    this.blocks.set(name, block);
    this.heldBytes += block.bytes;
    for (const [oldest, { bytes }] of this.blocks) {
      if (this.heldBytes <= CACHE_BYTES_MAX || oldest === name) break;
      this.blocks.delete(oldest);
      this.heldBytes -= bytes;
    }
  }
}
