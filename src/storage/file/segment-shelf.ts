// The segments that exist, in order, and the files behind them: finds the one a position is in, opens it for reading when
// first asked, keeps a bounded number open, and never closes a file under a read that is on its way.

import { assert } from '#base/assert.ts';
import type { Disk } from './disk.ts';

const OPEN_FILES_MAX = 128;

export interface SegmentIdentity {
  readonly path: string;
  readonly number: number;
  readonly salt: number;
  readonly start: number;
  readonly firstSequence: number;
}

export class Segment {
  fd: number | undefined;
  /** The opening that is under way, so that two reads share it. */
  opening: Promise<number> | undefined;
  /** Reads under way. */
  readers = 0;
  /** Called when the last reader has left; set by whoever wants the file gone. */
  whenUnread: (() => void) | undefined;
  /** Position after the last entry; grows in the segment that is written. */
  end: number;
  isSealed = false;
  readonly path: string;
  readonly number: number;
  readonly salt: number;
  readonly start: number;
  readonly firstSequence: number;

  constructor(identity: SegmentIdentity) {
    this.path = identity.path;
    this.number = identity.number;
    this.salt = identity.salt;
    this.start = identity.start;
    this.firstSequence = identity.firstSequence;
    this.end = identity.start;
  }

  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }
}

export class SegmentShelf {
  /** Ascending by start. */
  readonly segments: Segment[] = [];
  /** Sealed segments with an open file, least recently used first. */
  private readonly open = new Set<Segment>();

  constructor(private readonly disk: Disk) {}

  get last(): Segment | undefined {
    return this.segments.at(-1);
  }

  add(segment: Segment): void {
    const { last } = this;
    assert(last === undefined || last.start <= segment.start, 'segments are added in order');
    this.segments.push(segment);
  }

  /** The segment whose entries contain the position. */
  find(position: number): Segment | undefined {
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.segments[middle] as Segment).start <= position) low = middle + 1;
      else high = middle;
    }
    const segment = this.segments[low - 1];
    return segment !== undefined && position < segment.end ? segment : undefined;
  }

  at(start: number): Segment | undefined {
    return this.segments.find((segment) => segment.start === start);
  }

  /** Takes the segment off the shelf; its file stays until it is disposed of. */
  takeOff(segment: Segment): void {
    const index = this.segments.indexOf(segment);
    assert(index >= 0, 'a segment that is taken off was on the shelf');
    this.segments.splice(index, 1);
  }

  /** Runs `use` with the open file; the file stays open until it settles. */
  async reading<T>(segment: Segment, use: (fd: number) => Promise<T>): Promise<T> {
    this.enter(segment);
    try {
      return await use(await this.descriptor(segment));
    } finally {
      this.leave(segment);
    }
  }

  /** For readers that stay longer than one call: pair with {@link leave}. */
  enter(segment: Segment): void {
    segment.readers += 1;
  }

  leave(segment: Segment): void {
    segment.readers -= 1;
    if (segment.readers === 0) segment.whenUnread?.();
  }

  async descriptor(segment: Segment): Promise<number> {
    assert(segment.readers > 0, 'a file is opened for somebody');
    if (segment.fd === undefined) {
      segment.opening ??= this.openFile(segment);
      return segment.opening;
    }
    if (this.open.delete(segment)) this.open.add(segment);
    return segment.fd;
  }

  private async openFile(segment: Segment): Promise<number> {
    try {
      const fd = await this.disk.open(segment.path, 'read');
      segment.fd = fd;
      this.open.add(segment);
      await this.closeUnused();
      return fd;
    } finally {
      segment.opening = undefined;
    }
  }

  /** Hands the written file over for reading: from here on it may be closed like any other. */
  keepForReading(segment: Segment): void {
    this.open.add(segment);
  }

  async closeFile(segment: Segment): Promise<void> {
    const { fd } = segment;
    this.open.delete(segment);
    segment.fd = undefined;
    if (fd !== undefined) await this.disk.close(fd);
  }

  /** Resolves when nobody reads the segment any more. */
  async unread(segment: Segment): Promise<void> {
    if (segment.readers === 0) return;
    await new Promise<void>((resolve) => {
      segment.whenUnread = resolve;
    });
  }

  private async closeUnused(): Promise<void> {
    for (const segment of this.open) {
      if (this.open.size <= OPEN_FILES_MAX) return;
      if (segment.readers === 0) await this.closeFile(segment);
    }
  }
}
