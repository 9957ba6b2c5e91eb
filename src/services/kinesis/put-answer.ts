// The answer of PutRecords, which writes itself. Members are there as well, for tests and for whoever calls the operation from inside.

import type { PutRecordsOutput, PutRecordsResultEntry } from '#wire/generated/kinesis.ts';
import type { WrittenOutput } from '#wire/written-output.ts';
import { AsciiWriter } from './ascii-writer.ts';
import { shardIdOf } from './documents.ts';
import { throughputExceeded } from './errors.ts';
import { SEQUENCE_DIGITS, type SequenceDigits } from './sequence-digits.ts';
import type { Shard, Stream } from './shard.ts';

/** Of an entry, with names and punctuation; of a failed one with its text. */
const ENTRY_BYTES = 160;
const FAILED_BYTES = 512;

export class PutAnswer implements WrittenOutput, PutRecordsOutput {
  FailedRecordCount = 0;
  private readonly numbers: Uint8Array;
  private readonly words: DataView;
  private readonly shards: Shard[] = [];
  private readonly failed = new Set<number>();

  constructor(
    private readonly stream: Stream,
    count: number,
  ) {
    this.numbers = new Uint8Array(count * SEQUENCE_DIGITS);
    this.words = new DataView(this.numbers.buffer);
  }

  add(shard: Shard, number: SequenceDigits): void {
    number.write(this.words, this.shards.length * SEQUENCE_DIGITS);
    this.shards.push(shard);
  }

  /** The shard had no room for the record. */
  addFailed(shard: Shard): void {
    this.failed.add(this.shards.length);
    this.FailedRecordCount += 1;
    this.shards.push(shard);
  }

  get Records(): readonly PutRecordsResultEntry[] {
    return this.shards.map((shard, i) => {
      if (this.failed.has(i)) return this.failure(shard);
      return { SequenceNumber: String.fromCharCode(...this.digitsOf(i)), ShardId: shardIdOf(shard.doc.index) };
    });
  }

  writeJson(): Uint8Array {
    const writer = new AsciiWriter(new Uint8Array(this.bytesMax));
    const ends = new Map<Shard, string>();
    writer.text(`{"FailedRecordCount":${this.FailedRecordCount},"Records":[`);
    for (const [i, shard] of this.shards.entries()) {
      if (i > 0) writer.byte(44);
      if (this.failed.has(i)) {
        writer.text(JSON.stringify(this.failure(shard)));
        continue;
      }
      let end = ends.get(shard);
      if (end === undefined) {
        end = `","ShardId":"${shardIdOf(shard.doc.index)}"}`;
        ends.set(shard, end);
      }
      writer.text('{"SequenceNumber":"');
      writer.raw(this.digitsOf(i));
      writer.text(end);
    }
    writer.text(']}');
    return writer.bytes;
  }

  writeCbor(): Uint8Array {
    const writer = new AsciiWriter(new Uint8Array(this.bytesMax));
    writer.cborHead(5, 2);
    writer.cborText('FailedRecordCount');
    writer.cborHead(0, this.FailedRecordCount);
    writer.cborText('Records');
    writer.cborHead(4, this.shards.length);
    for (const entry of this.Records) {
      const members = Object.entries(entry) as [string, string][];
      writer.cborHead(5, members.length);
      for (const [name, value] of members) {
        writer.cborText(name);
        writer.cborText(value);
      }
    }
    return writer.bytes;
  }

  private get bytesMax(): number {
    return ENTRY_BYTES * (this.shards.length + 1) + FAILED_BYTES * this.failed.size;
  }

  private digitsOf(index: number): Uint8Array {
    return this.numbers.subarray(index * SEQUENCE_DIGITS, (index + 1) * SEQUENCE_DIGITS);
  }

  private failure({ doc }: Shard): PutRecordsResultEntry {
    const { code, message } = throughputExceeded(shardIdOf(doc.index), this.stream.doc);
    return { ErrorCode: code, ErrorMessage: message };
  }
}
