// The answer of GetRecords, and the event of a subscription, which write themselves: up to ten thousand records whose base64 alone is megabytes.
// Members are there as well, for tests and for whoever calls the operation from inside.

import { base64Length } from '#base/base64.ts';
import { utf8Encode } from '#base/bytes.ts';
import type { ChildShard, GetRecordsOutput, Record } from '#wire/generated/kinesis.ts';
import type { WrittenOutput } from '#wire/written-output.ts';
import { AsciiWriter } from '../ascii-writer.ts';
import type { RecordPage, RecordPart } from '../record-batch.ts';
import { SEQUENCE_DIGITS, SequenceDigits } from '../sequence-digits.ts';
import type { Shard } from '../shard.ts';
import { keyOf, recordView } from './record-view.ts';
import { isKept, type WrittenBatches } from './written-batches.ts';

interface Rest {
  readonly NextShardIterator?: string;
  readonly ContinuationSequenceNumber?: string;
  readonly MillisBehindLatest: number;
  readonly ChildShards?: readonly ChildShard[];
}

interface PageOfShard {
  readonly shard: Shard;
  readonly page: RecordPage;
  readonly written: WrittenBatches;
}

/** Names, punctuation and time of a record in either form. */
const FRAME_BYTES = 160;
/** Names and iterator; children on top. */
const REST_BYTES = 1_024;
const CHILD_BYTES = 512;
/** A character of a partition key in JSON, escaped: `\u0000`. */
const ESCAPED_BYTES_MAX = 6;

const BEGIN = utf8Encode('{"Records":[');
/** What stands before a record's time; its sequence number is filled in. */
const HEAD = ',{"SequenceNumber":"';
const HEAD_TEXT = `${HEAD}${'0'.repeat(SEQUENCE_DIGITS)}","ApproximateArrivalTimestamp":`;
const KEY_NAME = utf8Encode('","PartitionKey":"');
const RECORD_END = utf8Encode('"}');

export class RecordsAnswer implements WrittenOutput, GetRecordsOutput {
  private readonly shard: Shard;
  private readonly page: RecordPage;
  private readonly written: WrittenBatches;

  constructor(
    { shard, page, written }: PageOfShard,
    private readonly rest: Rest,
  ) {
    this.shard = shard;
    this.page = page;
    this.written = written;
  }

  get Records(): readonly Record[] {
    return this.page.records.map((part) => recordView(this.shard, part));
  }

  get NextShardIterator(): string | undefined {
    return this.rest.NextShardIterator;
  }

  get ContinuationSequenceNumber(): string | undefined {
    return this.rest.ContinuationSequenceNumber;
  }

  get MillisBehindLatest(): number {
    return this.rest.MillisBehindLatest;
  }

  get ChildShards(): readonly ChildShard[] | undefined {
    return this.rest.ChildShards;
  }

  writeJson(): Uint8Array {
    const pieces = this.jsonPieces();
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** One piece for each batch; whole batches are written once for all who read them. */
  jsonPieces(): readonly Uint8Array[] {
    const { records } = this.page;
    const pieces: Uint8Array[] = [BEGIN];
    for (let start = 0; start < records.length; ) {
      const end = endOfBatch(records, start);
      const piece = this.batchPiece(start, end);
      // Each record is written with a comma before it.
      pieces.push(start === 0 ? piece.subarray(1) : piece);
      start = end;
    }
    pieces.push(utf8Encode(`],${JSON.stringify(this.rest).slice(1)}`));
    return pieces;
  }

  private batchPiece(start: number, end: number): Uint8Array {
    const { shard, written } = this;
    const { records } = this.page;
    if (!isKept(records, start, end)) return this.writeRecords(start, end);
    const range = { place: (records[start] as RecordPart).place, count: end - start };
    return written.find(shard, range) ?? written.keep(shard, range, this.writeRecords(start, end));
  }

  private writeRecords(start: number, end: number): Uint8Array {
    const { records } = this.page;
    const { doc } = this.shard;
    const writer = new AsciiWriter(bytesMax(records, { start, end, dataBytes: base64Length }));
    const sequence = new SequenceDigits();
    // Records of a batch came at the same time.
    const time = `${(records[start] as RecordPart).atMs / 1000},"Data":"`;
    const head = new Uint8Array(utf8Encode(HEAD_TEXT + time));
    for (let i = start; i < end; i += 1) {
      const part = records[i] as RecordPart;
      sequence.moveTo(doc, part.place, part.atMs);
      head.set(sequence.digits, HEAD.length);
      writer.raw(head);
      writer.base64(part.bytes, part.dataStart, part.dataEnd);
      writer.raw(KEY_NAME);
      if (!writer.plainJson(part.bytes, part.keyStart, part.keyEnd)) writer.raw(escapedKey(part));
      writer.raw(RECORD_END);
    }
    return writer.bytes;
  }

  writeCbor(): Uint8Array {
    const { records } = this.page;
    const all = { start: 0, end: records.length, dataBytes: (bytes: number) => bytes };
    const writer = new AsciiWriter(REST_BYTES + this.childBytesMax + bytesMax(records, all));
    const sequence = new SequenceDigits();
    const { NextShardIterator, ContinuationSequenceNumber, MillisBehindLatest, ChildShards } = this.rest;
    const texts = Object.entries({ NextShardIterator, ContinuationSequenceNumber }).filter(isGiven);
    writer.cborHead(5, 2 + texts.length + (ChildShards === undefined ? 0 : 1));
    writer.cborText('Records');
    writer.cborHead(4, records.length);
    for (const part of records) {
      sequence.moveTo(this.shard.doc, part.place, part.atMs);
      writeCborRecord(writer, sequence.digits, part);
    }
    for (const [name, text] of texts) {
      writer.cborText(name);
      writer.cborText(text);
    }
    writer.cborText('MillisBehindLatest');
    writer.cborHead(0, MillisBehindLatest);
    if (ChildShards !== undefined) writeCborChildren(writer, ChildShards);
    return writer.bytes;
  }

  private get childBytesMax(): number {
    return (this.rest.ChildShards?.length ?? 0) * CHILD_BYTES;
  }
}

/** Index behind the last record that is in the same batch as this one. */
function endOfBatch(records: readonly RecordPart[], start: number): number {
  const { bytes } = records[start] as RecordPart;
  let end = start + 1;
  while (end < records.length && records[end]?.bytes === bytes) end += 1;
  return end;
}

interface Written {
  readonly start: number;
  readonly end: number;
  /** How many bytes so many bytes of data become. */
  readonly dataBytes: (bytes: number) => number;
}

function bytesMax(records: readonly RecordPart[], { start, end, dataBytes }: Written): number {
  let bytes = 0;
  for (let i = start; i < end; i += 1) {
    const { keyStart, keyEnd, dataStart, dataEnd } = records[i] as RecordPart;
    const keyBytes = (keyEnd - keyStart) * ESCAPED_BYTES_MAX;
    bytes += FRAME_BYTES + SEQUENCE_DIGITS + dataBytes(dataEnd - dataStart) + keyBytes;
  }
  return bytes;
}

function isGiven(entry: readonly [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

/** Without its quotes. */
function escapedKey(part: RecordPart): Uint8Array {
  return utf8Encode(JSON.stringify(keyOf(part)).slice(1, -1));
}

function cborPieces(write: (writer: AsciiWriter) => void): Uint8Array {
  const writer = new AsciiWriter(64);
  write(writer);
  return writer.bytes;
}

const CBOR_NUMBER = cborPieces((writer) => {
  writer.cborHead(5, 4);
  writer.cborText('SequenceNumber');
});
const CBOR_TIME = cborPieces((writer) => {
  writer.cborText('ApproximateArrivalTimestamp');
  writer.cborHead(6, 1);
});
const CBOR_DATA = cborPieces((writer) => writer.cborText('Data'));
const CBOR_KEY = cborPieces((writer) => writer.cborText('PartitionKey'));

function writeCborRecord(writer: AsciiWriter, digits: Uint8Array, part: RecordPart): void {
  const { atMs, bytes, keyStart, keyEnd, dataStart, dataEnd } = part;
  writer.raw(CBOR_NUMBER);
  writer.cborHead(3, digits.length);
  writer.raw(digits);
  writer.raw(CBOR_TIME);
  writer.cborHead(0, atMs);
  writer.raw(CBOR_DATA);
  writer.cborHead(2, dataEnd - dataStart);
  writer.part(bytes, dataStart, dataEnd);
  writer.raw(CBOR_KEY);
  writer.cborHead(3, keyEnd - keyStart);
  writer.part(bytes, keyStart, keyEnd);
}

function writeCborChildren(writer: AsciiWriter, children: readonly ChildShard[]): void {
  writer.cborText('ChildShards');
  writer.cborHead(4, children.length);
  for (const { ShardId = '', ParentShards = [], HashKeyRange } of children) {
    writer.cborHead(5, 3);
    writer.cborText('ShardId');
    writer.cborText(ShardId);
    writer.cborText('ParentShards');
    writer.cborHead(4, ParentShards.length);
    for (const parent of ParentShards) writer.cborText(parent);
    writer.cborText('HashKeyRange');
    writer.cborHead(5, 2);
    writer.cborText('StartingHashKey');
    writer.cborText(HashKeyRange?.StartingHashKey ?? '');
    writer.cborText('EndingHashKey');
    writer.cborText(HashKeyRange?.EndingHashKey ?? '');
  }
}
