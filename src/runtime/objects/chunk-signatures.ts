// The chain of signatures in a chunked upload: each chunk signs its bytes and the signature before it, beginning with the request's own.
// AWS: S3 API reference, "Signature calculations for the authorization header: transferring payload in multiple chunks".

import { createHash, createHmac, type Hash, timingSafeEqual } from 'node:crypto';
import type { ChunkSeed } from '#wire/s3/signature.ts';

const EMPTY_HASH = createHash('sha256').digest('hex');

export class ChunkSignatures {
  private previous: string;
  private hash: Hash = createHash('sha256');
  private trailers = '';

  constructor(private readonly seed: ChunkSeed) {
    this.previous = seed.signature;
  }

  data(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  /** Whether the chunk is what was signed. */
  chunkEnd(signature: string | undefined): boolean {
    const hash = this.hash.digest('hex');
    this.hash = createHash('sha256');
    return this.check('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY_HASH}\n${hash}`, signature);
  }

  trailer(name: string, value: string): void {
    this.trailers += `${name}:${value}\n`;
  }

  trailerEnd(signature: string | undefined): boolean {
    const hash = createHash('sha256').update(this.trailers).digest('hex');
    return this.check('AWS4-HMAC-SHA256-TRAILER', hash, signature);
  }

  private check(algorithm: string, hashes: string, signature: string | undefined): boolean {
    const { signingKey, stamp, scope } = this.seed;
    const text = `${algorithm}\n${stamp}\n${scope}\n${this.previous}\n${hashes}`;
    const expected = createHmac('sha256', signingKey).update(text).digest('hex');
    this.previous = expected;
    const [one, other] = [Buffer.from(expected), Buffer.from(signature ?? '')];
    return one.length === other.length && timingSafeEqual(one, other);
  }
}
