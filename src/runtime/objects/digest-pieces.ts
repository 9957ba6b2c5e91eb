// MD5 and checksums of bytes that are in blobs already: a part copied out of an object, an object of parts copied into one piece.

import type { ChecksumAlgorithm } from '#model/checksum.ts';
import type { BlobStore } from '#storage/journal.ts';
import type { DigestThread, RunningDigests } from './digest-thread.ts';

export interface DigestPieces {
  readonly pieces: readonly Piece[];
  readonly algorithms: readonly ChecksumAlgorithm[];
}

interface Piece {
  readonly blob: string;
  readonly from: number;
  readonly to: number;
}

export interface DigestedPieces {
  /** Hex. */
  readonly md5: string;
  /** Base64, by algorithm. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
}

/** One read at a time, into the same memory: a copy of gigabytes takes that of one piece. */
const READ_BYTES = 1024 * 1024;

export async function digestPieces(
  blobs: BlobStore,
  thread: DigestThread,
  { pieces, algorithms }: DigestPieces,
): Promise<DigestedPieces> {
  const bytes = pieces.reduce((sum, { from, to }) => sum + to - from, 0);
  // Each of them makes the MD5, too, which is wanted in any case.
  const running = (algorithms.length === 0 ? [undefined] : algorithms).map((checksum) =>
    thread.begin(bytes, { checksum, needsSha256: false }),
  );
  try {
    const memory = new Uint8Array(new SharedArrayBuffer(READ_BYTES));
    for (const piece of pieces) await digestPiece(blobs, piece, { memory, running });
  } catch (error) {
    for (const digests of running) digests.drop();
    throw error;
  }
  const finished = await Promise.all(running.map((digests) => digests.finish()));
  const checksums = algorithms.map((name, at) => [name, finished[at]?.checksum]);
  return { md5: finished[0]?.md5 as string, checksums: Object.fromEntries(checksums) };
}

interface Digesting {
  readonly memory: Uint8Array;
  readonly running: readonly RunningDigests[];
}

async function digestPiece(blobs: BlobStore, { blob, from, to }: Piece, { memory, running }: Digesting): Promise<void> {
  const reader = await blobs.open(blob);
  if (reader === undefined) throw new Error(`the blob ${blob} is gone`);
  try {
    let at = from;
    while (at < to) {
      // Up to the next multiple, so that a blob's own pieces are read once.
      const end = Math.min(to, (Math.floor(at / READ_BYTES) + 1) * READ_BYTES);
      const bytes = await reader.read(at, end, memory);
      await Promise.all(running.map((digests) => new Promise<void>((taken) => digests.update(bytes, taken))));
      at = end;
    }
  } finally {
    await reader.close();
  }
}
