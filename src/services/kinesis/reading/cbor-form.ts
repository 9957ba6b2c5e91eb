// Records in CBOR 1.1, as the SDK for Java reads them: instants are tagged epoch milliseconds.

import type { ChildShard } from '#wire/generated/kinesis.ts';
import { AsciiWriter, cborHeadBytes } from '../ascii-writer.ts';
import { RecordCursor } from '../record-batch.ts';
import type { PageSlice, RecordPage } from '../record-page.ts';
import { SEQUENCE_DIGITS } from '../sequence-digits.ts';
import type { Shard } from '../shard.ts';
import type { RecordForm, SliceWriter } from './page-writer.ts';
import { RecordHead } from './record-head.ts';

/** The members besides the records. */
export interface AnswerRest {
  readonly NextShardIterator?: string;
  readonly ContinuationSequenceNumber?: string;
  readonly MillisBehindLatest: number;
  readonly ChildShards?: readonly ChildShard[];
}

/** Names and iterator; children on top. */
const REST_BYTES = 1_024;
const CHILD_BYTES = 512;

function written(bytesMax: number, write: (writer: AsciiWriter) => void): Uint8Array {
  const writer = new AsciiWriter(new Uint8Array(bytesMax));
  write(writer);
  return writer.bytes;
}

const NUMBER_NAME = written(64, (writer) => {
  writer.cborHead(5, 4);
  writer.cborText('SequenceNumber');
  writer.cborHead(3, SEQUENCE_DIGITS);
});
const TIME_NAME = written(64, (writer) => {
  writer.cborText('ApproximateArrivalTimestamp');
  writer.cborHead(6, 1);
});
const DATA_NAME = written(64, (writer) => writer.cborText('Data'));
const KEY_NAME = written(64, (writer) => writer.cborText('PartitionKey'));

export class CborForm implements RecordForm {
  readonly begin: Uint8Array;
  readonly end: Uint8Array;
  private readonly head: RecordHead;

  constructor(shard: Shard, { count }: RecordPage, rest: AnswerRest) {
    const { NextShardIterator, ContinuationSequenceNumber, MillisBehindLatest, ChildShards } = rest;
    const texts = Object.entries({ NextShardIterator, ContinuationSequenceNumber }).filter(isGiven);
    this.begin = written(64, (writer) => {
      writer.cborHead(5, 2 + texts.length + (ChildShards === undefined ? 0 : 1));
      writer.cborText('Records');
      writer.cborHead(4, count);
    });
    this.end = written(REST_BYTES + CHILD_BYTES * (ChildShards?.length ?? 0), (writer) => {
      for (const [name, text] of texts) {
        writer.cborText(name);
        writer.cborText(text);
      }
      writer.cborText('MillisBehindLatest');
      writer.cborHead(0, MillisBehindLatest);
      if (ChildShards !== undefined) writeChildren(writer, ChildShards);
    });
    const writeTime = (writer: AsciiWriter, atMs: number): void => writer.cborHead(0, atMs);
    this.head = new RecordHead(shard, { number: NUMBER_NAME, time: TIME_NAME, writeTime, data: DATA_NAME });
  }

  /** Data that is copied as it is gains nothing. */
  textOf(): undefined {
    return undefined;
  }

  bytesOf(slice: PageSlice): number {
    this.head.startBatch(slice);
    const cursor = new RecordCursor();
    cursor.enter(slice.bytes, slice.start);
    let bytes = 0;
    for (let left = slice.count; left > 0; left -= 1) {
      cursor.move();
      bytes += bytesOfRecord(this.head, cursor);
    }
    return bytes;
  }

  open(slice: PageSlice): SliceWriter {
    this.head.startBatch(slice);
    return new CborSlice(this.head, slice);
  }
}

function bytesOfRecord(head: RecordHead, { keyStart, keyEnd, start, end }: RecordCursor): number {
  const data = end - start;
  const key = keyEnd - keyStart;
  return head.byteCount + cborHeadBytes(data) + data + KEY_NAME.length + cborHeadBytes(key) + key;
}

class CborSlice implements SliceWriter {
  /** At the next record. */
  private readonly cursor = new RecordCursor();
  private readonly words: DataView;
  private left: number;

  constructor(
    private readonly head: RecordHead,
    { bytes, start, count }: PageSlice,
  ) {
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.left = count;
    this.cursor.enter(bytes, start);
    this.cursor.move();
  }

  get nextBytes(): number {
    return bytesOfRecord(this.head, this.cursor);
  }

  write(writer: AsciiWriter): boolean {
    for (; this.left > 0; this.left -= 1) {
      if (this.nextBytes > writer.room) return false;
      this.writeRecord(writer);
      if (this.left > 1) this.cursor.move();
    }
    return true;
  }

  private writeRecord(writer: AsciiWriter): void {
    const { head, words } = this;
    const { keyStart, keyEnd, start, end } = this.cursor;
    head.write(writer);
    writer.cborHead(2, end - start);
    writer.part(words, start, end);
    writer.raw(KEY_NAME);
    writer.cborHead(3, keyEnd - keyStart);
    writer.part(words, keyStart, keyEnd);
  }
}

function isGiven(entry: readonly [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

function writeChildren(writer: AsciiWriter, children: readonly ChildShard[]): void {
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
