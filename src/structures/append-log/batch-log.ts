// A log for streams: records come in batches, are read in order from any place, and expire in order. Its records are counted from 0; that number
// is a record's PLACE. What memory keeps, and where the bytes are:
//
//   fresh batches    payloads of the journal; 32 bytes each here, 20 for the payload's slot, whatever number of records a batch has
//   sealed blocks    blobs of some mebibytes; some 100 bytes a BLOCK here
//
// An effect writes a block from the oldest fresh batches, then a fact replaces them by the block (`seal`) and the journal's segments are free
// of them. A block that is less than half full is joined by the next ones, so that a quiet log has few blocks too. Expired blocks go whole.
// This class is memory only, changed by `apply`; batch-effects.ts names what the runtime does. `AppendLog` is the sibling for records that are
// also read by a time of their own.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { BlockPolicy } from './append-log.ts';
import type { BatchBlock } from './batch-block.ts';
import { type FreshBatch, FreshBatches } from './fresh-batches.ts';

/** What a writing effect takes: the oldest fresh batches, added to the last block or as a block of their own. */
export interface BatchBlockPlan {
  readonly joined: BatchBlock | undefined;
  readonly batches: readonly FreshBatch[];
  /** Records that the block will hold. */
  readonly count: number;
}

export interface BatchBlockPolicy extends BlockPolicy {
  /** Batches that leave the journal at once: each is a read of its own, between which nothing else is done. */
  readonly batchesMax: number;
}

export type NewBatch = Omit<FreshBatch, 'firstPlace'>;

export class BatchLog {
  /** In order of their records. */
  readonly blocks: BatchBlock[] = [];
  readonly fresh = new FreshBatches();
  /** Of the next record. */
  endPlace = 0;

  /** Of the oldest record that is kept. */
  get firstPlace(): number {
    return this.blocks[0]?.firstPlace ?? this.sealedEnd;
  }

  /** Records before this are in blocks. */
  get sealedEnd(): number {
    return this.endPlace - this.fresh.records;
  }

  append({ payload, count, bytes, atMs }: NewBatch): void {
    this.fresh.push({ payload, firstPlace: this.endPlace, count, bytes, atMs });
    this.endPlace += count;
  }

  isFull({ countMax, bytesMax, batchesMax }: BatchBlockPolicy): boolean {
    const { records, bytes, count } = this.fresh;
    return records >= countMax || bytes >= bytesMax || count >= batchesMax;
  }

  /** When fresh records are old enough for a block, full or not; undefined without fresh records. */
  sealDueAtMs(policy: BlockPolicy): number | undefined {
    return this.fresh.count === 0 ? undefined : this.fresh.at(0).atMs + policy.ageMs;
  }

  /** The next block from what is fresh, full or not. At least one batch must be fresh. */
  planBlock(policy: BatchBlockPolicy): BatchBlockPlan {
    const joined = this.joinable(policy);
    const batches: FreshBatch[] = [];
    let bytes = joined?.bytes ?? 0;
    let count = joined?.count ?? 0;
    for (let i = 0; i < Math.min(this.fresh.count, policy.batchesMax); i += 1) {
      const more = this.fresh.countAt(i);
      bytes += this.fresh.bytesAt(i);
      if (i > 0 && (bytes > policy.bytesMax || count + more > policy.countMax)) break;
      count += more;
      batches.push(this.fresh.at(i));
    }
    assert(batches.length > 0, 'a block has fresh batches');
    return { joined, batches, count };
  }

  /** Replaces the `count` oldest fresh batches by their block; `release` gets their payloads. */
  seal(
    { count, hasJoined }: { readonly count: number; readonly hasJoined: boolean },
    release: (payload: number) => void,
  ) {
    const joined = hasJoined ? this.blocks.pop() : undefined;
    const first = this.fresh.at(0);
    let bytes = joined?.bytes ?? 0;
    let records = joined?.count ?? 0;
    for (let i = 0; i < count; i += 1) {
      bytes += this.fresh.bytesAt(i);
      records += this.fresh.countAt(i);
      release(this.fresh.payloadAt(i));
    }
    const block: BatchBlock = {
      firstPlace: joined?.firstPlace ?? first.firstPlace,
      count: records,
      bytes,
      firstAtMs: joined?.firstAtMs ?? first.atMs,
      lastAtMs: this.fresh.at(count - 1).atMs,
    };
    this.fresh.dropOldest(count);
    this.blocks.push(block);
  }

  /** Oldest blocks whose every record was appended before `beforeMs`, at most `countMax`. */
  expired(beforeMs: number, countMax: number): readonly BatchBlock[] {
    let count = 0;
    while (count < countMax && (this.blocks[count]?.lastAtMs ?? beforeMs) < beforeMs) count += 1;
    return this.blocks.slice(0, count);
  }

  dropOldestBlocks(count: number): void {
    this.blocks.splice(0, count);
  }

  /** Blocks with the records from `place` on, until they hold as many records or bytes. None when the place is not in a block. */
  blocksFrom(place: number, { countMax, bytesMax }: { countMax: number; bytesMax: number }): readonly BatchBlock[] {
    let end = this.firstBlock((block) => block.firstPlace + block.count > place);
    const start = end;
    let count = 0;
    let bytes = 0;
    for (let block = this.blocks[end]; block !== undefined; block = this.blocks[end]) {
      if (count >= countMax || bytes >= bytesMax) break;
      count += block.firstPlace + block.count - Math.max(place, block.firstPlace);
      // How much of the first block comes before the place is not known here.
      if (end > start) bytes += block.bytes;
      end += 1;
    }
    return this.blocks.slice(start, end);
  }

  /** A place that is not behind the first record that came at this time or later, and at most a block or a batch before it. */
  placeSince(atMs: number): number {
    const block = this.blocks[this.firstBlock((one) => one.lastAtMs >= atMs)];
    if (block !== undefined) return block.firstPlace;
    const index = this.fresh.indexSince(atMs);
    return index === this.fresh.count ? this.endPlace : this.fresh.at(index).firstPlace;
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.endPlace);
    writer.varint(this.blocks.length);
    for (const { firstPlace, count, bytes, firstAtMs, lastAtMs } of this.blocks) {
      writer.varint(firstPlace);
      writer.varint(count);
      writer.varint(bytes);
      writer.f64(firstAtMs);
      writer.f64(lastAtMs);
    }
    this.fresh.encode(writer);
  }

  restore(reader: ByteReader): void {
    this.endPlace = reader.varint();
    for (let left = reader.varint(); left > 0; left -= 1) {
      this.blocks.push({
        firstPlace: reader.varint(),
        count: reader.varint(),
        bytes: reader.varint(),
        firstAtMs: reader.f64(),
        lastAtMs: reader.f64(),
      });
    }
    this.fresh.restore(reader);
  }

  private joinable({ bytesMax, countMax, spanMs }: BlockPolicy): BatchBlock | undefined {
    const last = this.blocks[this.blocks.length - 1];
    if (last === undefined || last.bytes > bytesMax / 2 || last.count > countMax / 2) return undefined;
    return this.fresh.at(0).atMs - last.firstAtMs < spanMs ? last : undefined;
  }

  private firstBlock(isBehind: (block: BatchBlock) => boolean): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBehind(this.blocks[middle] as BatchBlock)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
