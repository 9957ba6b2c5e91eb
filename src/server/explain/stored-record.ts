// One record of a stream as it is stored: a payload of the journal while it is fresh, a part of a block later. Found by its place.

import type { Cell } from '#cell/cell.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { cutPage } from '#services/kinesis/record-batch.ts';
import { logName, type Shard } from '#services/kinesis/shard.ts';
import { batchBlockName, decodeBatchBlock, type StoredBatch } from '#structures/append-log/batch-block.ts';

export interface StoredRecord {
  readonly atMs: number;
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/** Undefined: it has expired, or left for a block at this very moment. */
export async function storedRecord(cell: Cell, shard: Shard, place: number): Promise<StoredRecord | undefined> {
  const { log } = shard;
  if (place < log.firstPlace || place >= log.endPlace) return undefined;
  const batches = place < log.sealedEnd ? await inBlock(cell, shard, place) : await inJournal(cell, shard, place);
  const { records } = cutPage(batches, { from: place, countMax: 1, bytesMax: 1, sinceMs: 0 });
  const [part] = records;
  if (part === undefined || part.place !== place) return undefined;
  const { bytes, atMs } = part;
  const partitionKey = Buffer.from(bytes.subarray(part.keyStart, part.keyEnd)).toString('utf8');
  return { atMs, partitionKey, data: bytes.slice(part.dataStart, part.dataEnd) };
}

async function inBlock(cell: Cell, shard: Shard, place: number): Promise<readonly StoredBatch[]> {
  const [block] = shard.log.blocksFrom(place, { countMax: 1, bytesMax: 1 });
  const bytes = block === undefined ? undefined : await cell.engine.blobs.get(batchBlockName(logName(shard), block));
  return bytes === undefined ? [] : decodeBatchBlock(bytes);
}

async function inJournal(cell: Cell, shard: Shard, place: number): Promise<readonly StoredBatch[]> {
  const { fresh } = shard.log;
  const { payload, firstPlace, count, atMs } = fresh.at(fresh.indexOf(place));
  const location = cell.payloads.locate(payload as PayloadId);
  if (location === undefined) return [];
  const bytes = await cell.engine.journal.read(location.position, location.length);
  return [{ firstPlace, count, atMs, bytes }];
}
