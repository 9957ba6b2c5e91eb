// Blobs of objects, listed and deleted outside the cell. Bytes are written and sent by the gateway and by other performers.

import { createHash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { STORE_COMPRESSED, STORE_TEXT, type StoredBody, type TextToStore } from '#cell/objects-door.ts';
import type { Performer } from '#cell/ports.ts';
import type { BlobStore } from '#storage/journal.ts';
import { type DigestPieces, digestPieces } from './digest-pieces.ts';
import { DigestThread } from './digest-thread.ts';

const DELETED_AT_ONCE = 8;
const compress = promisify(gzip);

/** By the names that the room of S3 gives. */
export function objectPerformers(blobs: BlobStore): [string, Performer][] {
  // Not the thread of uploads: a copy of gigabytes would hold them up.
  const digests = new DigestThread();
  return [
    [
      'delete-blobs',
      async ({ input }) => {
        // Few at a time: whatever deletes much waits, not those who read and write.
        const { names } = input as { readonly names: readonly string[] };
        for (let at = 0; at < names.length; at += DELETED_AT_ONCE) {
          await Promise.all(names.slice(at, at + DELETED_AT_ONCE).map((name) => blobs.delete(name)));
        }
      },
    ],
    ['digest-pieces', async ({ input }) => digestPieces(blobs, digests, input as DigestPieces)],
    [STORE_TEXT, ({ input }) => store(blobs, Buffer.from((input as TextToStore).text))],
    [STORE_COMPRESSED, async ({ payloads }) => store(blobs, await compress(Buffer.concat(payloads)))],
    ['list-blobs', async ({ input }) => blobs.names((input as { readonly prefix: string }).prefix)],
  ];
}

/** Under a new name each time: what was stored twice after a crash is two blobs, and the one that is not used is removed at start. */
async function store(blobs: BlobStore, bytes: Buffer): Promise<StoredBody> {
  const blob = `s3/${randomUUID()}`;
  await blobs.put(blob, bytes);
  return { blob, bytes: bytes.length, md5: createHash('md5').update(bytes).digest('hex'), checksums: {} };
}
