// A journal on an imagined disk, for simulations: the same entry format as the file engine, no time, no randomness of its
// own. Nothing becomes durable until the simulation says so: `step` completes the group that is in flight and hands the
// next one to the disk; `sync` does so until nothing waits. The listener runs inside these calls.
//
// At a crash the group in flight is damaged sector by sector, as its seed decides: each sector has arrived or not. What was
// appended later was never handed over and is gone. What was durable stays. `survivor` is what recovery finds then.

import { assert, assertDefined } from '#base/assert.ts';
import type { SeededRandom } from '#base/random.ts';
import { crc32 } from '../format/crc32.ts';
import {
  checkEntryHead,
  checkPayloads,
  claimedEntryBytes,
  claimedSequence,
  decodeEntry,
  encodeEntry,
  entryBytes,
  makeSpan,
  PAYLOAD_HEAD_BYTES,
  payloadChecksum,
  type Span,
} from '../format/entry.ts';
import {
  type Appended,
  type Journal,
  type Position,
  type ReplayedEntry,
  type SegmentInfo,
  StorageCorruption,
} from '../journal.ts';

const SECTOR_BYTES = 512;

interface SimulatedSegment {
  readonly start: number;
  readonly firstSequence: number;
  readonly salt: number;
  span: Span;
  end: number;
}

/** A run of appended bytes in one segment. */
interface Group {
  readonly segment: SimulatedSegment;
  readonly from: number;
  to: number;
}

export class SimulatedJournal implements Journal {
  private kept: SimulatedSegment[] = [];
  private endPosition = 0;
  private durablePosition = 0;
  private droppedEnd = 0;
  private sequence = 1;
  private waiting: Group[] = [];
  private inFlight: Group | undefined;
  private willFailSync = false;
  private failure: Error | undefined;
  private isClosed = false;
  private durableListener: ((durableEnd: Position) => void) | undefined;
  private failureListener: ((error: Error) => void) | undefined;

  constructor(
    private readonly random: SeededRandom,
    private readonly segmentBytes: number,
  ) {}

  get end(): Position {
    return this.endPosition as Position;
  }

  get durableEnd(): Position {
    return this.durablePosition as Position;
  }

  /** Something appended is not durable yet. */
  get isBehind(): boolean {
    return this.failure === undefined && this.durablePosition < this.endPosition;
  }

  append(facts: Uint8Array, payloads: readonly Uint8Array[]): Appended {
    assert(!this.isClosed, 'the journal is open');
    if (this.failure !== undefined) throw this.failure;
    const byteCount = entryBytes(facts, payloads);
    const position = this.endPosition;
    const segment = this.segmentFor(position, byteCount);
    const group = this.groupFor(segment);
    const stamp = { position, sequence: this.sequence, groupStart: group.from, salt: segment.salt };
    const content = { facts, payloads, checksum: crc32 };
    const positions = encodeEntry(segment.span, position - segment.start, stamp, content);
    this.sequence += 1;
    this.endPosition = position + byteCount;
    segment.end = this.endPosition;
    group.to = this.endPosition;
    return { position: position as Position, end: this.end, payloads: positions };
  }

  private segmentFor(position: number, byteCount: number): SimulatedSegment {
    const last = this.kept.at(-1);
    const used = last === undefined ? 0 : position - last.start;
    if (last !== undefined && (used === 0 || used + byteCount <= this.segmentBytes)) {
      if (used + byteCount > last.span.bytes.length) last.span = copySpan(last.span, used, (used + byteCount) * 2);
      return last;
    }
    const segment: SimulatedSegment = {
      start: position,
      firstSequence: this.sequence,
      salt: this.random.u32(),
      span: makeSpan(Math.max(byteCount, 4096)),
      end: position,
    };
    this.kept.push(segment);
    return segment;
  }

  private groupFor(segment: SimulatedSegment): Group {
    const last = this.waiting.at(-1);
    if (last?.segment === segment) return last;
    const group: Group = { segment, from: this.endPosition, to: this.endPosition };
    this.waiting.push(group);
    return group;
  }

  onDurable(listener: (durableEnd: Position) => void): void {
    assert(this.durableListener === undefined, 'a journal has one listener');
    this.durableListener = listener;
  }

  onFailure(listener: (error: Error) => void): void {
    this.failureListener = listener;
    if (this.failure !== undefined) listener(this.failure);
  }

  /** Completes the group in flight, then hands the next one to the disk. False when nothing waits any more. */
  step(): boolean {
    if (this.failure !== undefined) return false;
    const done = this.inFlight;
    if (done !== undefined && this.willFailSync) {
      this.failure = new Error('simulated: EIO, fsync');
      this.failureListener?.(this.failure);
      return false;
    }
    this.inFlight = this.waiting.shift();
    if (done !== undefined) {
      this.durablePosition = done.to;
      this.durableListener?.(this.durableEnd);
    }
    return this.inFlight !== undefined || this.waiting.length > 0;
  }

  /** Makes everything durable that is appended, also what the listener appends meanwhile. */
  sync(): void {
    while (this.step());
  }

  /** The sync of the group in flight, or of the next one, fails. */
  failNextSync(): void {
    this.willFailSync = true;
  }

  read(position: Position, length: number): Uint8Array {
    const segment = this.kept.find(({ start, end }) => position >= start && position < end);
    if (segment === undefined) throw new StorageCorruption(`simulated, position ${position}: no segment contains it`);
    const at = position - segment.start;
    const from = at + PAYLOAD_HEAD_BYTES;
    const { bytes, words } = segment.span;
    const isGood =
      words[at / 4] === length &&
      from + length <= segment.end - segment.start &&
      words[at / 4 + 1] ===
        payloadChecksum(bytes.subarray(from, from + length), { position, salt: segment.salt }, crc32);
    if (!isGood) throw new StorageCorruption(`simulated, position ${position}: the payload does not match`);
    return bytes.slice(from, from + length);
  }

  replay(from: Position, visit: (entry: ReplayedEntry) => void): Promise<void> {
    if (from < this.droppedEnd || from > this.endPosition) {
      return Promise.reject(new StorageCorruption(`simulated, position ${from}: entries from here on are not there`));
    }
    for (const segment of this.kept) {
      for (let at = Math.max(from, segment.start); at < segment.end; ) {
        const offset = at - segment.start;
        const expected = { position: at, salt: segment.salt, limit: segment.end - segment.start, checksum: crc32 };
        const check = checkEntryHead(segment.span, offset, expected);
        if (check !== 'whole') {
          return Promise.reject(new StorageCorruption(`simulated, position ${at}: ${check}`));
        }
        visit(decodeEntry(segment.span, offset));
        at += claimedEntryBytes(segment.span, offset);
      }
    }
    return Promise.resolve();
  }

  segments(): readonly SegmentInfo[] {
    return this.kept.map(({ start, end }, index) => ({
      start: start as Position,
      end: end as Position,
      sealed: this.isSealed(index),
      name: `simulated-${start}`,
    }));
  }

  drop(segmentStart: Position): Promise<void> {
    const index = this.kept.findIndex((segment) => segment.start === segmentStart);
    assert(index >= 0, `a segment starts at ${segmentStart}`);
    assert(this.isSealed(index), 'only a sealed segment is dropped');
    const [segment] = this.kept.splice(index, 1);
    this.droppedEnd = Math.max(this.droppedEnd, assertDefined(segment, 'the dropped segment').end);
    return Promise.resolve();
  }

  async *scan(segmentStart: Position): AsyncIterable<ReplayedEntry> {
    const found = this.kept.find(({ start }) => start === segmentStart);
    const segment = assertDefined(found, `the segment that starts at ${segmentStart}`);
    const to = Math.min(segment.end, this.durablePosition);
    for (let at = segment.start; at < to; at += claimedEntryBytes(segment.span, at - segment.start)) {
      yield decodeEntry(segment.span, at - segment.start);
    }
  }

  close(): Promise<void> {
    this.sync();
    this.isClosed = true;
    return Promise.resolve();
  }

  /** What is on the disk after a crash now, recovered. This journal is not to be used any more. */
  survivor(): SimulatedJournal {
    const next = new SimulatedJournal(this.random, this.segmentBytes);
    next.droppedEnd = this.droppedEnd;
    next.kept = this.kept.filter((segment) => this.isBegun(segment)).map((segment) => this.surviving(segment));
    next.recover();
    return next;
  }

  /** The disk knows the segment: a group of it is durable or in flight. */
  private isBegun(segment: SimulatedSegment): boolean {
    return segment.start < this.durablePosition || segment === this.inFlight?.segment;
  }

  /** Everything in the segment is durable: the next one was begun only after that. */
  private isSealed(index: number): boolean {
    const next = this.kept[index + 1];
    return next !== undefined && this.isBegun(next);
  }

  private surviving(segment: SimulatedSegment): SimulatedSegment {
    const span = makeSpan(segment.span.bytes.length);
    const durableBytes = Math.max(0, Math.min(segment.end, this.durablePosition) - segment.start);
    span.bytes.set(segment.span.bytes.subarray(0, durableBytes));
    if (this.inFlight?.segment === segment) this.tear(segment, span, this.inFlight);
    return { ...segment, span };
  }

  private tear(segment: SimulatedSegment, span: Span, group: Group): void {
    const from = group.from - segment.start;
    const to = group.to - segment.start;
    for (let at = from; at < to; at = Math.floor(at / SECTOR_BYTES) * SECTOR_BYTES + SECTOR_BYTES) {
      const sectorEnd = Math.min(to, Math.floor(at / SECTOR_BYTES) * SECTOR_BYTES + SECTOR_BYTES);
      if (this.random.chance(0.5)) span.bytes.set(segment.span.bytes.subarray(at, sectorEnd), at);
    }
  }

  /** Finds the end, cuts a torn tail off and wipes it. */
  private recover(): void {
    const segment = this.kept.at(-1);
    if (segment === undefined) return;
    const { span, start, salt } = segment;
    let position = start;
    this.sequence = segment.firstSequence;
    for (;;) {
      const expected = { position, salt, limit: span.bytes.length, checksum: crc32 };
      const at = position - start;
      const isWhole = checkEntryHead(span, at, expected) === 'whole' && checkPayloads(span, at, expected) === 'whole';
      if (!isWhole || claimedSequence(span, at) !== this.sequence) break;
      position += claimedEntryBytes(span, at);
      this.sequence += 1;
    }
    span.bytes.fill(0, position - start);
    segment.end = position;
    this.endPosition = position;
    this.durablePosition = position;
  }
}

function copySpan(span: Span, used: number, byteCount: number): Span {
  const copy = makeSpan(byteCount);
  copy.bytes.set(span.bytes.subarray(0, used));
  return copy;
}
