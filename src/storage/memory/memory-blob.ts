// Blobs in pieces where the whole blob is one array: of the memory engine and the simulated one.

import { assert } from '#base/assert.ts';
import type { BlobReader, BlobWriter } from '../journal.ts';

export class MemoryBlobWriter implements BlobWriter {
  private pieces: Uint8Array[] = [];
  private bytes = 0;
  private isOver = false;

  constructor(private readonly keep: (bytes: Uint8Array) => Promise<void>) {}

  append(bytes: Uint8Array): Promise<void> {
    assert(!this.isOver, 'nothing is appended to a blob that is finished or abandoned');
    this.pieces.push(bytes.slice());
    this.bytes += bytes.length;
    return Promise.resolve();
  }

  finish(): Promise<void> {
    assert(!this.isOver, 'a blob is finished once');
    this.isOver = true;
    const whole = new Uint8Array(this.bytes);
    let at = 0;
    for (const piece of this.pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.pieces = [];
    return this.keep(whole);
  }

  abandon(): Promise<void> {
    this.isOver = true;
    this.pieces = [];
    return Promise.resolve();
  }
}

/** Holds the bytes: deleting the name does not take them away. */
export class MemoryBlobReader implements BlobReader {
  constructor(private readonly content: Uint8Array) {}

  get bytes(): number {
    return this.content.length;
  }

  read(from: number, to: number): Promise<Uint8Array> {
    assert(from >= 0 && from <= to && to <= this.content.length, 'a range lies inside its blob');
    return Promise.resolve(this.content.slice(from, to));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
