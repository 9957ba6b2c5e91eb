// Records of a stream as they are stored: payloads of the journal while they are fresh, parts of blocks later. Found by their places.

import { utf8Decode } from '#base/bytes.ts';
import type { Cell } from '#cell/cell.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { cutPage, recordsOf } from '#services/kinesis/record-page.ts';
import { logName, type Shard } from '#services/kinesis/shard.ts';
import { batchBlockName, decodeBatchBlock, type StoredBatch } from '#structures/append-log/batch-block.ts';

export interface StoredRecord {
  readonly place: number;
  readonly atMs: number;
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/** What is read in one go is of this size, or a block. */
const BYTES_MAX = 8 * 1024 * 1024;

/** Undefined: it has expired, or left for a block at this very moment. */
export async function storedRecord(cell: Cell, shard: Shard, place: number): Promise<StoredRecord | undefined> {
  if (place < shard.log.firstPlace || place >= shard.log.endPlace) return undefined;
  const [record] = await storedRecords(cell, shard, { from: place, countMax: 1 });
  return record?.place === place ? record : undefined;
}

/** In order, without those that are gone by now. */
export async function storedRecords(
  cell: Cell,
  shard: Shard,
  { from, countMax }: { readonly from: number; readonly countMax: number },
): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  let next = from;
  while (records.length < countMax && next < shard.log.endPlace) {
    const batches = next < shard.log.sealedEnd ? await inBlock(cell, shard, next) : await inJournal(cell, shard, next);
    const range = { from: next, countMax: countMax - records.length, bytesMax: BYTES_MAX, sinceMs: 0 };
    const page = cutPage(batches, range);
    if (page.next === next) break;
    next = page.next;
    for (const { place, atMs, bytes, keyStart, keyEnd, dataStart, dataEnd } of recordsOf(page)) {
      const partitionKey = utf8Decode(bytes.subarray(keyStart, keyEnd));
      records.push({ place, atMs, partitionKey, data: bytes.slice(dataStart, dataEnd) });
    }
  }
  return records;
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
