// Objects of channels: records one behind the other, checked against their format, compressed in the pool of threads, and kept as a blob that the
// object store takes over. The contract is `#services/kinesis/channels/effects.ts`.

import { createHash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StoredBody } from '#cell/objects-door.ts';
import type { Performer } from '#cell/ports.ts';
import { type ChannelObject, type ChannelObjectMade, MAKE_CHANNEL_OBJECT } from '#services/kinesis/channels/effects.ts';
import type { BlobStore } from '#storage/journal.ts';

const compress = promisify(gzip);
const utf8 = new TextDecoder('utf-8', { fatal: true });
const NEW_LINE = new Uint8Array([10]);

export function channelPerformers(blobs: BlobStore): ReadonlyMap<string, Performer> {
  return new Map<string, Performer>([[MAKE_CHANNEL_OBJECT, ({ input }) => make(blobs, input as ChannelObject)]]);
}

async function make(
  blobs: BlobStore,
  { records, names, format, compression }: ChannelObject,
): Promise<ChannelObjectMade> {
  const pieces: Uint8Array[] = [];
  const errors: string[] = [];
  for (const [i, record] of records.entries()) {
    const problem = problemOf(record, format);
    if (problem !== undefined) errors.push(JSON.stringify({ ...names[i], errorMessage: problem }));
    else if (format === 'BYTE_ARRAY') pieces.push(record);
    else pieces.push(record, NEW_LINE);
  }
  const whole = Buffer.concat(pieces);
  const bytes = compression === 'GZIP' ? await compress(whole) : whole;
  return {
    ...(pieces.length === 0 ? {} : { body: await store(blobs, bytes) }),
    ...(errors.length === 0 ? {} : { errors: await store(blobs, Buffer.from(`${errors.join('\n')}\n`)) }),
  };
}

/** AWS: developer guide, "How delivery works": a STRING is valid UTF-8, a JSON a valid JSON payload. */
function problemOf(record: Uint8Array, format: ChannelObject['format']): string | undefined {
  if (format === 'BYTE_ARRAY') return undefined;
  try {
    const text = utf8.decode(record);
    if (format === 'JSON') JSON.parse(text);
    return undefined;
  } catch {
    return format === 'JSON' ? 'The record is not valid JSON.' : 'The record is not valid UTF-8.';
  }
}

/** Under a new name each time: what was made twice after a crash is two blobs, and the one that is not used is removed at start. */
async function store(blobs: BlobStore, bytes: Uint8Array): Promise<StoredBody> {
  const blob = `s3/${randomUUID()}`;
  await blobs.put(blob, bytes);
  return { blob, bytes: bytes.length, md5: createHash('md5').update(bytes).digest('hex'), checksums: {} };
}
