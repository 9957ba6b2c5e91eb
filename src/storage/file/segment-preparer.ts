// Gets the next segment's file ready before it is needed, so that a group commit never waits for the file system to
// allocate: an fdatasync that must also commit metadata costs 60 % more (figures in docs/adr/0001-journal.md).
//
// A dropped segment's file is used again when there is one: its blocks are allocated and written already, so nothing has
// to be written twice. Otherwise zeros are written, in small synced pieces and only a little faster than the current
// segment fills: writing them as fast as the disk takes them multiplies the latency of the commits beside it by fifty.
//
// A file gets its number as its name only when it is complete. A full disk is noticed here, a whole segment before it
// would stop the journal; it is reported and tried again.

import { removeIfThere, UNFINISHED } from './atomic-file.ts';
import { type Disk, isOutOfSpace } from './disk.ts';
import type { PreparedFile } from './recovery.ts';
import { encodePrepared, SEGMENT_HEAD_BYTES, segmentName } from './segment-file.ts';

const PIECE_BYTES = 2 ** 20;
/** Shared: a fresh megabyte for each piece would keep the garbage collector busy. */
const ZEROS = new Uint8Array(PIECE_BYTES);
/** How far preparation runs ahead of the current segment's fill. */
const LEAD_BYTES = 4 * PIECE_BYTES;
const LEAD_FACTOR = 1.25;
/** Dropped segments come in batches, after a snapshot. */
const SPARES_MAX = 4;
const SPARE = /^spare-\d{12}\.segment$/;

export interface PreparerOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly storeId: string;
  readonly capacity: number;
  readonly report: (line: string) => void;
}

/** The first segment of a store is waited for at its start: a quarter is ready in a quarter of the time. Holds any entry. */
const FIRST_SEGMENT_BYTES = 16 * PIECE_BYTES;

interface InProgress {
  readonly fd: number;
  readonly path: string;
  readonly capacity: number;
  written: number;
}

export class SegmentPreparer {
  private ready: PreparedFile | undefined;
  private inProgress: InProgress | undefined;
  private step: Promise<void> | undefined;
  /** How many bytes of the next file should be written by now. */
  private goal = 0;
  private readonly spares: string[] = [];
  /** The disk had no room for the next segment at the last try. */
  isSpaceShort = false;
  private problem: unknown;

  constructor(
    private readonly options: PreparerOptions,
    private nextNumber: number,
  ) {}

  /** Takes over what an earlier process left. */
  async adopt(prepared: PreparedFile | undefined): Promise<void> {
    const { disk, directory } = this.options;
    // With another capacity than today's it is still good; the segment is just of another size.
    this.ready = prepared;
    for (const name of await disk.list(directory)) {
      if (!SPARE.test(name)) continue;
      if (this.spares.length < SPARES_MAX) this.spares.push(`${directory}/${name}`);
      else await removeIfThere(disk, `${directory}/${name}`);
    }
  }

  /** Works on in the background if it must; `used` bytes of the current segment are filled. */
  advance(used: number): void {
    this.goal = used * LEAD_FACTOR + LEAD_BYTES;
    if (this.step !== undefined || this.problem !== undefined || this.isAhead) return;
    this.step = this.workToGoal()
      .catch((error: unknown) => this.notePreparationProblem(error))
      .finally(() => {
        this.step = undefined;
      });
  }

  private get isAhead(): boolean {
    return this.ready !== undefined || (this.inProgress !== undefined && this.inProgress.written >= this.goal);
  }

  private async workToGoal(): Promise<void> {
    while (!this.isAhead) await this.work();
  }

  /** Finishes the next segment's file now. */
  async complete(): Promise<PreparedFile> {
    this.goal = Number.POSITIVE_INFINITY;
    await this.step;
    if (this.problem !== undefined) throw this.problem;
    while (this.ready === undefined) await this.work();
    return this.ready;
  }

  async take(): Promise<PreparedFile> {
    const file = await this.complete().catch(async (error: unknown) => {
      // The journal ends here; half a segment would take the room that the next start needs.
      if (isOutOfSpace(error)) await this.discard().catch(() => undefined);
      throw error;
    });
    this.ready = undefined;
    this.goal = 0;
    this.nextNumber += 1;
    return file;
  }

  /** A dropped segment's file, closed: kept to be used again, or removed. */
  async recycle(path: string): Promise<void> {
    const { disk, directory } = this.options;
    if (this.spares.length >= SPARES_MAX) return disk.remove(path);
    const spare = `${directory}/spare-${path.slice(path.lastIndexOf('/') + 1)}`;
    await disk.rename(path, spare);
    this.spares.push(spare);
  }

  async close(): Promise<void> {
    await this.step;
    if (this.inProgress !== undefined) await this.options.disk.close(this.inProgress.fd);
    this.inProgress = undefined;
  }

  private notePreparationProblem(error: unknown): void {
    if (!isOutOfSpace(error)) {
      // A disk that fails here would fail the next group too: the writer meets it when it asks for the file.
      this.problem = error;
      return;
    }
    if (!this.isSpaceShort) {
      this.options.report('no space is left for the next journal segment; it is needed when the current one is full');
    }
    this.isSpaceShort = true;
  }

  private async discard(): Promise<void> {
    const file = this.inProgress;
    if (file === undefined) return;
    this.inProgress = undefined;
    await this.options.disk.close(file.fd);
    await this.options.disk.remove(file.path);
  }

  /** One piece of work: a bounded write, or the finish. */
  private async work(): Promise<void> {
    this.inProgress ??= (await this.reuse()) ?? (await this.begin());
    const { disk } = this.options;
    const { fd, written, capacity } = this.inProgress;
    const total = SEGMENT_HEAD_BYTES + capacity;
    if (written < total) {
      const count = Math.min(PIECE_BYTES, total - written);
      await disk.write(fd, [ZEROS.subarray(0, count)], written);
      // Beside the first one nobody commits: it is synced once, at its end.
      if (this.nextNumber > 1) await disk.syncData(fd);
      this.inProgress.written += count;
    }
    if (this.inProgress.written >= total) await this.finish(this.inProgress);
    this.isSpaceShort = false;
  }

  private async begin(): Promise<InProgress> {
    const { disk, directory } = this.options;
    const isFirst = this.nextNumber === 1;
    const capacity = isFirst ? Math.min(this.options.capacity, FIRST_SEGMENT_BYTES) : this.options.capacity;
    const path = `${directory}/${segmentName(this.nextNumber)}${UNFINISHED}`;
    await removeIfThere(disk, path);
    return { fd: await disk.open(path, 'create'), path, capacity, written: 0 };
  }

  private async reuse(): Promise<InProgress | undefined> {
    const path = this.spares.pop();
    if (path === undefined) return undefined;
    const { disk, capacity } = this.options;
    const fd = await disk.open(path, 'write');
    // Zeros are appended only where the file is shorter than a segment of today's size.
    const written = Math.min(await disk.size(fd), SEGMENT_HEAD_BYTES + capacity);
    return { fd, path, capacity, written };
  }

  private async finish(file: InProgress): Promise<void> {
    const { disk, directory, storeId } = this.options;
    const { capacity } = file;
    const number = this.nextNumber;
    await disk.write(file.fd, [encodePrepared({ storeId, number, capacity })], 0);
    await disk.syncData(file.fd);
    await disk.close(file.fd);
    this.inProgress = undefined;
    const path = `${directory}/${segmentName(number)}`;
    await disk.rename(file.path, path);
    await disk.syncDirectory(directory);
    this.ready = { path, number };
  }
}
