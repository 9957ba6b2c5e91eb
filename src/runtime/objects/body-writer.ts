// Writes the bytes of one upload into a blob while they are digested: gathered into pieces of shared memory, which the disk and the thread
// of digests read at the same time. An upload of any size takes the same few pieces; whoever fills them stops when it is told to.
//
// The disk is done before the MD5 as a rule, so the blob is made durable without waiting for the digests: when they disagree, it is deleted.

import type { ChecksumAlgorithm } from '#model/checksum.ts';
import type { BlobStore, BlobWriter } from '#storage/journal.ts';
import type { Digests } from './body-digests.ts';
import type { DigestThread, RunningDigests } from './digest-thread.ts';
import { hasRoomFor, pieceOf, pieceTaken, pieceUsed } from './pieces.ts';

export interface BodyWriterOptions {
  readonly blobs: BlobStore;
  readonly digests: DigestThread;
  readonly blob: string;
  /** How many bytes will come; of a form's file at most. */
  readonly bytes: number;
  readonly checksum: ChecksumAlgorithm;
  readonly needsSha256: boolean;
  readonly needsCrc64: boolean;
  /** There is room again. */
  readonly onDrain: () => void;
  readonly onError: (error: unknown) => void;
}

export class BodyWriter {
  private readonly digests: RunningDigests;
  /** The store makes the checksum that is wanted anyway: it is not made twice. */
  private readonly isChecksumStores: boolean;
  private piece: Uint8Array | undefined;
  private filled = 0;
  /** Pieces that are not written or not digested yet. */
  private waiting = 0;
  private isHeld = false;
  private writer: Promise<BlobWriter> | undefined;
  /** The last piece, and so all of them. */
  private written: Promise<void> = Promise.resolve();
  private kept: Promise<void> | undefined;
  private failure: { readonly error: unknown } | undefined;
  private isOver = false;
  private left: number;

  constructor(private readonly options: BodyWriterOptions) {
    const { blobs, bytes, checksum, needsSha256, needsCrc64 } = options;
    this.isChecksumStores = checksum === 'CRC32' && blobs.makesCrc32 === true;
    this.digests = options.digests.begin(bytes, {
      checksum: this.isChecksumStores ? undefined : checksum,
      needsSha256,
      needsCrc64,
    });
    this.left = bytes;
  }

  /** For the next bytes; those that are put there need not be copied. */
  memory(): Uint8Array | undefined {
    if (this.left === 0 || this.isOver) return undefined;
    this.piece ??= pieceOf(this.left);
    return this.piece.subarray(this.filled);
  }

  /** The bytes are copied, unless they lie where they belong. False: wait for `onDrain`. */
  take(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length) {
      this.piece ??= pieceOf(this.left);
      const count = Math.min(this.piece.length - this.filled, bytes.length - at);
      const isThere =
        bytes.buffer === this.piece.buffer && bytes.byteOffset + at === this.piece.byteOffset + this.filled;
      if (!isThere) this.piece.set(bytes.subarray(at, at + count), this.filled);
      this.filled += count;
      this.left -= count;
      at += count;
      if (this.filled === this.piece.length) this.endPiece();
    }
    this.isHeld = !hasRoomFor(this.waiting);
    return !this.isHeld;
  }

  private endPiece(): void {
    const { piece, filled } = this;
    if (piece === undefined || filled === 0 || this.isOver) return;
    this.piece = undefined;
    this.filled = 0;
    const bytes = filled === piece.length ? piece : piece.subarray(0, filled);
    this.waiting += 1;
    pieceTaken();
    let readers = 2;
    const done = (): void => {
      readers -= 1;
      if (readers === 0) this.pieceDone(piece);
    };
    this.digests.update(bytes, done);
    this.written = this.write(bytes);
    this.written.then(done, (error: unknown) => {
      done();
      this.failed(error);
    });
  }

  private async write(bytes: Uint8Array): Promise<void> {
    this.writer ??= this.options.blobs.write(this.options.blob);
    const writer = await this.writer;
    await writer.append(bytes);
  }

  private pieceDone(piece: Uint8Array): void {
    this.waiting -= 1;
    pieceUsed(piece);
    if (!this.isHeld || this.isOver || !hasRoomFor(this.waiting)) return;
    this.isHeld = false;
    this.options.onDrain();
  }

  private failed(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = { error };
    if (!this.isOver) this.options.onError(error);
  }

  /** All bytes came. Their digests; `keep` or `abandon` follows. */
  async finish(): Promise<Digests & { readonly checksum: string }> {
    this.endPiece();
    this.kept = this.keepWritten();
    // Whoever keeps it is told.
    this.kept.catch(() => undefined);
    const [digests] = await Promise.all([this.digests.finish(), this.written]);
    const writer = await this.writer;
    return { ...digests, checksum: digests.checksum ?? base64Of(writer?.crc32?.() ?? 0) };
  }

  private async keepWritten(): Promise<void> {
    await this.written;
    // A piece that was not written must never count as kept.
    if (this.failure !== undefined) throw this.failure.error;
    const writer = await this.writer;
    await writer?.finish();
  }

  /** The blob is durable when it resolves. An empty body needs none. */
  async keep(): Promise<void> {
    this.isOver = true;
    await this.kept;
  }

  /** There is no such blob when it resolves. */
  async abandon(): Promise<void> {
    this.isOver = true;
    this.digests.drop();
    const writer = await this.writer?.catch(() => undefined);
    if (writer === undefined) return;
    const isKept = await this.kept?.then(
      () => true,
      () => false,
    );
    if (isKept === true) await this.options.blobs.delete(this.options.blob);
    else await writer.abandon();
  }
}

function base64Of(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
}
