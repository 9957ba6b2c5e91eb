// Blobs of objects, listed and deleted outside the cell. Bytes are written and sent by the gateway and by other performers.

import { createHash, randomUUID } from 'node:crypto';
import { STORE_TEXT, type StoredBody, type TextToStore } from '#cell/objects-door.ts';
import type { Performer } from '#cell/ports.ts';
import type { BlobStore } from '#storage/journal.ts';
import { type DigestPieces, digestPieces } from './digest-pieces.ts';

/** By the names that the room of S3 gives. */
export function objectPerformers(blobs: BlobStore): [string, Performer][] {
  return [
    [
      'delete-blobs',
      async ({ input }) => {
        // One at a time: whatever deletes much waits, not those who read and write.
        for (const name of (input as { readonly names: readonly string[] }).names) await blobs.delete(name);
      },
    ],
    ['digest-pieces', async ({ input }) => digestPieces(blobs, input as DigestPieces)],
    [STORE_TEXT, ({ input }) => storeText(blobs, input as TextToStore)],
    ['list-blobs', async ({ input }) => blobs.names((input as { readonly prefix: string }).prefix)],
  ];
}

/** Under a new name each time: what was stored twice after a crash is two blobs, and the one that is not used is removed at start. */
async function storeText(blobs: BlobStore, { text }: TextToStore): Promise<StoredBody> {
  const bytes = Buffer.from(text);
  const blob = `s3/${randomUUID()}`;
  await blobs.put(blob, bytes);
  return { blob, bytes: bytes.length, md5: createHash('md5').update(bytes).digest('hex'), checksums: {} };
}
