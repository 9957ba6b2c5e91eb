// Reads ranges of a blob, verified. A reader keeps its file open: a name that is deleted meanwhile takes nothing away.

import { crc32 } from 'node:zlib';
import { assert } from '#base/assert.ts';
import { type BlobReader, StorageCorruption } from '../journal.ts';
import {
  type BlobHead,
  contentBytesOf,
  decodeEnd,
  decodeHead,
  endBytesOf,
  FOOT_BYTES,
  HEAD_BYTES,
  PIECE_BYTES,
} from './blob-format.ts';
import { type Disk, isMissing } from './disk.ts';

export interface OpenedFile {
  readonly disk: Disk;
  readonly path: string;
  readonly fd: number;
}

export interface WantedBlob {
  readonly path: string;
  readonly name: string;
  /** For what is read when a blob is opened; the caller's again when the reader is closed and what it gave is of no more use. */
  readonly memory?: Uint8Array | undefined;
}

/** Undefined: there is no such file. */
export async function openBlob(disk: Disk, wanted: WantedBlob): Promise<FileBlobReader | undefined> {
  const { path } = wanted;
  let fd: number;
  try {
    fd = await disk.open(path, 'read');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return await readerOf({ disk, path, fd }, wanted);
  } catch (error) {
    await disk.close(fd);
    throw error;
  }
}

async function readerOf(file: OpenedFile, { name, memory }: WantedBlob): Promise<FileBlobReader> {
  const { disk, path, fd } = file;
  const fileBytes = await disk.size(fd);
  const head = decodeHead(await readAt(file, 0, Math.min(fileBytes, HEAD_BYTES + Buffer.byteLength(name))));
  if (head?.name !== name) throw new StorageCorruption(`${path} is damaged: its head is not the one of "${name}"`);
  if (head.whole !== undefined) {
    return readerOfWhole(file, head, await readAt(file, head.contentAt, fileBytes, memory));
  }
  const foot = await readAt(file, Math.max(head.contentAt, fileBytes - FOOT_BYTES), fileBytes);
  const contentBytes = contentBytesOf(foot);
  if (contentBytes === undefined || head.contentAt + contentBytes + endBytesOf(contentBytes) !== fileBytes) {
    throw new StorageCorruption(`${path} is damaged: "${name}" has not the length that was written`);
  }
  const checksums = decodeEnd(await readAt(file, head.contentAt + contentBytes, fileBytes));
  if (checksums === undefined) throw new StorageCorruption(`${path} is damaged: the checksums of "${name}" are`);
  return new FileBlobReader(file, { head, bytes: contentBytes, checksums, loaded: undefined });
}

/** One checksum for all: what was written in one go is read in one go. */
function readerOfWhole(file: OpenedFile, head: BlobHead, loaded: Uint8Array): FileBlobReader {
  const { bytes, checksum } = head.whole ?? { bytes: -1, checksum: 0 };
  if (loaded.length !== bytes || crc32(loaded, 0) !== checksum) {
    throw new StorageCorruption(`${file.path} is damaged: the bytes of "${head.name}" do not match their checksum`);
  }
  return new FileBlobReader(file, { head, bytes, checksums: new Uint32Array(0), loaded });
}

async function readAt({ disk, fd }: OpenedFile, from: number, to: number, memory?: Uint8Array): Promise<Buffer> {
  const length = Math.max(0, to - from);
  const bytes =
    memory === undefined || memory.length < length
      ? Buffer.allocUnsafeSlow(length)
      : Buffer.from(memory.buffer, memory.byteOffset, length);
  const count = await disk.read(fd, bytes, from);
  return bytes.subarray(0, count);
}

interface Opened {
  readonly head: BlobHead;
  readonly bytes: number;
  readonly checksums: Uint32Array;
  readonly loaded: Uint8Array | undefined;
}

export class FileBlobReader implements BlobReader {
  constructor(
    private readonly file: OpenedFile,
    private readonly opened: Opened,
  ) {}

  get bytes(): number {
    return this.opened.bytes;
  }

  async read(from: number, to: number, memory?: Uint8Array): Promise<Uint8Array> {
    const { bytes, loaded, head } = this.opened;
    assert(from >= 0 && from <= to && to <= bytes, 'a range lies inside its blob');
    if (loaded !== undefined) return loaded.subarray(from, to);
    if (from === to) return new Uint8Array(0);
    const first = Math.floor(from / PIECE_BYTES);
    const begin = first * PIECE_BYTES;
    const end = Math.min(bytes, Math.ceil(to / PIECE_BYTES) * PIECE_BYTES);
    const content = await readAt(this.file, head.contentAt + begin, head.contentAt + end, memory);
    for (let at = 0, piece = first; at < end - begin; at += PIECE_BYTES, piece += 1) {
      if (crc32(content.subarray(at, at + PIECE_BYTES), 0) !== this.opened.checksums[piece]) this.damaged(piece);
    }
    return content.subarray(from - begin, to - begin);
  }

  private damaged(piece: number): never {
    const at = piece * PIECE_BYTES;
    throw new StorageCorruption(
      `${this.file.path} is damaged: the bytes of "${this.opened.head.name}" from ${at} on do not match their checksum`,
    );
  }

  close(): Promise<void> {
    return this.file.disk.close(this.file.fd);
  }
}
