// A log for long retention: records are appended, read for weeks, and expire in order. What memory keeps, and where the bytes are:
//
//   fresh records    payloads of the journal; 24 bytes each here, 20 for the payload's slot
//   sealed blocks    blobs of some thousand records, compressed; some 200 bytes a BLOCK here, whatever it holds
//
// An effect writes a block from the oldest fresh records, then a fact replaces them by the block (`seal`) and the journal's segments are free
// of them. A block that is less than half full is joined by the next ones, so that a quiet log has few blocks too. Expired blocks go whole.
// This class is memory only, changed by `apply`; effects.ts names what the runtime does, page.ts reads across blocks.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { LogBlock, LogPlace } from './block.ts';
import { type FreshRecord, FreshRecords } from './fresh-records.ts';

/** When a block is written, and how much it holds. A single record may be larger than `bytesMax`. */
export interface BlockPolicy {
  readonly bytesMax: number;
  readonly countMax: number;
  /** Fresh records do not get older: their payloads hold segments of the journal. */
  readonly ageMs: number;
  /** A block is not joined by records that are this much younger than its first: expiry is by whole blocks. */
  readonly spanMs: number;
}

/** What a writing effect takes: the oldest fresh records, added to the last block or as a block of their own. */
export interface BlockPlan {
  readonly joined: LogBlock | undefined;
  readonly firstSequence: number;
  readonly records: readonly FreshRecord[];
}

/** What the fact of a written block says; `count` fresh records are in it now. */
export interface Sealed {
  readonly count: number;
  readonly hasJoined: boolean;
  readonly storedBytes: number;
}

/** Blocks that begin later than the place of a reader, and are still given to it at once. */
const BLOCKS_AHEAD = 4;

export class AppendLog {
  /** In order of their records. */
  readonly blocks: LogBlock[] = [];
  /** The same in order of their earliest time. */
  private inTime: LogBlock[] = [];
  readonly fresh = new FreshRecords();
  /** Of the next record. */
  nextSequence = 0;
  private blockBytes = 0;

  get firstSequence(): number {
    return this.blocks[0]?.firstSequence ?? this.sealedEnd;
  }

  /** Records before this are in blocks. */
  get sealedEnd(): number {
    return this.nextSequence - this.fresh.count;
  }

  get count(): number {
    return this.nextSequence - this.firstSequence;
  }

  /** Sum of the records' own bytes. */
  get bytes(): number {
    return this.blockBytes + this.fresh.bytes;
  }

  append(record: FreshRecord): void {
    this.fresh.push(record);
    this.nextSequence += 1;
  }

  isFull(policy: BlockPolicy): boolean {
    return this.fresh.count >= policy.countMax || this.fresh.bytes >= policy.bytesMax;
  }

  /** When fresh records are old enough for a block, full or not; undefined without fresh records. */
  sealDueAtMs(policy: BlockPolicy): number | undefined {
    return this.fresh.count === 0 ? undefined : this.fresh.at(0).atMs + policy.ageMs;
  }

  /** The next block from what is fresh, full or not. At least one record must be fresh. */
  planBlock(policy: BlockPolicy): BlockPlan {
    const joined = this.joinable(policy);
    const records: FreshRecord[] = [];
    let bytes = joined?.bytes ?? 0;
    const countMax = policy.countMax - (joined?.count ?? 0);
    for (let i = 0; i < this.fresh.count && records.length < countMax; i += 1) {
      const record = this.fresh.at(i);
      if (records.length > 0 && bytes + record.bytes > policy.bytesMax) break;
      records.push(record);
      bytes += record.bytes;
    }
    assert(records.length > 0, 'a block has fresh records');
    return { joined, firstSequence: this.sealedEnd, records };
  }

  /** Replaces the oldest fresh records by their block; `release` gets their payloads. Returns the block. */
  seal({ count, hasJoined, storedBytes }: Sealed, release: (payload: number) => void): LogBlock {
    const joined = hasJoined ? this.blocks.pop() : undefined;
    if (joined !== undefined) this.forget(joined);
    const first = this.fresh.at(0);
    let { bytes, minTimeMs, maxTimeMs } = joined ?? { bytes: 0, minTimeMs: first.timeMs, maxTimeMs: first.timeMs };
    for (let i = 0; i < count; i += 1) {
      const record = this.fresh.at(i);
      bytes += record.bytes;
      minTimeMs = Math.min(minTimeMs, record.timeMs);
      maxTimeMs = Math.max(maxTimeMs, record.timeMs);
      release(record.payload);
    }
    const block: LogBlock = {
      firstSequence: joined?.firstSequence ?? this.sealedEnd,
      count: (joined?.count ?? 0) + count,
      bytes,
      storedBytes,
      firstAtMs: joined?.firstAtMs ?? first.atMs,
      lastAtMs: this.fresh.at(count - 1).atMs,
      minTimeMs,
      maxTimeMs,
    };
    this.fresh.dropOldest(count);
    this.add(block);
    return block;
  }

  /** Oldest blocks whose every record was appended before `beforeMs`, at most `countMax`. */
  expired(beforeMs: number, countMax: number): readonly LogBlock[] {
    let count = 0;
    while (count < countMax && (this.blocks[count]?.lastAtMs ?? beforeMs) < beforeMs) count += 1;
    return this.blocks.slice(0, count);
  }

  dropOldestBlocks(count: number): void {
    for (const block of this.blocks.splice(0, count)) this.forget(block);
  }

  /**
   * Blocks that hold what comes behind `after` in order of time, earliest first, and the time up to which they hold all of it: past that,
   * ask again. Reads sealed records only.
   */
  nextInTime(after: LogPlace, beforeTimeMs: number): { blocks: readonly LogBlock[]; beforeTimeMs: number } {
    const blocks: LogBlock[] = [];
    let ahead = 0;
    for (const block of this.inTime) {
      if (block.minTimeMs >= beforeTimeMs) break;
      if (block.maxTimeMs < after.timeMs) continue;
      if (block.minTimeMs > after.timeMs) {
        if (ahead === BLOCKS_AHEAD) return { blocks, beforeTimeMs: block.minTimeMs };
        ahead += 1;
      }
      blocks.push(block);
    }
    return { blocks, beforeTimeMs };
  }

  /** The block with the first sealed record behind `sequence`, and the one after it. */
  nextInSequence(sequence: number): readonly LogBlock[] {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.blocks[middle] as LogBlock;
      if (block.firstSequence + block.count <= sequence + 1) low = middle + 1;
      else high = middle;
    }
    return this.blocks.slice(low, low + 2);
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.nextSequence);
    writer.varint(this.blocks.length);
    for (const block of this.blocks) encodeIndex(writer, block);
    this.fresh.encode(writer);
  }

  restore(reader: ByteReader): void {
    this.nextSequence = reader.varint();
    for (let left = reader.varint(); left > 0; left -= 1) this.blocks.push(restoreIndex(reader));
    this.inTime = [...this.blocks].sort((a, b) => a.minTimeMs - b.minTimeMs);
    this.blockBytes = this.blocks.reduce((sum, block) => sum + block.bytes, 0);
    this.fresh.restore(reader);
  }

  private joinable({ bytesMax, countMax, spanMs }: BlockPolicy): LogBlock | undefined {
    const last = this.blocks[this.blocks.length - 1];
    if (last === undefined || last.bytes > bytesMax / 2 || last.count > countMax / 2) return undefined;
    return this.fresh.at(0).atMs - last.firstAtMs < spanMs ? last : undefined;
  }

  private add(block: LogBlock): void {
    this.blocks.push(block);
    this.blockBytes += block.bytes;
    let at = this.inTime.length;
    while (at > 0 && (this.inTime[at - 1] as LogBlock).minTimeMs > block.minTimeMs) at -= 1;
    this.inTime.splice(at, 0, block);
  }

  private forget(block: LogBlock): void {
    this.blockBytes -= block.bytes;
    this.inTime.splice(this.inTime.indexOf(block), 1);
  }
}

function encodeIndex(writer: ByteWriter, block: LogBlock): void {
  writer.varint(block.firstSequence);
  writer.varint(block.count);
  writer.varint(block.bytes);
  writer.varint(block.storedBytes);
  for (const ms of [block.firstAtMs, block.lastAtMs, block.minTimeMs, block.maxTimeMs]) writer.f64(ms);
}

function restoreIndex(reader: ByteReader): LogBlock {
  return {
    firstSequence: reader.varint(),
    count: reader.varint(),
    bytes: reader.varint(),
    storedBytes: reader.varint(),
    firstAtMs: reader.f64(),
    lastAtMs: reader.f64(),
    minTimeMs: reader.f64(),
    maxTimeMs: reader.f64(),
  };
}
