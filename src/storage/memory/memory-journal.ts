// A journal that lives as long as its process: for `--ephemeral` and for tests. Positions and segments are those that the
// file engine would have made. "Durable" means appended; it is announced asynchronously, through the given scheduler,
// because callers of other engines may rely on `append` returning before the listener runs.

import { assert, assertDefined } from '#base/assert.ts';
import { ENTRY_HEAD_BYTES, entryBytes, PAYLOAD_HEAD_BYTES } from '../format/entry.ts';
import {
  type Appended,
  type Journal,
  type Position,
  type ReplayedEntry,
  type SegmentInfo,
  StorageCorruption,
} from '../journal.ts';

/** Runs the task soon, but not before the current call has returned. */
export type Scheduler = (task: () => void) => void;

interface MemorySegment {
  readonly start: Position;
  end: Position;
  readonly entries: ReplayedEntry[];
}

export class MemoryJournal implements Journal {
  private readonly kept: MemorySegment[] = [];
  private readonly payloads = new Map<number, Uint8Array>();
  private endPosition = 0;
  private durablePosition = 0;
  private droppedEnd = 0;
  private isAnnouncing = false;
  private isClosed = false;
  private listener: ((durableEnd: Position) => void) | undefined;

  constructor(
    private readonly schedule: Scheduler,
    private readonly segmentBytes: number,
  ) {}

  get end(): Position {
    return this.endPosition as Position;
  }

  get durableEnd(): Position {
    return this.durablePosition as Position;
  }

  append(facts: Uint8Array, payloads: readonly Uint8Array[]): Appended {
    assert(!this.isClosed, 'the journal is open');
    const byteCount = entryBytes(facts, payloads);
    const position = this.end;
    const end = (position + byteCount) as Position;
    const segment = this.segmentFor(position, byteCount);
    const positions: Position[] = [];
    const payloadBytes: Uint8Array[] = [];
    let at = position + ENTRY_HEAD_BYTES + entryBytes(facts, []) - entryBytes(new Uint8Array(0), []);
    for (const payload of payloads) {
      const bytes = payload.slice();
      positions.push(at as Position);
      payloadBytes.push(bytes);
      this.payloads.set(at, bytes);
      at += entryBytes(payload, []) - ENTRY_HEAD_BYTES + PAYLOAD_HEAD_BYTES;
    }
    assert(at === end, 'the payloads end where the entry ends');
    segment.entries.push({ position, end, payloads: positions, facts: facts.slice(), payloadBytes });
    segment.end = end;
    this.endPosition = end;
    this.announce();
    return { position, end, payloads: positions };
  }

  private segmentFor(position: Position, byteCount: number): MemorySegment {
    const last = this.kept.at(-1);
    if (last !== undefined && (last.end === last.start || last.end - last.start + byteCount <= this.segmentBytes)) {
      return last;
    }
    const segment: MemorySegment = { start: position, end: position, entries: [] };
    this.kept.push(segment);
    return segment;
  }

  private announce(): void {
    if (this.isAnnouncing) return;
    this.isAnnouncing = true;
    this.schedule(() => {
      this.isAnnouncing = false;
      this.durablePosition = this.endPosition;
      this.listener?.(this.durableEnd);
    });
  }

  onDurable(listener: (durableEnd: Position) => void): void {
    assert(this.listener === undefined, 'a journal has one listener');
    this.listener = listener;
  }

  /** Memory does not fail. */
  onFailure(_listener: (error: Error) => void): void {}

  read(position: Position, length: number): Uint8Array {
    const bytes = this.payloads.get(position);
    if (bytes === undefined) throw new StorageCorruption(`memory, position ${position}: no payload begins here`);
    if (bytes.length !== length) {
      throw new StorageCorruption(`memory, position ${position}: ${bytes.length} bytes are stored, not ${length}`);
    }
    return bytes.slice();
  }

  replay(from: Position, visit: (entry: ReplayedEntry) => void): Promise<void> {
    if (from < this.droppedEnd || from > this.endPosition) {
      return Promise.reject(new StorageCorruption(`memory, position ${from}: entries from here on are not there`));
    }
    for (const segment of this.kept) {
      for (const entry of segment.entries) if (entry.position >= from) visit(entry);
    }
    return Promise.resolve();
  }

  segments(): readonly SegmentInfo[] {
    return this.kept.map(({ start, end }, index) => ({
      start,
      end,
      sealed: index < this.kept.length - 1,
      name: `memory-${start}`,
    }));
  }

  drop(segmentStart: Position): Promise<void> {
    const index = this.kept.findIndex((segment) => segment.start === segmentStart);
    assert(index >= 0, `a segment starts at ${segmentStart}`);
    assert(index < this.kept.length - 1, 'only a sealed segment is dropped');
    const [segment] = this.kept.splice(index, 1);
    const { entries, end } = assertDefined(segment, 'the dropped segment');
    for (const entry of entries) for (const position of entry.payloads) this.payloads.delete(position);
    this.droppedEnd = Math.max(this.droppedEnd, end);
    return Promise.resolve();
  }

  async *scan(segmentStart: Position): AsyncIterable<ReplayedEntry> {
    const segment = this.kept.find(({ start }) => start === segmentStart);
    const { entries } = assertDefined(segment, `the segment that starts at ${segmentStart}`);
    const { durablePosition } = this;
    for (const entry of entries) if (entry.end <= durablePosition) yield entry;
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}
