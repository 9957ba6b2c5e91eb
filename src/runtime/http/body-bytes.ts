// A body that arrives in pieces. The pieces are copied into one growing buffer: kept as they come, a body sent byte by byte would cost
// a hundred times its size, and reserving what Content-Length announces would let a client occupy memory without sending anything.

/** Where the bytes of a body go as they are found. */
export interface BodySink {
  /** So many came. */
  readonly length: number;
  append(bytes: Buffer, start: number, end: number): void;
}

const CAPACITY_FIRST = 16 * 1024;

export class BodyBytes implements BodySink {
  private buffer: Buffer;
  length = 0;

  constructor(private readonly bytesMax: number) {
    this.buffer = Buffer.allocUnsafe(Math.min(bytesMax, CAPACITY_FIRST));
  }

  /** Appends `bytes` from `start` to `end`; the caller has checked that they fit into the maximum. */
  append(bytes: Buffer, start: number, end: number): void {
    const lengthAfter = this.length + end - start;
    if (lengthAfter > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(this.bytesMax, Math.max(lengthAfter, this.buffer.length * 2)));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    bytes.copy(this.buffer, this.length, start, end);
    this.length = lengthAfter;
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}
