// Records in AWS JSON.

import { base64Length } from '#base/base64.ts';
import { utf8Encode } from '#base/bytes.ts';
import type { AsciiWriter } from '../ascii-writer.ts';
import type { RecordCursor } from '../record-batch.ts';
import type { PageSlice, RecordPage } from '../record-page.ts';
import type { Shard } from '../shard.ts';
import type { RecordForm } from './page-writer.ts';
import { RecordHead } from './record-head.ts';
import { keptName, type WrittenBatches } from './written-batches.ts';

const BEGIN = utf8Encode('{"Records":');
const NUMBER_NAME = utf8Encode('{"SequenceNumber":"');
const TIME_NAME = utf8Encode('","ApproximateArrivalTimestamp":');
const DATA_NAME = utf8Encode(',"Data":"');
const KEY_NAME = new DataView(utf8Encode('","PartitionKey":"').slice().buffer);
const OPENING_BRACKET = 91;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const QUOTE = 34;
const CLOSING_BRACE = 125;
/** What is between data and key and behind it. */
const FRAME_BYTES = KEY_NAME.byteLength + 2;
/** `\u0000` */
const ESCAPED_BYTES_MAX = 6;

/** What a byte of a key in UTF-8 becomes in a text of JSON. */
const escapes = Array.from({ length: 128 }, (_, byte) =>
  utf8Encode(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)),
);
const escapedLengths = Uint8Array.from({ length: 256 }, (_, byte) => escapes[byte]?.length ?? 1);

interface JsonParts {
  readonly shard: Shard;
  readonly written: WrittenBatches;
  /** The answer's members besides the records; at least one. */
  readonly rest: object;
}

export class JsonForm implements RecordForm {
  readonly begin = BEGIN;
  readonly end: Uint8Array;
  readonly separatorBytes = 1;
  private readonly head: RecordHead;
  private readonly shard: Shard;
  private readonly written: WrittenBatches;

  constructor({ count }: RecordPage, { shard, written, rest }: JsonParts) {
    this.shard = shard;
    this.written = written;
    this.end = utf8Encode(`${count === 0 ? '[' : ''}],${JSON.stringify(rest).slice(1)}`);
    this.head = new RecordHead(shard, { number: NUMBER_NAME, time: TIME_NAME, writeTime, data: DATA_NAME });
  }

  textOf(slice: PageSlice, write: () => Uint8Array): Uint8Array | undefined {
    const name = keptName(this.shard, slice);
    if (name === undefined) return undefined;
    const found = this.written.find(name);
    if (found !== undefined) return found;
    if (!this.written.wasRead(name, slice.bytes.length)) return undefined;
    const text = write();
    this.written.keep(name, text);
    return text;
  }

  startBatch(slice: PageSlice): void {
    this.head.startBatch(slice);
  }

  bytesOf({ bytes, keyStart, keyEnd, start, end }: RecordCursor): number {
    let sum = this.head.byteCount + base64Length(end - start) + FRAME_BYTES;
    for (let i = keyStart; i < keyEnd; i += 1) sum += escapedLengths[bytes[i]!]!;
    return sum;
  }

  bytesMaxOf({ keyStart, keyEnd, start, end }: RecordCursor): number {
    const keyBytesMax = (keyEnd - keyStart) * ESCAPED_BYTES_MAX;
    return this.head.byteCount + base64Length(end - start) + FRAME_BYTES + keyBytesMax;
  }

  separate(writer: AsciiWriter, isFirst: boolean): void {
    writer.byte(isFirst ? OPENING_BRACKET : COMMA);
  }

  write(record: RecordCursor, words: DataView, writer: AsciiWriter): void {
    this.head.write(writer);
    writer.base64(words, record);
    writer.part(KEY_NAME, 0, KEY_NAME.byteLength);
    writeKey(record, words, writer);
    writer.byte(QUOTE);
    writer.byte(CLOSING_BRACE);
  }
}

function writeKey({ bytes, keyStart, keyEnd }: RecordCursor, words: DataView, writer: AsciiWriter): void {
  let plainFrom = keyStart;
  for (let i = keyStart; i < keyEnd; i += 1) {
    const byte = bytes[i]!;
    if (escapedLengths[byte] === 1) continue;
    writer.part(words, plainFrom, i);
    writer.raw(escapes[byte]!);
    plainFrom = i + 1;
  }
  writer.part(words, plainFrom, keyEnd);
}

/** Seconds, with as many decimals as it takes. */
function writeTime(writer: AsciiWriter, atMs: number): void {
  const seconds = Math.floor(atMs / 1_000);
  writer.text(String(seconds));
  let rest = atMs - seconds * 1_000;
  if (rest === 0) return;
  writer.byte(POINT);
  for (let unit = 100; rest > 0; unit /= 10) {
    writer.byte(ZERO + Math.floor(rest / unit));
    rest %= unit;
  }
}
