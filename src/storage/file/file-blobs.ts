// Blobs as files, `blobs/<SHA-256 of the name>.blob`. A name never becomes a path: it may hold slashes, dots or anything
// else. The file begins with a head that holds the name and a checksum of name and bytes.

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type BlobStore, StorageCorruption } from '../journal.ts';
import { readWhole, removeIfThere, removeUnfinished, writeAtomically } from './atomic-file.ts';
import { type Disk, isMissing } from './disk.ts';

const MAGIC = 'EDDYBLOB';
const FORMAT_VERSION = 1;
/** Magic 8, version 4, checksum of the head and the name 4, name bytes 4, checksum of the content 4, content bytes 8. */
const HEAD_BYTES = 32;
const PIECE_BYTES = 2 ** 20;
const SUFFIX = '.blob';

interface BlobHead {
  readonly name: string;
  readonly contentAt: number;
  readonly contentBytes: number;
  readonly contentChecksum: number;
}

export class FileBlobs implements BlobStore {
  private constructor(
    private readonly disk: Disk,
    private readonly directory: string,
  ) {}

  static async open(disk: Disk, directory: string): Promise<FileBlobs> {
    await disk.makeDirectory(directory);
    await removeUnfinished(disk, directory);
    return new FileBlobs(disk, directory);
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    let checksum = 0;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      checksum = crc32(bytes.subarray(at, at + PIECE_BYTES), checksum);
    }
    await writeAtomically(this.disk, this.path(name), async (append) => {
      await append(encodeHead(name, bytes.length, checksum));
      await append(bytes);
    });
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const path = this.path(name);
    const file = await readWhole(this.disk, path);
    if (file === undefined) return undefined;
    const head = decodeHead(file);
    if (head?.name !== name) throw new StorageCorruption(`${path} is damaged: its head is not the one of "${name}"`);
    const bytes = file.subarray(head.contentAt);
    if (bytes.length !== head.contentBytes || crc32(bytes, 0) !== head.contentChecksum) {
      throw new StorageCorruption(`${path} is damaged: the bytes of "${name}" do not match their checksum`);
    }
    return bytes;
  }

  async delete(name: string): Promise<void> {
    await removeIfThere(this.disk, this.path(name));
    await this.disk.syncDirectory(this.directory);
  }

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for (const file of await this.disk.list(this.directory)) {
      if (!file.endsWith(SUFFIX)) continue;
      const path = `${this.directory}/${file}`;
      const head = await this.readHead(path);
      if (head === 'gone') continue;
      if (head === undefined || this.path(head.name) !== path) {
        throw new StorageCorruption(`${path} is damaged: its head does not hold the name it is filed under`);
      }
      names.push(head.name);
    }
    return names.sort();
  }

  private path(name: string): string {
    return `${this.directory}/${createHash('sha256').update(name).digest('hex')}${SUFFIX}`;
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
      const nameBytes = Math.min(head.readUInt32LE(16), PIECE_BYTES);
      const whole = Buffer.alloc(HEAD_BYTES + nameBytes);
      await this.disk.read(fd, whole, 0);
      return decodeHead(whole);
    } finally {
      await this.disk.close(fd);
    }
  }
}

function encodeHead(name: string, contentBytes: number, contentChecksum: number): Buffer {
  const nameBytes = Buffer.from(name);
  const head = Buffer.alloc(HEAD_BYTES + nameBytes.length);
  head.write(MAGIC, 0, 'latin1');
  head.writeUInt32LE(FORMAT_VERSION, 8);
  head.writeUInt32LE(nameBytes.length, 16);
  head.writeUInt32LE(contentChecksum, 20);
  head.writeDoubleLE(contentBytes, 24);
  head.set(nameBytes, HEAD_BYTES);
  head.writeUInt32LE(headChecksum(head), 12);
  return head;
}

function decodeHead(file: Uint8Array): BlobHead | undefined {
  if (file.length < HEAD_BYTES) return undefined;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const contentAt = HEAD_BYTES + bytes.readUInt32LE(16);
  if (bytes.toString('latin1', 0, 8) !== MAGIC || contentAt > bytes.length) return undefined;
  const head = bytes.subarray(0, contentAt);
  if (head.readUInt32LE(12) !== headChecksum(head)) return undefined;
  return {
    name: head.toString('utf8', HEAD_BYTES),
    contentAt,
    contentBytes: head.readDoubleLE(24),
    contentChecksum: head.readUInt32LE(20),
  };
}

function headChecksum(head: Buffer): number {
  return crc32(head.subarray(16), crc32(head.subarray(0, 12), 0));
}
