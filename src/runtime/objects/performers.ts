// Blobs of objects, listed and deleted outside the cell. Bytes are written and sent by the gateway and by other performers.

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
    ['list-blobs', async ({ input }) => blobs.names((input as { readonly prefix: string }).prefix)],
  ];
}
