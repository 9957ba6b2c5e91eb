// Records in bytes: `varint length | partition key in UTF-8 | varint length | data`, one behind the other. What else a record has follows from
// where it is: its sequence number from its place and the batch's time, which is when it arrived.

import { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { StoredBatch } from '#structures/append-log/batch-block.ts';

export class BatchWriter {
  private readonly writer = new ByteWriter(4096);
  count = 0;

  add(partitionKey: string, data: Uint8Array): void {
    this.writer.text(partitionKey);
    this.writer.blob(data);
    this.count += 1;
  }

  /** Valid until the next record or reset. */
  get bytes(): Uint8Array {
    return this.writer.bytes;
  }

  reset(): void {
    this.writer.reset();
    this.count = 0;
  }
}

/** Which records of some batches are wanted. A page has at least one record, however large. */
export interface PageRange {
  readonly from: number;
  readonly countMax: number;
  readonly bytesMax: number;
  /** Records that came earlier are left out. */
  readonly sinceMs: number;
}

/** Where one record's parts are in its batch's bytes. */
export interface RecordPart {
  readonly place: number;
  readonly atMs: number;
  readonly bytes: Uint8Array;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

export interface RecordPage {
  readonly records: readonly RecordPart[];
  /** Behind the last record that was taken or left out. */
  readonly next: number;
  /** Data and keys. */
  readonly bytes: number;
}

/** Batches in order. */
export function cutPage(batches: readonly StoredBatch[], range: PageRange): RecordPage {
  const records: RecordPart[] = [];
  let next = range.from;
  let bytes = 0;
  for (const batch of batches) {
    const end = batch.firstPlace + batch.count;
    if (end <= range.from) continue;
    if (batch.atMs < range.sinceMs) {
      next = end;
      continue;
    }
    const reader = new ByteReader(batch.bytes);
    for (let place = batch.firstPlace; place < end; place += 1) {
      const part = readPart(reader, batch, place);
      if (place < range.from) continue;
      const recordBytes = part.keyEnd - part.keyStart + part.dataEnd - part.dataStart;
      const isFull = records.length >= range.countMax || (records.length > 0 && bytes + recordBytes > range.bytesMax);
      if (isFull) return { records, next, bytes };
      records.push(part);
      bytes += recordBytes;
      next = place + 1;
    }
  }
  return { records, next, bytes };
}

function readPart(reader: ByteReader, { atMs, bytes }: StoredBatch, place: number): RecordPart {
  const keyBytes = reader.varint();
  const keyStart = reader.offset;
  reader.skip(keyBytes);
  const dataBytes = reader.varint();
  const dataStart = reader.offset;
  reader.skip(dataBytes);
  return {
    place,
    atMs,
    bytes,
    keyStart,
    keyEnd: keyStart + keyBytes,
    dataStart,
    dataEnd: dataStart + dataBytes,
  };
}
