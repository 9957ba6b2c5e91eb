// The newest bytes of the journal in memory: first the buffer that appends are encoded into and that the disk writes from,
// afterwards the cache that fresh payloads are read from. One copy serves both, so an append costs one copy and no
// allocation.
//
// Memory comes in chunks. A chunk holds a contiguous run of positions of one segment; entries never straddle chunks. Only
// chunks that are durable are given up, oldest first, and their memory is used again, which is why reads copy out.

import { assertDefined } from '#base/assert.ts';
import { makeSpan, PAYLOAD_HEAD_BYTES, type Span } from '../format/entry.ts';

export interface Chunk {
  readonly span: Span;
  /** Position of the chunk's first byte. */
  readonly start: number;
  /** Bytes filled with entries. */
  used: number;
}

export class TailMemory {
  /** Oldest first; the last one is being filled. */
  private readonly chunks: Chunk[] = [];
  private readonly spare: Span[] = [];
  private heldBytes = 0;

  constructor(
    private readonly bytesMax: number,
    private readonly chunkBytes: number,
  ) {}

  /** Room for `byteCount` bytes at `position`; `isNewRun` when they do not follow the last ones in the same segment. */
  reserve(position: number, byteCount: number, isNewRun: boolean): Chunk {
    const last = this.chunks.at(-1);
    if (last !== undefined && !isNewRun && last.used + byteCount <= last.span.bytes.length) return last;
    const isOversized = byteCount > this.chunkBytes;
    const span = isOversized ? makeSpan(byteCount) : (this.spare.pop() ?? makeSpan(this.chunkBytes));
    const chunk: Chunk = { span, start: position, used: 0 };
    this.chunks.push(chunk);
    this.heldBytes += span.bytes.length;
    return chunk;
  }

  /** Gives up the oldest durable chunks until the rest fits. */
  trim(durableEnd: number): void {
    while (this.heldBytes > this.bytesMax && this.chunks.length > 1) {
      const oldest = this.chunks[0] as Chunk;
      if (oldest.start + oldest.used > durableEnd) return;
      this.chunks.shift();
      this.heldBytes -= oldest.span.bytes.length;
      if (oldest.span.bytes.length === this.chunkBytes) this.spare.push(oldest.span);
    }
    // What a burst needed beyond the limit goes back to the system.
    while (this.heldBytes + this.spare.length * this.chunkBytes > this.bytesMax + this.chunkBytes) {
      if (this.spare.pop() === undefined) return;
    }
  }

  /** A copy of a payload block's bytes; undefined when they are not here; the length in the block decides. */
  readPayload(position: number): Uint8Array | undefined {
    const oldest = this.chunks[0];
    if (oldest === undefined || position < oldest.start) return undefined;
    const chunk = this.chunkOf(position);
    if (chunk === undefined) return undefined;
    const at = position - chunk.start;
    const length = chunk.span.words[at / 4] as number;
    const from = at + PAYLOAD_HEAD_BYTES;
    if (!(from + length <= chunk.used)) return undefined;
    const copy = Buffer.allocUnsafe(length);
    copy.set(chunk.span.bytes.subarray(from, from + length));
    return copy;
  }

  private chunkOf(position: number): Chunk | undefined {
    for (let i = this.chunks.length - 1; i >= 0; i -= 1) {
      const chunk = assertDefined(this.chunks[i], 'a chunk');
      if (position >= chunk.start) return position < chunk.start + chunk.used ? chunk : undefined;
    }
    return undefined;
  }
}
