// The journal of the file engine: a segmented append-only file with group commit. This class decides positions, encodes
// appends into the tail memory and answers the port; the parts do the rest: tail-memory.ts (buffer and cache),
// group-writer.ts (disk), segment-preparer.ts (next file), segment-shelf.ts (files for reading), recovery.ts (opening).
// The format is in docs/internals/journal-format.md, the reasons in docs/adr/0001-journal.md.

import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { assert, assertDefined } from '#base/assert.ts';
import { ENTRY_BYTES_MAX, encodeEntry, entryBytes } from '../format/entry.ts';
import type { Appended, Journal, Position, ReplayedEntry, SegmentInfo } from '../journal.ts';
import { removeUnfinished } from './atomic-file.ts';
import type { Disk } from './disk.ts';
import { DroppedRanges } from './dropped-ranges.ts';
import { DurableMark } from './durable-mark.ts';
import { GroupWriter, type SegmentPlan } from './group-writer.ts';
import { JournalReader } from './journal-reader.ts';
import { recover } from './recovery.ts';
import { SegmentPreparer } from './segment-preparer.ts';
import { SegmentReclaimer } from './segment-reclaimer.ts';
import { SegmentShelf } from './segment-shelf.ts';
import { TailMemory } from './tail-memory.ts';

export interface FileJournalOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly storeId: string;
  readonly segmentBytes: number;
  readonly cacheBytes: number;
  /** How long after a group the durable mark is noted. */
  readonly markAfterMs: number;
  /** One line for the operator. */
  readonly report: (line: string) => void;
}

export class FileJournal implements Journal {
  private readonly shelf: SegmentShelf;
  private readonly tail: TailMemory;
  private readonly writer: GroupWriter;
  private readonly reader: JournalReader;
  private readonly reclaimer: SegmentReclaimer;
  private plan: SegmentPlan | undefined;
  private endPosition: number;
  private durablePosition: number;
  private sequence: number;
  /** Where the group that is being gathered begins. */
  private groupStart: number;
  private durableListener: ((durableEnd: Position) => void) | undefined;
  private failureListener: ((error: Error) => void) | undefined;
  private failure: Error | undefined;
  private markTimer: NodeJS.Timeout | undefined;
  private marking: Promise<void> = Promise.resolve();
  private isClosed = false;

  private constructor(
    private readonly options: FileJournalOptions,
    private readonly parts: {
      readonly preparer: SegmentPreparer;
      readonly mark: DurableMark;
      readonly dropped: DroppedRanges;
      readonly shelf: SegmentShelf;
      readonly end: number;
      readonly sequence: number;
    },
  ) {
    const { shelf, preparer, end, sequence } = parts;
    this.shelf = shelf;
    this.endPosition = end;
    this.durablePosition = end;
    this.groupStart = end;
    this.sequence = sequence;
    this.tail = new TailMemory(options.cacheBytes, Math.ceil(options.cacheBytes / 64) * 8);
    this.reader = new JournalReader(options.disk, `${options.directory}/journal`, shelf);
    this.reclaimer = new SegmentReclaimer({ disk: options.disk, ...parts });
    const segment = shelf.last;
    if (segment !== undefined) {
      const { start, firstSequence, salt } = segment;
      this.plan = { start, firstSequence, salt };
    }
    this.writer = new GroupWriter({
      disk: options.disk,
      shelf,
      preparer,
      current: segment === undefined || this.plan === undefined ? undefined : { plan: this.plan, segment },
      onTaken: () => {
        this.groupStart = this.endPosition;
      },
      onGroup: (durableEnd) => this.noteDurable(durableEnd),
      onError: (error) => this.fail(error),
    });
  }

  static async open(options: FileJournalOptions): Promise<FileJournal> {
    const { disk, directory, storeId, report, segmentBytes } = options;
    const segmentDirectory = `${directory}/journal`;
    await disk.makeDirectory(segmentDirectory);
    await removeUnfinished(disk, directory);
    await removeUnfinished(disk, segmentDirectory);
    const dropped = await DroppedRanges.open(disk, `${directory}/dropped.json`);
    const mark = await DurableMark.open(disk, `${directory}/durable.mark`, storeId);
    const input = { disk, directory: segmentDirectory, storeId, dropped, mark: mark.found, report };
    const { segments, prepared, end, sequence, nextNumber } = await recover(input);
    const shelf = new SegmentShelf(disk);
    for (const segment of segments) shelf.add(segment);
    const { last } = shelf;
    if (last !== undefined) last.fd = await disk.open(last.path, 'through');
    const preparerOptions = { disk, directory: segmentDirectory, storeId, capacity: segmentBytes, report };
    const preparer = new SegmentPreparer(preparerOptions, nextNumber);
    await preparer.adopt(prepared);
    // The first append of a new store need not wait for its segment.
    if (last === undefined) await preparer.complete();
    // A note "closed in order" must not outlive the next write: it would hide the traces of a torn group.
    await mark.write({ position: end, isClosed: false }, { synced: true });
    await disk.syncDirectory(directory);
    return new FileJournal(options, { preparer, mark, dropped, shelf, end, sequence });
  }

  get end(): Position {
    return this.endPosition as Position;
  }

  get durableEnd(): Position {
    return this.durablePosition as Position;
  }

  /** True while the disk has no room for the next segment: the journal ends when the current one is full. */
  get isSpaceShort(): boolean {
    return this.parts.preparer.isSpaceShort;
  }

  append(facts: Uint8Array, payloads: readonly Uint8Array[]): Appended {
    assert(!this.isClosed, 'the journal is open');
    if (this.failure !== undefined) throw this.failure;
    const byteCount = entryBytes(facts, payloads);
    assert(byteCount <= ENTRY_BYTES_MAX, `an entry has at most ${ENTRY_BYTES_MAX} bytes`);
    const position = this.endPosition;
    const isNewRun = this.makeRoom(position, byteCount);
    const plan = assertDefined(this.plan, 'the segment to append to');
    const chunk = this.tail.reserve(position, byteCount, isNewRun);
    const stamp = { position, sequence: this.sequence, groupStart: this.groupStart, salt: plan.salt };
    const blocks = encodeEntry(chunk.span, chunk.used, stamp, { facts, payloads, checksum: crc32 });
    chunk.used += byteCount;
    this.sequence += 1;
    this.endPosition = position + byteCount;
    this.writer.add(plan, chunk, byteCount);
    return { position: position as Position, end: this.endPosition as Position, payloads: blocks };
  }

  /** Plans a new segment unless the entry fits; an entry larger than a segment gets one of its own. */
  private makeRoom(position: number, byteCount: number): boolean {
    const { plan } = this;
    if (plan !== undefined) {
      const used = position - plan.start;
      if (used === 0 || used + byteCount <= this.options.segmentBytes) return false;
    }
    this.plan = { start: position, firstSequence: this.sequence, salt: randomBytes(4).readUInt32LE() };
    this.groupStart = position;
    return true;
  }

  onDurable(listener: (durableEnd: Position) => void): void {
    assert(this.durableListener === undefined, 'a journal has one listener');
    this.durableListener = listener;
  }

  onFailure(listener: (error: Error) => void): void {
    this.failureListener = listener;
    if (this.failure !== undefined) listener(this.failure);
  }

  private noteDurable(durableEnd: number): void {
    this.durablePosition = durableEnd;
    this.tail.trim(durableEnd);
    this.markTimer ??= setTimeout(() => this.noteMark(), this.options.markAfterMs).unref();
    this.durableListener?.(durableEnd as Position);
  }

  private noteMark(): void {
    this.markTimer = undefined;
    const note = { position: this.durablePosition, isClosed: false };
    this.marking = this.parts.mark.write(note, { synced: false }).catch((error: unknown) => this.fail(error as Error));
  }

  /** Ends writing for a reason outside the journal: another process took the store over. */
  stop(error: Error): void {
    this.writer.stop();
    this.fail(error);
  }

  private fail(error: Error): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.failureListener?.(error);
  }

  read(position: Position, length: number): Uint8Array | Promise<Uint8Array> {
    const fresh = this.tail.readPayload(position);
    if (fresh === undefined) return this.reader.payload(position, length);
    if (fresh.length !== length) throw this.reader.misread(position, `${fresh.length} bytes are stored, not ${length}`);
    return fresh;
  }

  async replay(from: Position, visit: (entry: ReplayedEntry) => void): Promise<void> {
    if (!this.canReplayFrom(from)) {
      throw this.reader.misread(from, `entries from here on were dropped, up to position ${this.droppedEnd}`);
    }
    if (from > this.endPosition) {
      throw this.reader.misread(from, `the journal ends before it, at ${this.endPosition}: its newest part is missing`);
    }
    await this.reader.replay(from, visit);
  }

  segments(): readonly SegmentInfo[] {
    return this.shelf.segments.map((segment) => ({
      start: segment.start as Position,
      end: segment.end as Position,
      sealed: segment.isSealed,
      name: segment.name,
    }));
  }

  scan(segmentStart: Position): AsyncIterable<ReplayedEntry> {
    return this.reader.scan(segmentStart);
  }

  async drop(segmentStart: Position): Promise<void> {
    const segment = assertDefined(this.shelf.at(segmentStart), `the segment that starts at ${segmentStart}`);
    assert(segment.isSealed, 'only a sealed segment is dropped');
    await this.reclaimer.drop(segment);
  }

  /** True when nothing from this position on was dropped. */
  canReplayFrom(position: number): boolean {
    return this.droppedEnd <= position;
  }

  private get droppedEnd(): number {
    return Math.max(this.parts.dropped.end, this.reclaimer.waitingEnd);
  }

  /** Ties the space of dropped segments to the snapshots that are kept. */
  keepFor(snapshots: { readonly neededFrom: () => number }): void {
    this.reclaimer.neededFrom = snapshots.neededFrom;
  }

  /** The kept snapshots have changed. */
  reclaim(): Promise<void> {
    return this.reclaimer.release();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.writer.idle();
    await this.reclaimer.settled();
    clearTimeout(this.markTimer);
    await this.marking;
    const { mark, preparer } = this.parts;
    if (this.failure === undefined) {
      await mark.write({ position: this.durablePosition, isClosed: true }, { synced: true });
    }
    await mark.close();
    await preparer.close();
    for (const segment of this.shelf.segments) {
      await this.shelf.unread(segment);
      await this.shelf.closeFile(segment);
    }
  }
}
