// One upload: from the moment its head was let in to a blob that is durable and agrees with everything that was claimed of it, or to a
// refusal and no blob at all.

import type { StoredBody } from '#cell/objects-door.ts';
import { type AwsError, serverError } from '#model/aws-error.ts';
import type { BodyFailure, BodyTaker, IncomingBody } from '#runtime/http/exchange.ts';
import type { BlobStore } from '#storage/journal.ts';
import type { BodyPlan } from '#wire/s3/body-plan.ts';
import * as refusals from '#wire/s3/refusals.ts';
import type { ChunkSeed } from '#wire/s3/signature.ts';
import { BodyDecoder } from './body-decoder.ts';
import type { Digests } from './body-digests.ts';
import { BodyWriter } from './body-writer.ts';
import type { DigestThread } from './digest-thread.ts';

export interface UploadOptions {
  readonly incoming: IncomingBody;
  readonly plan: BodyPlan;
  /** Undefined: signatures of chunks are not checked. */
  readonly seed: ChunkSeed | undefined;
  readonly blobs: BlobStore;
  readonly digests: DigestThread;
  readonly blob: string;
  /** CRC-64/NVME is kept beside the checksum that the client sent. */
  readonly needsCrc64?: boolean;
  readonly onDefect: (what: string, error: unknown) => void;
  readonly done: (result: UploadResult) => void;
}

/** `gone`: nobody is there to be answered. */
export type UploadResult = { readonly body: StoredBody } | { readonly refused: AwsError } | 'gone';

export function takeUpload(options: UploadOptions): void {
  options.incoming.start(new Upload(options));
}

class Upload implements BodyTaker {
  private readonly writer: BodyWriter;
  private readonly decoder: BodyDecoder;
  private hasRoom = true;
  /** Takes no more. */
  private isOver = false;
  private isDone = false;
  private hasFailed = false;

  constructor(private readonly options: UploadOptions) {
    const { plan, seed, blobs, digests, blob, incoming, needsCrc64 = false } = options;
    this.writer = new BodyWriter({
      blobs,
      digests,
      blob,
      bytes: plan.bytes,
      checksum: plan.checksum,
      needsSha256: plan.sha256 !== undefined,
      needsCrc64: needsCrc64 && plan.checksum !== 'CRC64NVME',
      onDrain: () => incoming.resume(),
      onError: (error) => this.failed(error),
    });
    this.decoder = new BodyDecoder(plan, seed, (bytes) => {
      this.hasRoom = this.writer.take(bytes);
    });
  }

  /** Of a body in chunks only a part belongs to the object. */
  memory(): Uint8Array | undefined {
    return this.isOver || this.options.plan.isChunked ? undefined : this.writer.memory();
  }

  take(bytes: Buffer): boolean {
    if (this.isOver) return true;
    this.decoder.take(bytes);
    if (this.decoder.refusal !== undefined) this.refuse(this.decoder.refusal);
    return this.isOver || this.hasRoom;
  }

  end(): void {
    if (this.isOver) return;
    this.decoder.end();
    if (this.decoder.refusal !== undefined) {
      this.refuse(this.decoder.refusal);
      return;
    }
    this.isOver = true;
    this.complete().then(
      (result) => this.done(result),
      (error: unknown) => this.failed(error),
    );
  }

  private async complete(): Promise<UploadResult> {
    const { plan, blob } = this.options;
    const digests = await this.writer.finish();
    const refused = this.disagreement(digests);
    if (refused !== undefined) {
      await this.writer.abandon();
      return { refused };
    }
    await this.writer.keep();
    const { md5, checksum, crc64 } = digests;
    const checksums = { [plan.checksum]: checksum, ...(crc64 === undefined ? {} : { CRC64NVME: crc64 }) };
    const isChecksumClaimed = this.decoder.claimed !== undefined;
    return { body: { blob, bytes: this.decoder.bytes, md5, checksums, isChecksumClaimed } };
  }

  private disagreement({ md5, sha256, checksum }: Digests): AwsError | undefined {
    const { plan } = this.options;
    if (plan.sha256 !== undefined && plan.sha256 !== sha256) {
      return refusals.contentHashMismatch(plan.sha256, sha256 ?? '');
    }
    const computed = Buffer.from(md5, 'hex').toString('base64');
    if (plan.md5 !== undefined && plan.md5 !== computed) {
      // AWS gives back what was expected of an object in hex, of a document in base64.
      return refusals.badMd5(Buffer.from(plan.md5, 'base64').toString('hex'), computed);
    }
    const { claimed } = this.decoder;
    return claimed === undefined || claimed === checksum ? undefined : refusals.badChecksum(plan.checksum);
  }

  fail(how: BodyFailure): void {
    if (this.isOver) return;
    if (how === 'gone') this.stop('gone');
    else this.refuse(how === 'timed-out' ? refusals.requestTimeout() : refusals.incompleteBody());
  }

  private refuse(refused: AwsError): void {
    this.stop({ refused });
  }

  private stop(result: UploadResult): void {
    this.isOver = true;
    this.writer.abandon().then(
      () => this.done(result),
      (error: unknown) => {
        this.options.onDefect('an upload that was given up could not be removed', error);
        this.done(result);
      },
    );
  }

  private done(result: UploadResult): void {
    if (this.isDone) return;
    this.isDone = true;
    this.options.done(result);
  }

  /** The disk is full or broken: the operator is told why, the client that it may come again. */
  private failed(error: unknown): void {
    if (this.isDone || this.hasFailed) return;
    this.hasFailed = true;
    this.options.onDefect('an upload could not be written', error);
    this.stop({
      refused: serverError('InternalError', 'We encountered an internal error. Please try again.'),
    });
  }
}
