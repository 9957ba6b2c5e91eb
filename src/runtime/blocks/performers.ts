// What the cell may ask of the runtime about blocks of append logs: the performers that `#structures/append-log/effects.ts` names.

import type { Performer, PerformRequest } from '#cell/ports.ts';
import type { BlobStore } from '#storage/journal.ts';
import type { LogRecord } from '#structures/append-log/block.ts';
import {
  DELETE_BLOCKS,
  READ_RECORDS,
  type ReadRecords,
  SWEEP_BLOCKS,
  type SweepBlocks,
  WRITE_BLOCK,
  type WriteBlock,
  type WrittenBlock,
} from '#structures/append-log/effects.ts';
import { batchPerformers } from './batch-performers.ts';
import { BlockCache } from './block-cache.ts';
import { BlockStore } from './block-store.ts';
import { RecordReader } from './record-reader.ts';

export function blockPerformers(blobs: BlobStore): ReadonlyMap<string, Performer> {
  const store = new BlockStore(blobs);
  const cache = new BlockCache((name) => store.read(name));
  const reader = new RecordReader(store, cache);
  const remove = (names: readonly string[]): Promise<void> => {
    cache.forget(names);
    return store.delete(names);
  };
  return new Map<string, Performer>([
    ...batchPerformers(blobs),
    [WRITE_BLOCK, (request) => writeBlock(store, request)],
    [READ_RECORDS, ({ input }) => reader.read(input as ReadRecords)],
    [DELETE_BLOCKS, ({ input }) => remove(input as readonly string[])],
    [
      SWEEP_BLOCKS,
      async ({ input }) => {
        const { prefix, known } = input as SweepBlocks;
        const stored = await store.names();
        await remove(stored.filter((name) => name.startsWith(prefix) && !known.has(name)));
      },
    ],
  ]);
}

async function writeBlock(store: BlockStore, { input, payloads }: PerformRequest): Promise<WrittenBlock> {
  const { name, joined, firstSequence, records } = input as WriteBlock;
  const before = joined === undefined ? [] : await store.read(joined);
  if (before === undefined) throw new Error(`the block ${joined} is not stored`);
  const fresh: LogRecord[] = payloads.map((bytes, i) => {
    const { atMs, timeMs } = records[i] as WriteBlock['records'][number];
    return { sequence: firstSequence + i, atMs, timeMs, bytes };
  });
  return { storedBytes: await store.write(name, [...before, ...fresh]) };
}
