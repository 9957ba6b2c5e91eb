// A disk in memory that loses power. It keeps apart what was written and what was synced, for the bytes of files (by
// sector) and for the names in directories (by operation). `cutAfter` stops the power after so many operations: everything
// asked for later never answers. `afterPowerCut` is the disk as the next boot finds it: synced bytes are there; of the
// others each sector has arrived or not; of the unsynced names a prefix.

import type { SeededRandom } from '#base/random.ts';
import type { Disk } from '../disk.ts';

const SECTOR_BYTES = 512;

class StoredFile {
  bytes = new Uint8Array(0);
  durable = new Uint8Array(0);
  private readonly dirty = new Set<number>();

  write(at: number, bytes: Uint8Array): void {
    const end = at + bytes.length;
    if (end > this.bytes.length) this.bytes = grown(this.bytes, end);
    this.bytes.set(bytes, at);
    for (let sector = Math.floor(at / SECTOR_BYTES); sector * SECTOR_BYTES < end; sector += 1) this.dirty.add(sector);
  }

  sync(): void {
    if (this.durable.length < this.bytes.length) this.durable = grown(this.durable, this.bytes.length);
    for (const sector of this.dirty) this.copySector(sector, this.durable);
    this.dirty.clear();
  }

  afterPowerCut(random: SeededRandom): StoredFile {
    const next = new StoredFile();
    const isLengthKept = random.chance(0.5);
    next.durable = grown(this.durable, isLengthKept ? this.bytes.length : this.durable.length);
    for (const sector of this.dirty) if (random.chance(0.5)) this.copySector(sector, next.durable);
    next.bytes = next.durable.slice();
    return next;
  }

  private copySector(sector: number, to: Uint8Array): void {
    const at = sector * SECTOR_BYTES;
    if (at < to.length) to.set(this.bytes.subarray(at, Math.min(at + SECTOR_BYTES, to.length)), at);
  }
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(length);
  next.set(bytes);
  return next;
}

type Names = Map<string, StoredFile>;

export class PowerCutDisk implements Disk {
  operations = 0;
  private names: Names = new Map();
  private durableNames: Names = new Map();
  private unsynced: { readonly directory: string; readonly change: (names: Names) => void }[] = [];
  private readonly descriptors = new Map<number, StoredFile>();
  private nextDescriptor = 1;
  private operationsMax = Number.POSITIVE_INFINITY;

  constructor(private readonly random: SeededRandom) {}

  /** The power goes after so many operations more. */
  cutAfter(operations: number): void {
    this.operationsMax = this.operations + operations;
  }

  get isOff(): boolean {
    return this.operations > this.operationsMax;
  }

  afterPowerCut(): PowerCutDisk {
    const next = new PowerCutDisk(this.random);
    const names: Names = new Map(this.durableNames);
    for (const { change } of this.unsynced.slice(0, this.random.below(this.unsynced.length + 1))) change(names);
    for (const [path, file] of names) next.names.set(path, file.afterPowerCut(this.random));
    next.durableNames = new Map(next.names);
    return next;
  }

  /** The disk as another process sees it after kill -9: everything written is there. */
  afterKill(): PowerCutDisk {
    const next = new PowerCutDisk(this.random);
    for (const [path, { bytes }] of this.names) {
      const file = new StoredFile();
      file.bytes = bytes.slice();
      file.durable = bytes.slice();
      next.names.set(path, file);
    }
    next.durableNames = new Map(next.names);
    return next;
  }

  /** For tests that do damage: all paths, the bytes of one file, a file put in place or taken away behind the store's back. */
  get paths(): string[] {
    return [...this.names.keys()].sort();
  }

  bytesOf(path: string): Uint8Array {
    const file = this.names.get(path);
    if (file === undefined) throw systemError('ENOENT', path);
    return file.bytes;
  }

  put(path: string, bytes: Uint8Array): void {
    const file = new StoredFile();
    file.bytes = grown(bytes, bytes.length);
    this.names.set(path, file);
  }

  takeAway(path: string): void {
    this.names.delete(path);
  }

  private async operate(): Promise<void> {
    // What follows in the caller happens at once: an operation takes effect entirely before the power goes, or never.
    await undefined;
    this.operations += 1;
    if (this.isOff) await new Promise<never>(() => undefined);
  }

  async open(path: string, mode: 'read' | 'write' | 'create' | 'through'): Promise<number> {
    await this.operate();
    if (mode === 'create') {
      if (this.names.has(path)) throw systemError('EEXIST', path);
      const file = new StoredFile();
      this.changeNames(path, (names) => names.set(path, file));
    }
    const file = this.names.get(path);
    if (file === undefined) throw systemError('ENOENT', path);
    const fd = this.nextDescriptor;
    this.nextDescriptor += 1;
    this.descriptors.set(fd, file);
    return fd;
  }

  async close(fd: number): Promise<void> {
    await this.operate();
    if (!this.descriptors.delete(fd)) throw systemError('EBADF', String(fd));
  }

  async size(fd: number): Promise<number> {
    await this.operate();
    return this.file(fd).bytes.length;
  }

  async read(fd: number, buffer: Uint8Array, at: number): Promise<number> {
    await this.operate();
    const bytes = this.file(fd).bytes.subarray(at, at + buffer.length);
    buffer.set(bytes);
    return bytes.length;
  }

  async write(fd: number, buffers: readonly Uint8Array[], at: number): Promise<void> {
    const file = this.file(fd);
    let position = at;
    for (const bytes of buffers) {
      // Power may go inside a write: part of it is in the cache of the disk then.
      await this.operate();
      file.write(position, bytes);
      position += bytes.length;
    }
  }

  async writeThrough(fd: number, buffers: readonly Uint8Array[], at: number): Promise<void> {
    await this.write(fd, buffers, at);
    await this.syncData(fd);
  }

  async syncData(fd: number): Promise<void> {
    await this.operate();
    this.file(fd).sync();
  }

  async syncDirectory(path: string): Promise<void> {
    await this.operate();
    for (const { directory, change } of this.unsynced) if (directory === path) change(this.durableNames);
    this.unsynced = this.unsynced.filter(({ directory }) => directory !== path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.operate();
    const file = this.names.get(from);
    if (file === undefined) throw systemError('ENOENT', from);
    this.changeNames(to, (names) => {
      names.delete(from);
      names.set(to, file);
    });
  }

  async remove(path: string): Promise<void> {
    await this.operate();
    if (!this.names.has(path)) throw systemError('ENOENT', path);
    this.changeNames(path, (names) => names.delete(path));
  }

  async list(path: string): Promise<string[]> {
    await this.operate();
    const within = [...this.names.keys()].filter((name) => name.slice(0, name.lastIndexOf('/')) === path);
    return within.map((name) => name.slice(path.length + 1));
  }

  makeDirectory(): Promise<void> {
    return this.operate();
  }

  private changeNames(path: string, change: (names: Names) => void): void {
    change(this.names);
    this.unsynced.push({ directory: path.slice(0, path.lastIndexOf('/')), change });
  }

  private file(fd: number): StoredFile {
    const file = this.descriptors.get(fd);
    if (file === undefined) throw systemError('EBADF', String(fd));
    return file;
  }
}

function systemError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
