// A block of a batch log: batches that left the journal together, one behind the other as they were, with a table of them in front. Nothing is
// decoded when a block is written, joined or searched. Batches that came in the same millisecond are one row of the table.
//
//   u8 version = 1 | varint first place | varint batches | varint atMs of the first
//   batches times: varint atMs since the one before | varint records | varint bytes
//   the batches' bytes

import { assert } from '#base/assert.ts';
import { ByteReader, ByteWriter } from '#base/bytes.ts';

/** A batch as it is read back. */
export interface StoredBatch {
  readonly firstPlace: number;
  readonly count: number;
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** What memory keeps of a block. */
export interface BatchBlock {
  readonly firstPlace: number;
  /** Of records. */
  readonly count: number;
  /** Of the batches, without the table. */
  readonly bytes: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

const VERSION = 1;
const HEAD_BYTES_MAX = 32;
const ROW_BYTES_MAX = 24;

/** Unique for ever: a block that grows begins where it began and ends elsewhere, and `log` is never given twice. */
export function batchBlockName(log: string, block: Pick<BatchBlock, 'firstPlace' | 'count'>): string {
  return `${log}/${block.firstPlace}-${block.firstPlace + block.count}`;
}

/** Batches in order of their places, without gaps; at least one. */
export function encodeBatchBlock(batches: readonly StoredBatch[]): Uint8Array {
  const first = batches[0];
  assert(first !== undefined, 'a block has batches');
  const rows = rowsOf(batches);
  const dataBytes = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const writer = new ByteWriter(HEAD_BYTES_MAX + ROW_BYTES_MAX * rows.length + dataBytes);
  writer.u8(VERSION);
  writer.varint(first.firstPlace);
  writer.varint(rows.length);
  let beforeMs = first.atMs;
  writer.varint(beforeMs);
  for (const { atMs, count, bytes } of rows) {
    writer.varint(atMs - beforeMs);
    writer.varint(count);
    writer.varint(bytes);
    beforeMs = atMs;
  }
  for (const { bytes } of batches) writer.raw(bytes);
  return writer.bytes;
}

function rowsOf(batches: readonly StoredBatch[]): readonly { atMs: number; count: number; bytes: number }[] {
  const rows: { atMs: number; count: number; bytes: number }[] = [];
  for (const { atMs, count, bytes } of batches) {
    const last = rows[rows.length - 1];
    if (last?.atMs === atMs) {
      last.count += count;
      last.bytes += bytes.length;
    } else rows.push({ atMs, count, bytes: bytes.length });
  }
  return rows;
}

/** The batches' bytes are views of the block's. */
export function decodeBatchBlock(block: Uint8Array): readonly StoredBatch[] {
  const reader = new ByteReader(block);
  const version = reader.u8();
  assert(version === VERSION, `block version ${version} is known`);
  let firstPlace = reader.varint();
  const batchCount = reader.varint();
  let atMs = reader.varint();
  const rows: {
    readonly firstPlace: number;
    readonly count: number;
    readonly atMs: number;
    readonly length: number;
  }[] = [];
  for (let i = 0; i < batchCount; i += 1) {
    atMs += reader.varint();
    const count = reader.varint();
    rows.push({ firstPlace, count, atMs, length: reader.varint() });
    firstPlace += count;
  }
  return rows.map((row) => ({
    firstPlace: row.firstPlace,
    count: row.count,
    atMs: row.atMs,
    bytes: reader.raw(row.length),
  }));
}
