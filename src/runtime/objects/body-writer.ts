// Writes the bytes of one upload into a blob while it digests them: gathered into pieces, one being filled while one is written, so that an
// upload of any size takes the same little memory. Whoever fills it stops when it says so.

import type { BlobStore, BlobWriter } from '#storage/journal.ts';
import type { ChecksumName } from '#wire/s3/body-plan.ts';
import { BodyDigests, type Digests } from './body-digests.ts';

const PIECE_BYTES = 1024 * 1024;
/** Full pieces that wait for the disk. */
const WAITING_MAX = 2;

export interface BodyWriterOptions {
  readonly blobs: BlobStore;
  readonly blob: string;
  /** How many bytes will come. */
  readonly bytes: number;
  readonly checksum: ChecksumName;
  readonly needsSha256: boolean;
  /** There is room again. */
  readonly onDrain: () => void;
  readonly onError: (error: unknown) => void;
}

export class BodyWriter {
  private readonly digests: BodyDigests;
  private piece: Buffer | undefined;
  private filled = 0;
  private readonly waiting: Buffer[] = [];
  private writer: BlobWriter | undefined;
  private isWriting = false;
  private isOver = false;
  private left: number;
  private whenIdle: (() => void) | undefined;

  constructor(private readonly options: BodyWriterOptions) {
    this.digests = new BodyDigests(options.checksum, options.needsSha256);
    this.left = options.bytes;
  }

  /** The bytes are copied. False: wait for `onDrain`. */
  take(bytes: Uint8Array): boolean {
    let at = 0;
    this.left -= bytes.length;
    while (at < bytes.length) {
      this.piece ??= Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, bytes.length - at + Math.max(0, this.left)));
      const count = Math.min(this.piece.length - this.filled, bytes.length - at);
      this.piece.set(count === bytes.length ? bytes : bytes.subarray(at, at + count), this.filled);
      this.filled += count;
      at += count;
      if (this.filled === this.piece.length) this.endPiece();
    }
    return this.waiting.length < WAITING_MAX;
  }

  private endPiece(): void {
    if (this.piece === undefined || this.filled === 0) return;
    const piece = this.filled === this.piece.length ? this.piece : this.piece.subarray(0, this.filled);
    this.piece = undefined;
    this.filled = 0;
    this.digests.update(piece);
    this.waiting.push(piece);
    this.write();
  }

  private write(): void {
    if (this.isWriting || this.isOver) return;
    this.isWriting = true;
    this.writeWaiting().then(
      () => {
        this.isWriting = false;
        this.whenIdle?.();
      },
      (error: unknown) => {
        this.isWriting = false;
        this.whenIdle?.();
        if (!this.isOver) this.options.onError(error);
      },
    );
  }

  private async writeWaiting(): Promise<void> {
    const { blobs, blob, onDrain } = this.options;
    this.writer ??= await blobs.write(blob);
    while (!this.isOver) {
      const [piece] = this.waiting;
      if (piece === undefined) return;
      await this.writer.append(piece);
      const wasFull = this.waiting.length >= WAITING_MAX;
      this.waiting.shift();
      if (wasFull && !this.isOver) onDrain();
    }
  }

  /** All bytes came. The digests, once everything is handed to the disk; `keep` or `abandon` follows. */
  async finish(): Promise<Digests> {
    this.endPiece();
    await this.idle();
    return this.digests.finish();
  }

  /** The blob is durable when it resolves. An empty body needs none. */
  async keep(): Promise<void> {
    this.isOver = true;
    await this.writer?.finish();
  }

  async abandon(): Promise<void> {
    this.isOver = true;
    this.waiting.length = 0;
    this.piece = undefined;
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
