// Records in AWS JSON.

import { assert } from '#base/assert.ts';
import { base64Length } from '#base/base64.ts';
import { utf8Encode } from '#base/bytes.ts';
import { AsciiWriter } from '../ascii-writer.ts';
import { keyTextLengths } from '../key-text.ts';
import { RecordCursor } from '../record-batch.ts';
import type { PageSlice, RecordPage } from '../record-page.ts';
import type { Shard } from '../shard.ts';
import { FRAME_BYTES, JsonRecords } from './json-records.ts';
import type { RecordForm, SliceWriter } from './page-writer.ts';
import { RecordHead } from './record-head.ts';
import { keptName, type WrittenBatches } from './written-batches.ts';

const BEGIN = utf8Encode('{"Records":[');
const NUMBER_NAME = utf8Encode('{"SequenceNumber":"');
const TIME_NAME = utf8Encode('","ApproximateArrivalTimestamp":');
const DATA_NAME = utf8Encode(',"Data":"');
const COMMA = 44;
const POINT = 46;
const ZERO = 48;

/** Written at once: as much as is sent at once. */
const ROOM_BYTES = 256 * 1024;
/** Made by the first reader, and used by all answers in turn. */
let shared: JsonRecords | undefined;

interface JsonParts {
  readonly shard: Shard;
  readonly written: WrittenBatches;
  /** The answer's members besides the records; at least one. */
  readonly rest: object;
}

export class JsonForm implements RecordForm {
  readonly begin = BEGIN;
  readonly end: Uint8Array;
  readonly head: RecordHead;
  private readonly first: PageSlice | undefined;

  constructor(
    { slices }: RecordPage,
    readonly of: JsonParts,
  ) {
    this.first = slices[0];
    this.end = utf8Encode(`],${JSON.stringify(of.rest).slice(1)}`);
    this.head = new RecordHead(of.shard, { number: NUMBER_NAME, time: TIME_NAME, writeTime, data: DATA_NAME });
  }

  textOf(slice: PageSlice): Uint8Array | undefined {
    const { shard, written } = this.of;
    const name = keptName(shard, slice);
    if (name === undefined) return undefined;
    let text = written.find(name);
    if (text === undefined) {
      if (!written.wasRead(name, slice.bytes.length)) return undefined;
      text = this.textBehindOthers(slice);
      written.keep(name, text);
    }
    return slice === this.first ? text.subarray(1) : text;
  }

  private textBehindOthers(slice: PageSlice): Uint8Array {
    const writer = new AsciiWriter(new Uint8Array(this.measure(slice)));
    new JsonSlice(this, slice, COMMA).write(writer);
    return writer.bytes;
  }

  bytesOf(slice: PageSlice): number {
    return this.measure(slice) - (slice === this.first ? 1 : 0);
  }

  /** Each record behind a comma. */
  private measure(slice: PageSlice): number {
    this.head.startBatch(slice);
    return slice.count * (1 + this.head.byteCount + FRAME_BYTES) + slice.dataTextBytes + slice.keyTextBytes;
  }

  open(slice: PageSlice): SliceWriter {
    return new JsonSlice(this, slice, slice === this.first ? 0 : COMMA);
  }
}

class JsonSlice implements SliceWriter {
  private start: number;
  private left: number;

  constructor(
    private readonly form: JsonForm,
    private readonly slice: PageSlice,
    private separator: number,
  ) {
    this.start = slice.start;
    this.left = slice.count;
  }

  write(writer: AsciiWriter): boolean {
    shared ??= new JsonRecords(ROOM_BYTES);
    while (this.left > 0) {
      if (this.writeBy(shared, writer)) continue;
      const { nextBytes } = this;
      if (nextBytes > writer.room) return false;
      assert(this.writeBy(new JsonRecords(nextBytes), writer), 'a record has room in memory of its own length');
    }
    return true;
  }

  /** Whether there was room for a record. */
  private writeBy(records: JsonRecords, writer: AsciiWriter): boolean {
    const { form, slice, start, left, separator } = this;
    const { bytes, end, firstPlace, count, atMs } = slice;
    form.head.startBatch(slice);
    records.sequence.moveTo(form.of.shard.doc, firstPlace + count - left, atMs);
    const style = { head: form.head.bytes, digitsAt: NUMBER_NAME.length, separator };
    records.writeRun({ bytes, start, end, count: left }, style, writer);
    if (records.left === left) return false;
    this.start = records.end;
    this.left = records.left;
    this.separator = COMMA;
    return true;
  }

  get nextBytes(): number {
    const cursor = new RecordCursor();
    cursor.enter(this.slice.bytes, this.start);
    cursor.move();
    const { bytes, keyStart, keyEnd, start, end } = cursor;
    const key = bytes.subarray(keyStart, keyEnd).reduce((sum, byte) => sum + keyTextLengths[byte]!, 0);
    const separator = this.separator === 0 ? 0 : 1;
    return separator + this.form.head.byteCount + base64Length(end - start) + FRAME_BYTES + key;
  }
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
