// Group commit: takes everything that was appended since the last write, writes and syncs it with one call,
// tells the listener once, and goes on while there is more. At most one group is in flight. A group lies in one segment;
// a new segment is begun (its head synced) before its first group and after everything before it is durable: recovery
// relies on both orders.
//
// The write ends with zeros up to the next page of the file, so that the kernel never has to read a page of a reused file
// from disk before it can change a part of it.
//
// Any error ends it for good: after a failed fsync the kernel may have dropped the dirty pages and would report the next
// fsync as good (the "fsyncgate" of PostgreSQL, 2018), so it is never tried again.

import { assertDefined } from '#base/assert.ts';
import type { Disk } from './disk.ts';
import { encodeBegun, fileOffset } from './segment-file.ts';
import type { SegmentPreparer } from './segment-preparer.ts';
import { Segment, type SegmentShelf } from './segment-shelf.ts';
import type { Chunk } from './tail-memory.ts';

const PAGE_BYTES = 4096;
const ZEROS = new Uint8Array(PAGE_BYTES);

/** A segment as appends see it: decided in memory, perhaps not begun on disk yet. */
export interface SegmentPlan {
  readonly start: number;
  readonly firstSequence: number;
  readonly salt: number;
}

/** A run of appended bytes that waits for the disk. */
export interface Piece {
  readonly plan: SegmentPlan;
  readonly chunk: Chunk;
  readonly from: number;
  to: number;
}

export interface GroupWriterInput {
  readonly disk: Disk;
  readonly shelf: SegmentShelf;
  readonly preparer: SegmentPreparer;
  /** The segment that recovery found open, with its file. */
  readonly current: { readonly plan: SegmentPlan; readonly segment: Segment } | undefined;
  /** All that was appended is taken: what is appended from now on belongs to the next group. */
  readonly onTaken: () => void;
  readonly onGroup: (durableEnd: number) => void;
  readonly onError: (error: Error) => void;
}

export class GroupWriter {
  private pending: Piece[] = [];
  private isRunning = false;
  private isScheduled = false;
  private hasFailed = false;
  private plan: SegmentPlan | undefined;
  private segment: Segment | undefined;
  private idleWaiters: (() => void)[] = [];

  constructor(private readonly input: GroupWriterInput) {
    this.plan = input.current?.plan;
    this.segment = input.current?.segment;
  }

  /** Adds freshly appended bytes: `count` bytes that end where the chunk is filled. */
  add(plan: SegmentPlan, chunk: Chunk, count: number): void {
    const last = this.pending.at(-1);
    if (last !== undefined && last.chunk === chunk && last.plan === plan) last.to = chunk.used;
    else this.pending.push({ plan, chunk, from: chunk.used - count, to: chunk.used });
    if (!this.isRunning && !this.isScheduled) this.schedule();
  }

  /** Resolves when nothing waits any more, also after a failure. */
  async idle(): Promise<void> {
    if (!this.isRunning && !this.isScheduled) return;
    await new Promise<void>((resolve) => {
      this.idleWaiters.push(resolve);
    });
  }

  /** Writes nothing more; what is in flight may still become durable. */
  stop(): void {
    this.hasFailed = true;
    this.pending = [];
  }

  /** After the input of this turn of the event loop: what arrives together goes together. */
  private schedule(): void {
    if (this.hasFailed) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.isRunning = true;
      void this.run();
    });
  }

  private async run(): Promise<void> {
    try {
      while (this.pending.length > 0 && !this.hasFailed) await this.writeGroup();
    } catch (error) {
      this.hasFailed = true;
      this.input.onError(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.isRunning = false;
      for (const resolve of this.idleWaiters.splice(0)) resolve();
    }
  }

  private async writeGroup(): Promise<void> {
    const pieces = this.takeGroup();
    const first = assertDefined(pieces[0], 'the first piece');
    const last = assertDefined(pieces.at(-1), 'the last piece');
    const { disk, preparer } = this.input;
    if (first.plan !== this.plan) await this.beginSegment(first.plan);
    const segment = assertDefined(this.segment, 'the segment that is written');
    const at = fileOffset(first.chunk.start + first.from, segment.start);
    const end = last.chunk.start + last.to;
    const buffers = pieces.map((piece) => piece.chunk.span.bytes.subarray(piece.from, piece.to));
    const overhang = fileOffset(end, segment.start) % PAGE_BYTES;
    if (overhang > 0) buffers.push(ZEROS.subarray(overhang));
    const fd = assertDefined(segment.fd, 'the file that is written');
    await disk.writeThrough(fd, buffers, at);
    segment.end = end;
    preparer.advance(end - segment.start);
    this.input.onGroup(end);
  }

  /** The pieces at the front that lie in one segment. */
  private takeGroup(): Piece[] {
    const { pending } = this;
    const plan = pending[0]?.plan;
    const other = pending.findIndex((piece) => piece.plan !== plan);
    if (other > 0) return pending.splice(0, other);
    this.pending = [];
    this.input.onTaken();
    return pending;
  }

  private async beginSegment(plan: SegmentPlan): Promise<void> {
    const { disk, shelf, preparer } = this.input;
    const { path, number } = await preparer.take();
    const segment = new Segment({ path, number, ...plan });
    segment.fd = await disk.open(path, 'through');
    const { bytes, at } = encodeBegun(plan);
    await disk.writeThrough(segment.fd, [bytes], at);
    const before = shelf.last;
    shelf.add(segment);
    if (before !== undefined) {
      before.isSealed = true;
      shelf.keepForReading(before);
    }
    this.plan = plan;
    this.segment = segment;
  }
}
