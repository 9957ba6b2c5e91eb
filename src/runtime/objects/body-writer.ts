// Writes the bytes of one upload into a blob while they are digested: gathered into pieces of shared memory, which the disk and the thread
// of digests read at the same time. An upload of any size takes the same few pieces; whoever fills them stops when it is told to.

import { assert } from '#base/assert.ts';
import type { ChecksumAlgorithm } from '#model/checksum.ts';
import type { BlobStore, BlobWriter } from '#storage/journal.ts';
import type { Digests } from './body-digests.ts';
import type { DigestThread, RunningDigests } from './digest-thread.ts';

const PIECE_BYTES = 1024 * 1024;
/** Full pieces of one upload that are written or digested. */
const WAITING_MAX = 4;
/** Pieces that are kept for the next upload. */
const SPARE_MAX = 8;
const spare: Uint8Array[] = [];

export interface BodyWriterOptions {
  readonly blobs: BlobStore;
  readonly digests: DigestThread;
  readonly blob: string;
  /** How many bytes will come. */
  readonly bytes: number;
  readonly checksum: ChecksumAlgorithm;
  readonly needsSha256: boolean;
  /** There is room again. */
  readonly onDrain: () => void;
  readonly onError: (error: unknown) => void;
}

export class BodyWriter {
  private readonly digests: RunningDigests;
  private piece: Uint8Array | undefined;
  private filled = 0;
  private readonly toWrite: Uint8Array[] = [];
  private readonly written: (() => void)[] = [];
  /** Pieces that are not written or not digested yet. */
  private waiting = 0;
  private writer: BlobWriter | undefined;
  private isWriting = false;
  private isOver = false;
  private failure: { readonly error: unknown } | undefined;
  private left: number;
  private whenIdle: (() => void) | undefined;

  constructor(private readonly options: BodyWriterOptions) {
    const { bytes, checksum, needsSha256 } = options;
    this.digests = options.digests.begin(bytes, { checksum, needsSha256 });
    this.left = bytes;
  }

  /** The bytes are copied. False: wait for `onDrain`. */
  take(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length) {
      this.piece ??= pieceOf(this.left);
      const count = Math.min(this.piece.length - this.filled, bytes.length - at);
      this.piece.set(at === 0 && count === bytes.length ? bytes : bytes.subarray(at, at + count), this.filled);
      this.filled += count;
      this.left -= count;
      at += count;
      if (this.filled === this.piece.length) this.endPiece();
    }
    return this.waiting < WAITING_MAX;
  }

  private endPiece(): void {
    const { piece, filled } = this;
    if (piece === undefined || filled === 0 || this.isOver) return;
    this.piece = undefined;
    this.filled = 0;
    const bytes = filled === piece.length ? piece : piece.subarray(0, filled);
    this.waiting += 1;
    let readers = 2;
    const done = (): void => {
      readers -= 1;
      if (readers === 0) this.pieceDone(piece);
    };
    this.digests.update(bytes, done);
    this.toWrite.push(bytes);
    this.write(done);
  }

  private pieceDone(piece: Uint8Array): void {
    const wasFull = this.waiting >= WAITING_MAX;
    this.waiting -= 1;
    if (piece.length === PIECE_BYTES && spare.length < SPARE_MAX) spare.push(piece);
    if (wasFull && !this.isOver) this.options.onDrain();
  }

  private write(done: () => void): void {
    this.written.push(done);
    if (this.isWriting) return;
    this.isWriting = true;
    this.writeAll().catch((error: unknown) => {
      this.failure = { error };
      this.stopped();
      if (!this.isOver) this.options.onError(error);
    });
  }

  private async writeAll(): Promise<void> {
    this.writer ??= await this.options.blobs.write(this.options.blob);
    while (!this.isOver && this.toWrite[0] !== undefined) {
      await this.writer.append(this.toWrite[0]);
      this.toWrite.shift();
      this.written.shift()?.();
    }
    // In the same step in which the list was found empty: a piece that comes later starts anew.
    this.stopped();
  }

  private stopped(): void {
    this.isWriting = false;
    this.whenIdle?.();
  }

  /** All bytes came. The digests, once everything is handed to the disk; `keep` or `abandon` follows. */
  async finish(): Promise<Digests> {
    this.endPiece();
    const [digests] = await Promise.all([this.digests.finish(), this.idle()]);
    this.throwFailure();
    return digests;
  }

  /** The blob is durable when it resolves. An empty body needs none. */
  async keep(): Promise<void> {
    this.isOver = true;
    this.throwFailure();
    assert(this.toWrite.length === 0, 'every piece is written before the blob is finished');
    await this.writer?.finish();
  }

  /** Pieces that were not written must never count as kept. */
  private throwFailure(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  async abandon(): Promise<void> {
    this.isOver = true;
    this.digests.drop();
    await this.idle();
    await this.writer?.abandon();
  }

  private idle(): Promise<void> {
    if (!this.isWriting) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenIdle = resolve;
    });
  }
}

/** As long as what is left, so that a small body costs little. */
function pieceOf(left: number): Uint8Array {
  if (left < PIECE_BYTES) return Buffer.allocUnsafeSlow(Math.max(1, left));
  return spare.pop() ?? new Uint8Array(new SharedArrayBuffer(PIECE_BYTES));
}
