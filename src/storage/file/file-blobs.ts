// Blobs as files in one directory. A name never becomes a path: it may hold slashes, dots or anything else, and the file is called by its
// SHA-256. Only names of one strict form, `word/uuid`, are spelled out (`word.uuid.blob`), so that a hundred thousand of them are listed
// without opening a file.

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { HeldNames } from '../held-names.ts';
import { type BlobReader, type BlobStore, type BlobWriter, StorageCorruption } from '../journal.ts';
import { removeIfThere, removeUnfinished, writeAtomically } from './atomic-file.ts';
import { type BlobHead, decodeHead, encodeWholeHead, HEAD_BYTES, NAME_BYTES_MAX } from './blob-format.ts';
import { openBlob } from './blob-reader.ts';
import { FileBlobWriter } from './blob-writer.ts';
import { type Disk, isMissing } from './disk.ts';
import { leavingOneThread } from './shared-threads.ts';

const SUFFIX = '.blob';
const CHECKED_BYTES = 2 ** 20;
const SPELLED_NAME = /^([a-z0-9]{1,16})\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const SPELLED_FILE = /^([a-z0-9]{1,16})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.blob$/;

export class FileBlobs implements BlobStore {
  readonly makesCrc32 = true;

  private readonly held = new HeldNames((name) => {
    // What cannot be removed now is found unused at the next start.
    this.remove(name).catch(() => undefined);
  });

  private constructor(
    private readonly disk: Disk,
    private readonly directory: string,
  ) {}

  static async open(disk: Disk, directory: string): Promise<FileBlobs> {
    await disk.makeDirectory(directory);
    await removeUnfinished(disk, directory);
    return new FileBlobs(leavingOneThread(disk), directory);
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    this.held.stays(name);
    let checksum = 0;
    for (let at = 0; at < bytes.length; at += CHECKED_BYTES) {
      checksum = crc32(bytes.subarray(at, at + CHECKED_BYTES), checksum);
    }
    await writeAtomically(this.disk, this.path(name), async (append) => {
      await append([encodeWholeHead(name, bytes.length, checksum), bytes]);
    });
  }

  async get(name: string, memory?: Uint8Array): Promise<Uint8Array | undefined> {
    const reader = await openBlob(this.disk, { path: this.path(name), name, memory });
    if (reader === undefined) return undefined;
    try {
      return await reader.read(0, reader.bytes, memory);
    } finally {
      await reader.close();
    }
  }

  async delete(name: string): Promise<void> {
    if (!this.held.defers(name)) await this.remove(name);
  }

  private async remove(name: string): Promise<void> {
    await removeIfThere(this.disk, this.path(name));
    await this.disk.syncDirectory(this.directory);
  }

  hold(names: readonly string[]): () => void {
    return this.held.hold(names);
  }

  write(name: string): Promise<BlobWriter> {
    this.held.stays(name);
    return FileBlobWriter.begin({ disk: this.disk, directory: this.directory, path: this.path(name) }, name);
  }

  open(name: string): Promise<BlobReader | undefined> {
    return openBlob(this.disk, { path: this.path(name), name });
  }

  async names(prefix = ''): Promise<readonly string[]> {
    const names: string[] = [];
    for (const file of await this.disk.list(this.directory)) {
      if (!file.endsWith(SUFFIX)) continue;
      const spelled = SPELLED_FILE.exec(file);
      const name = spelled === null ? await this.nameInHead(file) : `${spelled[1]}/${spelled[2]}`;
      if (name?.startsWith(prefix)) names.push(name);
    }
    return names.sort();
  }

  private path(name: string): string {
    const spelled = SPELLED_NAME.exec(name);
    const file =
      spelled === null
        ? createHash('sha256').update(name).digest('hex')
        : `${spelled[1] as string}.${spelled[2] as string}`;
    return `${this.directory}/${file}${SUFFIX}`;
  }

  private async nameInHead(file: string): Promise<string | undefined> {
    const path = `${this.directory}/${file}`;
    const head = await this.readHead(path);
    if (head === 'gone') return undefined;
    if (head === undefined || this.path(head.name) !== path) {
      throw new StorageCorruption(`${path} is damaged: its head does not hold the name it is filed under`);
    }
    return head.name;
  }

  private async readHead(path: string): Promise<BlobHead | undefined | 'gone'> {
    let fd: number;
    try {
      fd = await this.disk.open(path, 'read');
    } catch (error) {
      if (isMissing(error)) return 'gone';
      throw error;
    }
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      await this.disk.read(fd, head, 0);
      const nameBytes = Math.min(head.readUInt32LE(16), NAME_BYTES_MAX);
      const whole = Buffer.alloc(HEAD_BYTES + nameBytes);
      await this.disk.read(fd, whole, 0);
      return decodeHead(whole);
    } finally {
      await this.disk.close(fd);
    }
  }
}
