// The head of a segment file, and where an entry lies in it. The head is one block of 4 KiB with two records:
//
//   at 0    PREPARED: written and synced before the file gets its name: store, number, capacity
//   at 512  BEGUN:    written and synced before the first entry: start position, first sequence, salt
//
// So a numbered file always has a good first record, and a file without the second one holds no entries: whatever differs
// is damage, never a crash. Two sectors, so that writing the second cannot tear the first.

import { crc32 } from 'node:zlib';

export const SEGMENT_HEAD_BYTES = 4096;
export const FORMAT_VERSION = 1;
const BEGUN_AT = 512;
const RECORD_BYTES = 64;
const STORE_ID_BYTES = 16;
const PREPARED_MAGIC = 'EDDYJRNL';
const BEGUN_MAGIC = 'EDDYSEGM';
const NAME = /^(\d{12})\.segment$/;

export interface PreparedRecord {
  readonly storeId: string;
  readonly number: number;
  /** Bytes allocated for entries; one oversized entry may make the file longer. */
  readonly capacity: number;
}

export interface BegunRecord {
  readonly start: number;
  readonly firstSequence: number;
  /** Seed of the checksums of the segment's entries. */
  readonly salt: number;
}

export interface SegmentHead {
  readonly prepared: PreparedRecord | undefined;
  /** `none`: never begun. `damaged`: neither. */
  readonly begun: BegunRecord | 'none' | 'damaged';
  /** Set when the first record is whole but of another version. */
  readonly unknownVersion?: number;
}

export function segmentName(number: number): string {
  return `${number.toString().padStart(12, '0')}.segment`;
}

export function segmentNumber(name: string): number | undefined {
  const match = NAME.exec(name);
  return match === null ? undefined : Number(match[1]);
}

export function fileOffset(position: number, start: number): number {
  return SEGMENT_HEAD_BYTES + position - start;
}

export function encodePrepared(record: PreparedRecord): Uint8Array {
  const block = Buffer.alloc(SEGMENT_HEAD_BYTES);
  block.write(PREPARED_MAGIC, 0, 'latin1');
  block.writeUInt32LE(FORMAT_VERSION, 8);
  block.write(record.storeId, 16, STORE_ID_BYTES, 'hex');
  block.writeDoubleLE(record.number, 32);
  block.writeDoubleLE(record.capacity, 40);
  seal(block.subarray(0, RECORD_BYTES));
  return block;
}

/** The BEGUN record and where it goes in the file. */
export function encodeBegun(record: BegunRecord): { readonly bytes: Uint8Array; readonly at: number } {
  const bytes = Buffer.alloc(RECORD_BYTES);
  bytes.write(BEGUN_MAGIC, 0, 'latin1');
  bytes.writeDoubleLE(record.start, 16);
  bytes.writeDoubleLE(record.firstSequence, 24);
  bytes.writeUInt32LE(record.salt, 32);
  seal(bytes);
  return { bytes, at: BEGUN_AT };
}

export function decodeHead(bytes: Uint8Array): SegmentHead {
  const block = Buffer.alloc(SEGMENT_HEAD_BYTES);
  block.set(bytes.subarray(0, SEGMENT_HEAD_BYTES));
  const first = block.subarray(0, RECORD_BYTES);
  if (!isSealed(first, PREPARED_MAGIC)) return { prepared: undefined, begun: 'damaged' };
  const version = first.readUInt32LE(8);
  if (version !== FORMAT_VERSION) return { prepared: undefined, begun: 'damaged', unknownVersion: version };
  const prepared: PreparedRecord = {
    storeId: first.toString('hex', 16, 16 + STORE_ID_BYTES),
    number: first.readDoubleLE(32),
    capacity: first.readDoubleLE(40),
  };
  return { prepared, begun: decodeBegun(block.subarray(BEGUN_AT, BEGUN_AT + RECORD_BYTES)) };
}

function decodeBegun(record: Buffer): BegunRecord | 'none' | 'damaged' {
  if (record.every((byte) => byte === 0)) return 'none';
  if (!isSealed(record, BEGUN_MAGIC)) return 'damaged';
  return {
    start: record.readDoubleLE(16),
    firstSequence: record.readDoubleLE(24),
    salt: record.readUInt32LE(32),
  };
}

/** Puts the checksum into bytes 12..16; it covers everything else of the record. */
function seal(record: Buffer): void {
  record.writeUInt32LE(checksumOf(record), 12);
}

function isSealed(record: Buffer, magic: string): boolean {
  return record.toString('latin1', 0, 8) === magic && record.readUInt32LE(12) === checksumOf(record);
}

function checksumOf(record: Buffer): number {
  return crc32(record.subarray(16), crc32(record.subarray(0, 12), 0));
}
