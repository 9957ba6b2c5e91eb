// MD5 and checksums of bytes that are in blobs already: a part copied out of an object, an object of parts copied into one piece.

import type { ChecksumAlgorithm } from '#model/checksum.ts';
import type { BlobStore } from '#storage/journal.ts';
import { BodyDigests } from './body-digests.ts';

export interface DigestPieces {
  readonly pieces: readonly { readonly blob: string; readonly from: number; readonly to: number }[];
  readonly algorithms: readonly ChecksumAlgorithm[];
}

export interface DigestedPieces {
  /** Hex. */
  readonly md5: string;
  /** Base64, by algorithm. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
}

/** One read at a time: a copy of gigabytes takes the memory of one piece. */
const PIECE_BYTES = 1024 * 1024;

export async function digestPieces(blobs: BlobStore, asked: DigestPieces): Promise<DigestedPieces> {
  const { pieces, algorithms } = asked;
  // Each of them makes the MD5, too, which is wanted in any case.
  const digests = (algorithms.length === 0 ? [undefined] : algorithms).map(
    (checksum) => new BodyDigests({ checksum, needsSha256: false }),
  );
  for (const { blob, from, to } of pieces) {
    const reader = await blobs.open(blob);
    if (reader === undefined) throw new Error(`the blob ${blob} is gone`);
    try {
      for (let at = from; at < to; at += PIECE_BYTES) {
        const bytes = await reader.read(at, Math.min(at + PIECE_BYTES, to));
        for (const digest of digests) digest.update(bytes);
      }
    } finally {
      await reader.close();
    }
  }
  const finished = digests.map((digest) => digest.finish());
  const checksums = algorithms.map((name, at) => [name, finished[at]?.checksum]);
  return { md5: finished[0]?.md5 as string, checksums: Object.fromEntries(checksums) };
}
