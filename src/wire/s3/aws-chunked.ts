// Takes a body of the content coding `aws-chunked` apart, as its bytes come: chunks with their sizes and signatures, then trailers. It knows
// nothing of hashes; who listens checks what it hears. AWS: S3 API reference, "Signature calculations for the authorization header:
// transferring payload in multiple chunks" and "… trailing headers (chunked uploads)".

export interface ChunkListener {
  /** Bytes of the object; valid during the call. */
  data(bytes: Uint8Array): void;
  /** The chunk is complete; also called for the last one, of no bytes. */
  chunkEnd(bytes: number, signature: string | undefined): void;
  /** Lower-case name. */
  trailer(name: string, value: string): void;
}

export type ChunkProblem = 'malformed' | 'malformed-trailer';

const LF = 10;
const CR = 13;
const LINE_BYTES_MAX = 4_096;
const TRAILERS_MAX = 16;
/** AWS takes blanks around each of its words. */
const SIZE_LINE = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;[ \t]*chunk-signature[ \t]*=[ \t]*([^;\s]{1,256})[ \t]*)?$/;
const TRAILER_LINE = /^([A-Za-z0-9-]{1,128}):[ \t]*([\x20-\x7e]*?)[ \t]*$/;

type Expected = 'size' | 'data' | 'data-end' | 'trailer' | 'nothing';

export class AwsChunkedDecoder {
  problem: ChunkProblem | undefined;
  private expected: Expected = 'size';
  private line: number[] = [];
  private chunkBytes = 0;
  private chunkLeft = 0;
  private signature: string | undefined;
  private trailers = 0;

  constructor(private readonly listener: ChunkListener) {}

  get isComplete(): boolean {
    return this.expected === 'nothing';
  }

  take(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && this.problem === undefined) {
      // What stands behind the body means nothing, to AWS either (recorded in the tests of OpenStack Swift).
      if (this.expected === 'nothing') return;
      if (this.expected === 'data') at = this.takeData(bytes, at);
      else at = this.takeLine(bytes, at);
    }
  }

  /** No more bytes will come. The empty line at the end may be missing, as on AWS; the end of a line may not. */
  end(): void {
    if (this.problem !== undefined || this.expected !== 'trailer') return;
    if (this.line.length > 0) this.problem = 'malformed';
    else this.expected = 'nothing';
  }

  private takeData(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + this.chunkLeft);
    this.listener.data(bytes.subarray(at, end));
    this.chunkLeft -= end - at;
    if (this.chunkLeft === 0) this.expected = 'data-end';
    return end;
  }

  private takeLine(bytes: Uint8Array, at: number): number {
    while (at < bytes.length) {
      const byte = bytes[at] as number;
      at += 1;
      if (byte === LF) {
        this.endLine();
        return at;
      }
      this.line.push(byte);
      if (this.line.length > LINE_BYTES_MAX) {
        this.problem = this.expected === 'trailer' ? 'malformed-trailer' : 'malformed';
        return at;
      }
    }
    return at;
  }

  private endLine(): void {
    if (this.line.pop() !== CR) {
      this.problem = 'malformed';
      return;
    }
    const line = String.fromCharCode(...this.line);
    this.line = [];
    if (this.expected === 'size') this.sizeLine(line);
    else if (this.expected === 'trailer') this.trailerLine(line);
    else if (line === '') this.endChunk();
    else this.problem = 'malformed';
  }

  private sizeLine(line: string): void {
    const found = SIZE_LINE.exec(line);
    if (found === null) {
      this.problem = 'malformed';
      return;
    }
    this.chunkBytes = Number.parseInt(found[1] as string, 16);
    this.chunkLeft = this.chunkBytes;
    this.signature = found[2];
    this.expected = 'data';
    if (this.chunkBytes > 0) return;
    this.listener.chunkEnd(0, this.signature);
    this.expected = 'trailer';
  }

  private endChunk(): void {
    this.listener.chunkEnd(this.chunkBytes, this.signature);
    this.expected = 'size';
  }

  private trailerLine(line: string): void {
    if (line === '') {
      this.expected = 'nothing';
      return;
    }
    const found = TRAILER_LINE.exec(line);
    this.trailers += 1;
    if (found === null || this.trailers > TRAILERS_MAX) this.problem = 'malformed-trailer';
    else this.listener.trailer((found[1] as string).toLowerCase(), found[2] as string);
  }
}
