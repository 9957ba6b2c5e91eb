// Records of a delivery stream in bytes. What one call brought is one payload of the journal, whatever the number of its records: memory then
// keeps a few numbers a pack, and nothing a record. Transformed records are packed in the same way.
//
//   u8 version = 1 | varint count
//   count times: varint arrivedAtMs of the first, then difference to the one before in zigzag | u8 flags | blob data
//                | flag 1: text, JSON object of partition keys | flag 2: text shard, text sequence number, text partition key, varint sub-sequence

import { assert } from '#base/assert.ts';
import { ByteReader, ByteWriter } from '#base/bytes.ts';

export interface FirehoseRecord {
  /** When it came to the delivery stream, or to the stream it was read from: epoch milliseconds, whole. */
  readonly arrivedAtMs: number;
  readonly data: Uint8Array;
  /** What the Lambda function gave as `metadata.partitionKeys`. */
  readonly partitionKeys?: Readonly<Record<string, string>>;
  /** Where a record of a Kinesis stream comes from. */
  readonly source?: RecordSource;
}

export interface RecordSource {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Number within an aggregated record; 0 otherwise. */
  readonly subSequenceNumber: number;
}

const VERSION = 1;
const HAS_KEYS = 1;
const HAS_SOURCE = 2;

export function encodePack(records: readonly FirehoseRecord[]): Uint8Array {
  const writer = new ByteWriter(records.reduce((sum, { data }) => sum + data.length + 16, 16));
  writer.u8(VERSION);
  writer.varint(records.length);
  let beforeMs = 0;
  for (const { arrivedAtMs, data, partitionKeys, source } of records) {
    writer.varint(zigzag(arrivedAtMs - beforeMs));
    beforeMs = arrivedAtMs;
    writer.u8((partitionKeys === undefined ? 0 : HAS_KEYS) | (source === undefined ? 0 : HAS_SOURCE));
    writer.blob(data);
    if (partitionKeys !== undefined) writer.text(JSON.stringify(partitionKeys));
    if (source !== undefined) writeSource(writer, source);
  }
  return writer.take();
}

/** The data are views of the pack's bytes. */
export function decodePack(pack: Uint8Array): FirehoseRecord[] {
  const reader = new ByteReader(pack);
  const version = reader.u8();
  assert(version === VERSION, `version ${version} of a pack is known`);
  const records: FirehoseRecord[] = [];
  let arrivedAtMs = 0;
  for (let left = reader.varint(); left > 0; left -= 1) {
    arrivedAtMs += unzigzag(reader.varint());
    const flags = reader.u8();
    const data = reader.blob();
    records.push({
      arrivedAtMs,
      data,
      ...((flags & HAS_KEYS) === 0 ? {} : { partitionKeys: JSON.parse(reader.text()) as Record<string, string> }),
      ...((flags & HAS_SOURCE) === 0 ? {} : { source: readSource(reader) }),
    });
  }
  return records;
}

function writeSource(writer: ByteWriter, source: RecordSource): void {
  writer.text(source.shardId);
  writer.text(source.sequenceNumber);
  writer.text(source.partitionKey);
  writer.varint(source.subSequenceNumber);
}

function readSource(reader: ByteReader): RecordSource {
  return {
    shardId: reader.text(),
    sequenceNumber: reader.text(),
    partitionKey: reader.text(),
    subSequenceNumber: reader.varint(),
  };
}

/** Arithmetic, not bits: times are larger than 2^32. */
const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
