// From the bytes of a request to the bytes of the object: undoes `aws-chunked` where it is there, checks the signatures of chunks where
// their key is known, and keeps what the trailers claim.

import type { AwsError } from '#model/aws-error.ts';
import { isChecksumValue } from '#model/checksum.ts';
import { AwsChunkedDecoder } from '#wire/s3/aws-chunked.ts';
import type { BodyPlan } from '#wire/s3/body-plan.ts';
import { uploadTooSmall } from '#wire/s3/form/form-refusals.ts';
import * as refusals from '#wire/s3/refusals.ts';
import type { ChunkSeed } from '#wire/s3/signature.ts';
import { ChunkSignatures } from './chunk-signatures.ts';

/** AWS: "The size of a chunk … must be at least 8 KB", but for the last one. */
const CHUNK_BYTES_MIN = 8_192;
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

export class BodyDecoder {
  /** Bytes of the object so far. */
  bytes = 0;
  refusal: AwsError | undefined;
  /** Base64; of the head or of the trailer. */
  claimed: string | undefined;
  private readonly chunked: AwsChunkedDecoder | undefined;
  private readonly signatures: ChunkSignatures | undefined;
  private chunks = 0;
  private smallChunkBytes = 0;
  private trailerSignature: string | undefined;

  constructor(
    private readonly plan: BodyPlan,
    seed: ChunkSeed | undefined,
    private readonly onData: (bytes: Uint8Array) => void,
  ) {
    this.claimed = plan.claimed;
    if (!plan.isChunked) return;
    this.signatures = seed === undefined || !plan.hasSignedChunks ? undefined : new ChunkSignatures(seed);
    this.chunked = new AwsChunkedDecoder({
      data: (bytes) => {
        this.signatures?.data(bytes);
        this.hand(bytes);
      },
      chunkEnd: (bytes, signature) => this.chunkEnd(bytes, signature),
      trailer: (name, value) => this.trailer(name, value),
    });
  }

  take(bytes: Uint8Array): void {
    if (this.chunked === undefined) {
      this.hand(bytes);
      return;
    }
    this.chunked.take(bytes);
    this.noteProblem();
  }

  /** The request's body is complete: whether the object is, too. */
  end(): void {
    this.chunked?.end();
    this.noteProblem();
    if (this.refusal !== undefined) return;
    const { range } = this.plan;
    if (range !== undefined) {
      if (this.bytes < range.min) this.refusal = uploadTooSmall(this.bytes, range.min);
      return;
    }
    if (this.chunked?.isComplete === false || this.bytes !== this.plan.bytes) {
      const isCut = this.chunked?.isComplete === false;
      this.refusal = isCut ? refusals.incompleteBody() : refusals.wrongLength(this.plan.bytes, this.bytes);
      return;
    }
    if (this.plan.trailer === undefined) return;
    if (this.claimed === undefined) this.refusal = refusals.malformedTrailer();
    else if (this.signatures?.trailerEnd(this.trailerSignature) === false)
      this.refusal = refusals.chunkSignatureMismatch();
  }

  private noteProblem(): void {
    const problem = this.chunked?.problem;
    if (problem === undefined || this.refusal !== undefined) return;
    this.refusal = problem === 'malformed' ? refusals.incompleteBody() : refusals.malformedTrailer();
  }

  private hand(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.refusal !== undefined) return;
    const { range } = this.plan;
    if (range !== undefined && this.bytes > range.max) this.refusal = this.tooLarge(range.max);
    else if (this.bytes > this.plan.bytes) this.refusal = refusals.wrongLength(this.plan.bytes, this.bytes);
    else this.onData(bytes);
  }

  /** Nobody waits for the rest; how long it would be is known where the file ends the form with a line break, as all clients have it. */
  private tooLarge(max: number): AwsError {
    return refusals.entityTooLarge(Math.max(this.bytes, this.plan.bytes - 2), max);
  }

  private chunkEnd(bytes: number, signature: string | undefined): void {
    if (this.refusal !== undefined) return;
    if (this.smallChunkBytes > 0 && bytes > 0) {
      this.refusal = refusals.chunkTooSmall(this.chunks, this.smallChunkBytes);
      return;
    }
    this.chunks += 1;
    if (bytes < CHUNK_BYTES_MIN) this.smallChunkBytes = bytes;
    if (this.plan.hasSignedChunks && signature === undefined) this.refusal = refusals.incompleteBody();
    else if (this.signatures?.chunkEnd(signature) === false) this.refusal = refusals.chunkSignatureMismatch();
  }

  private trailer(name: string, value: string): void {
    if (name === TRAILER_SIGNATURE) {
      this.trailerSignature = value;
      return;
    }
    this.signatures?.trailer(name, value);
    if (name !== this.plan.trailer) this.refusal ??= refusals.malformedTrailer();
    else if (!isChecksumValue(this.plan.checksum, value)) this.refusal ??= refusals.invalidTrailingChecksum(name);
    else this.claimed = value;
  }
}
