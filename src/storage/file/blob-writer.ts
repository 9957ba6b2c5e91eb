// Writes a blob piece by piece: aside first, then synced and put in place. A process that ends in between leaves a file that the next
// one removes.

import { crc32 } from 'node:zlib';
import { assert } from '#base/assert.ts';
import { crc32OfPieces } from '#base/crc.ts';
import type { BlobWriter } from '../journal.ts';
import { UNFINISHED } from './atomic-file.ts';
import { encodeEnd, encodePieceHead, PIECE_BYTES } from './blob-format.ts';
import type { Disk } from './disk.ts';

let asideCount = 0;
const FLUSH_BYTES = 8 * 2 ** 20;
let flushing: Promise<void> | undefined;

interface Place {
  readonly disk: Disk;
  readonly directory: string;
  readonly path: string;
}

export class FileBlobWriter implements BlobWriter {
  private readonly checksums: number[] = [];
  private pieceChecksum = 0;
  private contentBytes = 0;
  private isOver = false;
  /** Everything that was appended until now. */
  private written: Promise<void> = Promise.resolve();
  private isClosed = false;
  private unflushedBytes = 0;
  private flushing: Promise<void> | undefined;

  private constructor(
    private readonly place: Place,
    private readonly aside: string,
    private readonly fd: number,
    /** Where the next bytes go. */
    private at: number,
  ) {}

  static async begin(place: Place, name: string): Promise<FileBlobWriter> {
    asideCount += 1;
    const aside = `${place.path}.w${asideCount}${UNFINISHED}`;
    const fd = await place.disk.open(aside, 'create');
    const head = encodePieceHead(name);
    const writer = new FileBlobWriter(place, aside, fd, head.length);
    try {
      await place.disk.write(fd, [head], 0);
    } catch (error) {
      await writer.abandon();
      throw error;
    }
    return writer;
  }

  append(bytes: Uint8Array): Promise<void> {
    assert(!this.isOver, 'nothing is appended to a blob that is finished or abandoned');
    // At once: what has just been filled is still in the processor's cache.
    this.addChecksum(bytes);
    const { at } = this;
    this.at += bytes.length;
    this.written = this.written.then(() => this.write(bytes, at));
    return this.written;
  }

  private async write(bytes: Uint8Array, at: number): Promise<void> {
    await this.place.disk.write(this.fd, [bytes], at);
    this.unflushedBytes += bytes.length;
    if (this.unflushedBytes >= FLUSH_BYTES && flushing === undefined) this.flush();
  }

  crc32(): number {
    const { checksums, contentBytes, pieceChecksum } = this;
    const isWhole = checksums.length * PIECE_BYTES >= contentBytes;
    return crc32OfPieces(isWhole ? checksums : [...checksums, pieceChecksum], {
      pieceBytes: PIECE_BYTES,
      bytes: contentBytes,
    });
  }

  /** Has the disk begin while more bytes come, so that little is left to do at the end. One blob at a time: threads are few. */
  private flush(): void {
    this.unflushedBytes = 0;
    const done = (): void => {
      flushing = undefined;
    };
    this.flushing = this.place.disk.syncData(this.fd);
    flushing = this.flushing;
    this.flushing.then(done, done);
  }

  private addChecksum(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length) {
      const inPiece = this.contentBytes % PIECE_BYTES;
      const to = Math.min(bytes.length, from + PIECE_BYTES - inPiece);
      this.pieceChecksum = crc32(bytes.subarray(from, to), this.pieceChecksum);
      this.contentBytes += to - from;
      from = to;
      if (this.contentBytes % PIECE_BYTES === 0) this.endPiece();
    }
  }

  private endPiece(): void {
    this.checksums.push(this.pieceChecksum);
    this.pieceChecksum = 0;
  }

  async finish(): Promise<void> {
    assert(!this.isOver, 'a blob is finished once');
    this.isOver = true;
    const { disk, directory, path } = this.place;
    if (this.contentBytes % PIECE_BYTES !== 0) this.endPiece();
    try {
      await this.written;
      await disk.write(this.fd, [encodeEnd(this.contentBytes, this.checksums)], this.at);
      // An error of the disk is told once, to whoever syncs first.
      await this.flushing;
      await disk.syncData(this.fd);
      await disk.rename(this.aside, path);
    } catch (error) {
      await this.abandon();
      throw error;
    }
    await Promise.all([disk.syncDirectory(directory), this.close()]);
  }

  async abandon(): Promise<void> {
    this.isOver = true;
    await this.written.catch(() => undefined);
    await this.flushing?.catch(() => undefined);
    await this.close();
    // What cannot be removed now is removed at the next start.
    await this.place.disk.remove(this.aside).catch(() => undefined);
  }

  private async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.place.disk.close(this.fd);
  }
}
