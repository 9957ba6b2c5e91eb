// Keeps the journal short and starting quick: takes snapshots, drops segments that nothing refers to any more, copies the
// few live payloads of a mostly dead segment forward.
//
// A segment is needed while it has a live payload, or a fact that the newest durable snapshot does not contain. Dead
// segments are kept for a while, up to `historyBytesMax`: explanations read them.

import type { ByteWriter } from '#base/bytes.ts';
import type { Engine, Position, SegmentInfo } from '#storage/journal.ts';
import { writeEntryHead } from './entry.ts';
import { PayloadMoved } from './kernel-facts.ts';
import type { Memory } from './memory.ts';
import type { PayloadId, PayloadLocation } from './payloads.ts';
import { takeSnapshot } from './snapshots.ts';

const SNAPSHOT_EVERY_BYTES = 256 * 1024 * 1024;
const HISTORY_BYTES_MAX = 256 * 1024 * 1024;
/** Copying forward pays when at most this share of a segment still lives. */
const COPY_FORWARD_LIVE_SHARE = 0.25;
/** Payload bytes per copied entry: bounds the turn. */
const COPY_FORWARD_BYTES = 1024 * 1024;

export interface HousekeepingOptions {
  /** A snapshot is taken when this many bytes were appended since the last one. */
  readonly snapshotEveryBytes?: number;
  /** Dead segments are kept for explanations until they amount to this. */
  readonly historyBytesMax?: number;
}

/** The cell, as far as its house is concerned. */
export interface KeptCell {
  readonly memory: Memory;
  readonly engine: Engine;
  readonly nowMs: number;
  whenIdle(): Promise<void>;
  whenWritten(position?: Position): Promise<void>;
  appendEntry(write: (writer: ByteWriter) => void, payloads: readonly Uint8Array[]): readonly Position[];
  fail(error: Error): void;
}

export class Housekeeping {
  private snapshotPosition = 0 as Position;
  private durableSnapshotPosition = 0 as Position;
  private running: Promise<void> | undefined;
  private isClosing = false;
  private readonly snapshotEveryBytes: number;
  private readonly historyBytesMax: number;

  constructor(
    private readonly cell: KeptCell,
    options: HousekeepingOptions,
  ) {
    this.snapshotEveryBytes = options.snapshotEveryBytes ?? SNAPSHOT_EVERY_BYTES;
    this.historyBytesMax = options.historyBytesMax ?? HISTORY_BYTES_MAX;
  }

  /** The state came from a snapshot at this position. */
  noteRestored(position: Position): void {
    this.snapshotPosition = position;
    this.durableSnapshotPosition = position;
  }

  noteAppended(end: Position): void {
    if (end - this.snapshotPosition < this.snapshotEveryBytes || this.running !== undefined || this.isClosing) return;
    // The entry of the running turn is appended, but its slots are settled only when the turn ends: start behind it.
    this.running = Promise.resolve()
      .then(() => this.run())
      .catch((error: unknown) => this.cell.fail(error as Error))
      .finally(() => {
        this.running = undefined;
      });
  }

  /** A snapshot now, then what it makes superfluous. */
  async run(): Promise<void> {
    await this.snapshot();
    await this.reclaim();
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.running;
    await this.cell.whenIdle();
    if (this.cell.engine.journal.end > this.durableSnapshotPosition) await this.snapshot();
  }

  private async snapshot(): Promise<void> {
    const { journal, snapshots } = this.cell.engine;
    const position = journal.end;
    this.snapshotPosition = position;
    const snapshot = takeSnapshot(this.cell.memory, this.cell.nowMs, position);
    try {
      // Not written before the journal is as far: it would hold what a crash could still take back.
      await this.cell.whenWritten(position);
      await snapshots.write(snapshot);
    } finally {
      snapshot.release();
    }
    this.durableSnapshotPosition = position;
  }

  private async reclaim(): Promise<void> {
    const { journal } = this.cell.engine;
    const segments = journal.segments();
    const live = this.cell.memory.payloads.liveBytesPer(segments.map((segment) => segment.start));
    let historyBytes = 0;
    // Newest first: the history that is kept is the most recent.
    for (let i = segments.length - 1; i >= 0; i -= 1) {
      const segment = segments[i] as SegmentInfo;
      if (!segment.sealed || segment.end > this.durableSnapshotPosition) continue;
      const bytes = segment.end - segment.start;
      const liveBytes = live[i] as number;
      const isHistory = historyBytes + bytes <= this.historyBytesMax;
      if (liveBytes === 0 && !isHistory) await journal.drop(segment.start);
      else if (liveBytes > 0 && !isHistory && liveBytes <= bytes * COPY_FORWARD_LIVE_SHARE)
        await this.copyForward(segment);
      else if (liveBytes === 0) historyBytes += bytes;
    }
  }

  /** The segment itself goes with the next reclamation, once a snapshot knows the new places. */
  private async copyForward(segment: SegmentInfo): Promise<void> {
    const { payloads } = this.cell.memory;
    let batch: { id: PayloadId; location: PayloadLocation }[] = [];
    let bytes = 0;
    for (const id of payloads.within(segment.start, segment.end)) {
      const location = payloads.locate(id);
      if (location === undefined) continue;
      batch.push({ id, location });
      bytes += location.length;
      if (bytes < COPY_FORWARD_BYTES) continue;
      await this.move(batch);
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) await this.move(batch);
  }

  private async move(batch: readonly { id: PayloadId; location: PayloadLocation }[]): Promise<void> {
    const { cell } = this;
    const { journal } = cell.engine;
    const read = await Promise.all(batch.map(({ location }) => journal.read(location.position, location.length)));
    // While reading, messages may have been deleted and slots reused: only what still lies where it lay is moved.
    const kept = batch.flatMap(({ id, location }, i) =>
      cell.memory.payloads.locate(id)?.position === location.position ? [{ id, bytes: read[i] as Uint8Array }] : [],
    );
    if (kept.length === 0) return;
    const positions = cell.appendEntry(
      (writer) => {
        writeEntryHead(writer, { nowMs: cell.nowMs, requestId: undefined, caller: 0 });
        for (const { id } of kept) PayloadMoved.write(writer, { payload: id });
      },
      kept.map(({ bytes }) => bytes),
    );
    for (const [i, { id }] of kept.entries()) cell.memory.payloads.place(id, positions[i] as Position);
  }
}
