// Blocks of batch logs: written as they are, not compressed, because streams are read once or twice and at the speed of the disk. (Brotli's
// quickest setting reads 250 MB/s here, and a page of a stream would wait for a whole block of it.) Answers are written while they are sent: what a
// page takes of a block is borrowed until then, and a little of it is copied, so that four mebibytes do not stay for it.

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
import { BatchCache, type BlockInUse } from './batch-cache.ts';

const COPIED_BYTES_MAX = 256 * 1024;

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
  const page: PageOfBlocks = { batches: [], borrowed: [], count: 0, bytes: 0, isFull: false };
  for (const name of request.blocks) {
    const isThere = await cache.read(name, (block) => take(block, request, page));
    if (!isThere) return { missing: name };
    if (page.isFull) break;
  }
  const { batches, borrowed } = page;
  const giveBack = (): void => {
    for (const each of borrowed) each();
  };
  return { batches, giveBack };
}

interface PageOfBlocks {
  readonly batches: StoredBatch[];
  readonly borrowed: (() => void)[];
  count: number;
  bytes: number;
  isFull: boolean;
}

function take({ batches, borrow }: BlockInUse, request: ReadBatches, page: PageOfBlocks): void {
  const { from, sinceMs, countMax, bytesMax } = request;
  const wanted: StoredBatch[] = [];
  for (let i = firstBehind(batches, from); i < batches.length && !page.isFull; i += 1) {
    const batch = batches[i] as StoredBatch;
    if (batch.atMs < sinceMs) continue;
    page.isFull = page.count >= countMax || page.bytes >= bytesMax;
    if (page.isFull) break;
    wanted.push(batch);
    page.count += batch.firstPlace + batch.count - Math.max(from, batch.firstPlace);
    // A batch that is read from its middle counts with what it may have behind it: nothing is known of its records here.
    if (batch.firstPlace >= from) page.bytes += batch.bytes.length;
  }
  const bytes = wanted.reduce((sum, batch) => sum + batch.bytes.length, 0);
  if (bytes > COPIED_BYTES_MAX) page.borrowed.push(borrow());
  page.batches.push(...(bytes > COPIED_BYTES_MAX ? wanted : copied(wanted)));
}

/** Batches of a block that follow each other lie one behind the other. */
function copied(batches: readonly StoredBatch[]): readonly StoredBatch[] {
  const first = batches[0]?.bytes;
  const last = batches[batches.length - 1]?.bytes;
  if (first === undefined || last === undefined) return [];
  const start = first.byteOffset;
  const bytes = new Uint8Array(first.buffer).slice(start, last.byteOffset + last.length);
  return batches.map((batch) => {
    const at = batch.bytes.byteOffset - start;
    return { ...batch, bytes: bytes.subarray(at, at + batch.bytes.length) };
  });
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
