// Snapshots as files, `snapshots/<position>.snapshot`, written aside and renamed; the last two are kept, so that a damaged
// newest one costs a longer replay and not the store. Layout (docs/internals/journal-format.md): head, the sections' bytes
// one after another, table of the sections with a checksum each, trailer that says where the table is. The table comes
// last because sections are taken and checksums made while writing, piece by piece: a snapshot of hundreds of megabytes
// must not hold up the event loop.

import { crc32 } from 'node:zlib';
import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { type Position, type Snapshot, type SnapshotStore, StorageCorruption, type TakenSnapshot } from '../journal.ts';
import { piecesOf } from '../snapshot-sections.ts';
import { type Append, readWhole, removeIfThere, removeUnfinished, writeAtomically } from './atomic-file.ts';
import type { Disk } from './disk.ts';

const MAGIC = 'EDDYSNAP';
const FORMAT_VERSION = 1;
const HEAD_BYTES = 40;
const TRAILER_BYTES = 24;
const GROUP_BYTES = 2 ** 19;
const KEPT = 2;
const NAME = /^(\d{16})\.snapshot$/;

export interface FileSnapshotsInput {
  readonly disk: Disk;
  readonly directory: string;
  readonly storeId: string;
  readonly report: (line: string) => void;
  /** False when entries from this position on were dropped. */
  readonly canReplayFrom: (position: number) => boolean;
  /** Called when older snapshots are gone. */
  readonly onWritten: () => Promise<void>;
}

export class FileSnapshots implements SnapshotStore {
  /** Ascending. */
  private positions: number[] = [];
  /** Those that turned out to be damaged: never counted on, removed with the next write. */
  private readonly damaged = new Set<number>();
  private writing: Promise<void> = Promise.resolve();

  private constructor(private readonly input: FileSnapshotsInput) {}

  static async open(input: FileSnapshotsInput): Promise<FileSnapshots> {
    const { disk, directory } = input;
    await disk.makeDirectory(directory);
    await removeUnfinished(disk, directory);
    const snapshots = new FileSnapshots(input);
    for (const name of await disk.list(directory)) {
      const match = NAME.exec(name);
      if (match !== null) snapshots.positions.push(Number(match[1]));
    }
    snapshots.positions.sort((a, b) => a - b);
    return snapshots;
  }

  /** The journal from here on may still be replayed: from the oldest kept snapshot, or from its beginning. */
  readonly neededFrom = (): number => {
    const { whole } = this;
    return whole.length < KEPT ? 0 : (whole[0] as number);
  };

  private get whole(): number[] {
    return this.positions.filter((position) => !this.damaged.has(position));
  }

  async latest(): Promise<Snapshot | undefined> {
    const problems: string[] = [];
    for (const position of [...this.positions].reverse()) {
      const path = this.path(position);
      const snapshot = await this.read(path, position);
      if (typeof snapshot === 'string') {
        this.damaged.add(position);
        problems.push(`${path} is damaged: ${snapshot}`);
        this.input.report(`${path} is damaged (${snapshot}); the snapshot before it is used`);
        continue;
      }
      if (this.input.canReplayFrom(position)) return snapshot;
      problems.push(`the journal that follows ${path} was dropped`);
    }
    if (problems.length > 0 && !this.input.canReplayFrom(0)) throw new StorageCorruption(problems.join('; '));
    return undefined;
  }

  write(snapshot: TakenSnapshot): Promise<void> {
    this.writing = this.writing.catch(() => undefined).then(() => this.writeNow(snapshot));
    return this.writing;
  }

  private path(position: number): string {
    return `${this.input.directory}/${position.toString().padStart(16, '0')}.snapshot`;
  }

  private async writeNow(snapshot: TakenSnapshot): Promise<void> {
    const { disk } = this.input;
    await writeAtomically(disk, this.path(snapshot.position), (append) => this.fill(snapshot, append));
    this.damaged.delete(snapshot.position);
    const whole = [...this.whole.filter((position) => position !== snapshot.position), snapshot.position];
    whole.sort((a, b) => a - b);
    const kept = whole.slice(-KEPT);
    for (const position of this.positions) {
      if (!kept.includes(position)) await removeIfThere(disk, this.path(position));
    }
    this.positions = kept;
    this.damaged.clear();
    await this.input.onWritten();
  }

  private async fill(snapshot: TakenSnapshot, append: Append): Promise<void> {
    await append([encodeHead(snapshot.position, this.input.storeId)]);
    let tableAt = HEAD_BYTES;
    const table = new ByteWriter();
    table.varint(snapshot.sections.size);
    for (const [name, bytes] of snapshot.sections) {
      let length = 0;
      let checksum = 0;
      for (const group of inGroups(piecesOf(bytes))) {
        for (const piece of group) {
          length += piece.length;
          checksum = crc32(piece, checksum);
        }
        await append(group);
      }
      table.text(name);
      table.varint(length);
      table.u32(checksum);
      tableAt += length;
    }
    const tableBytes = table.take();
    await append([tableBytes]);
    await append([encodeTrailer(tableAt, tableBytes)]);
  }

  /** The snapshot, or what is wrong with the file. */
  private async read(path: string, position: number): Promise<Snapshot | string> {
    const file = await readWhole(this.input.disk, path);
    if (file === undefined) return 'the file is gone';
    if (file.length < HEAD_BYTES + TRAILER_BYTES) return 'the file is cut short';
    const head = encodeHead(position, this.input.storeId);
    if (Buffer.compare(head, file.subarray(0, HEAD_BYTES)) !== 0) return 'its head is not the expected one';
    const trailer = Buffer.from(file.subarray(file.length - TRAILER_BYTES));
    const tableAt = trailer.readDoubleLE(0);
    if (!(tableAt >= HEAD_BYTES && tableAt <= file.length - TRAILER_BYTES)) return 'its trailer is not readable';
    const table = file.subarray(tableAt, file.length - TRAILER_BYTES);
    if (Buffer.compare(trailer, encodeTrailer(tableAt, table)) !== 0) return 'its table does not match its checksum';
    return readSections(file, table, position);
  }
}

/** What is checked and given to the disk in one turn. */
function* inGroups(pieces: Iterable<Uint8Array>): Generator<Uint8Array[]> {
  let group: Uint8Array[] = [];
  let bytes = 0;
  for (const whole of pieces) {
    for (let at = 0; at < whole.length; at += GROUP_BYTES) {
      const piece = whole.subarray(at, at + GROUP_BYTES);
      group.push(piece);
      bytes += piece.length;
      if (bytes < GROUP_BYTES) continue;
      yield group;
      group = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield group;
}

function readSections(file: Uint8Array, table: Uint8Array, position: number): Snapshot | string {
  const reader = new ByteReader(table);
  const sections = new Map<string, Uint8Array>();
  let at = HEAD_BYTES;
  for (let left = reader.varint(); left > 0; left -= 1) {
    const name = reader.text();
    const length = reader.varint();
    const checksum = reader.u32();
    const bytes = file.subarray(at, at + length);
    if (bytes.length !== length || crc32(bytes, 0) !== checksum) return `section ${name} does not match its checksum`;
    sections.set(name, bytes);
    at += length;
  }
  return { position: position as Position, sections };
}

function encodeHead(position: number, storeId: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(MAGIC, 0, 'latin1');
  head.writeUInt32LE(FORMAT_VERSION, 8);
  head.writeDoubleLE(position, 16);
  head.write(storeId, 24, 16, 'hex');
  return head;
}

function encodeTrailer(tableAt: number, table: Uint8Array): Buffer {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeDoubleLE(tableAt, 0);
  trailer.writeUInt32LE(table.length, 8);
  trailer.writeUInt32LE(crc32(trailer.subarray(0, 12), crc32(table, 0)), 12);
  trailer.write(MAGIC, 16, 'latin1');
  return trailer;
}
