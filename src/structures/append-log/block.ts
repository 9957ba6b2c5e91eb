// A block of an append log: some thousand records that left the journal together. In memory a block is a handful of numbers; its bytes are a
// blob, whose name follows from what the block holds, so that nobody has to remember it.

import { assert } from '#base/assert.ts';
import { ByteReader, ByteWriter } from '#base/bytes.ts';

/** A record as it is read back. */
export interface LogRecord {
  /** Number within the log, without gaps, from 0. */
  readonly sequence: number;
  /** When it was appended, whole milliseconds; never decreases. */
  readonly atMs: number;
  /** The record's own time, whole milliseconds: any. Logs whose records have none give `atMs`. */
  readonly timeMs: number;
  readonly bytes: Uint8Array;
}

/** What memory keeps of a block. */
export interface LogBlock {
  readonly firstSequence: number;
  readonly count: number;
  /** Sum of the records' own bytes. */
  readonly bytes: number;
  /** What the blob takes, compressed. */
  readonly storedBytes: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
}

/** A place in a log: behind the record with this time and number. Orders by sequence look at the number alone. */
export interface LogPlace {
  readonly timeMs: number;
  readonly sequence: number;
}

const VERSION = 1;

/** Unique for ever: a block that grows begins where it began and ends elsewhere, and `log` is never given twice. */
export function blockName(log: string, block: Pick<LogBlock, 'firstSequence' | 'count'>): string {
  return `${log}/${block.firstSequence}-${block.firstSequence + block.count}`;
}

/** Records in order of their sequence, without gaps; at least one. */
export function encodeBlock(records: readonly LogRecord[]): Uint8Array {
  const first = records[0];
  assert(first !== undefined, 'a block has records');
  const writer = new ByteWriter(records.reduce((sum, { bytes }) => sum + bytes.length + 16, 64));
  writer.u8(VERSION);
  writer.varint(first.sequence);
  writer.varint(records.length);
  let beforeMs = first.atMs;
  writer.varint(beforeMs);
  for (const { atMs, timeMs, bytes } of records) {
    writer.varint(atMs - beforeMs);
    writer.f64(timeMs);
    writer.blob(bytes);
    beforeMs = atMs;
  }
  return writer.bytes;
}

export type RecordHead = Omit<LogRecord, 'bytes'>;

/** In order of their sequence; all, or those that `isWanted`. The records' bytes are views of the block's. */
export function decodeBlock(block: Uint8Array, isWanted: (head: RecordHead) => boolean = () => true): LogRecord[] {
  const reader = new ByteReader(block);
  const version = reader.u8();
  assert(version === VERSION, `block version ${version} is known`);
  const firstSequence = reader.varint();
  const count = reader.varint();
  let atMs = reader.varint();
  const records: LogRecord[] = [];
  for (let i = 0; i < count; i += 1) {
    atMs += reader.varint();
    const head = { sequence: firstSequence + i, atMs, timeMs: reader.f64() };
    if (isWanted(head)) records.push({ ...head, bytes: reader.blob() });
    else reader.skip(reader.varint());
  }
  return records;
}
