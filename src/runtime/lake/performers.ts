// What the room of delivery streams may ask of the runtime: the performers that `#services/firehose/performing.ts` names. Destinations are
// loaded when the first batch goes there; the thread for the heavy work is started with the first job.

import { createHash, randomUUID } from 'node:crypto';
import type { StoredBody } from '#cell/objects-door.ts';
import type { Performer, PerformRequest } from '#cell/ports.ts';
import {
  ASK_SPLUNK,
  CHECK_QUERY,
  COPY_TO_REDSHIFT,
  DELIVER_HTTP,
  DELIVER_OPENSEARCH,
  DELIVER_SPLUNK,
  type HttpDelivery,
  type OpenSearchDelivery,
  PREPARE_RECORDS,
  type Records,
  type RedshiftCopy,
  SHAPE_RECORDS,
  type Shaped,
  type SplunkDelivery,
  type SplunkQuestion,
  type TextObject,
  WRITE_ERRORS,
  WRITE_TEXT,
} from '#services/firehose/performing.ts';
import type { BlobStore } from '#storage/journal.ts';
import { BlockStore } from '../blocks/block-store.ts';
import type { HttpClient } from '../outbound/http-client.ts';
import { packsOf } from './effect-packs.ts';
import { LakeThread } from './lake-thread.ts';
import type { MadeBytes, MadeObjects } from './work/job.ts';

export interface LakeParts {
  readonly blobs: BlobStore;
  readonly client: HttpClient;
}

export interface Lake {
  readonly byName: ReadonlyMap<string, Performer>;
  close(): Promise<void>;
}

export function lakePerformers({ blobs, client }: LakeParts): Lake {
  const thread = new LakeThread();
  const blocks = new BlockStore(blobs);
  const packs = (request: PerformRequest): Promise<readonly Uint8Array[]> => packsOf(blocks, request);
  const work = async <T>(task: string, request: PerformRequest): Promise<T> =>
    thread.run<T>(task, withoutPacks(request.input), await packs(request));
  const byName = new Map<string, Performer>([
    [CHECK_QUERY, ({ input }) => thread.run('check-query', input, [])],
    [PREPARE_RECORDS, (request) => work('prepare', request)],
    [SHAPE_RECORDS, async (request) => stored(blobs, await work('shape', request))],
    [WRITE_ERRORS, async (request) => storedBody(blobs, await work('errors', request))],
    [WRITE_TEXT, ({ input }) => storedBody(blobs, textOf(input as TextObject))],
    [
      DELIVER_HTTP,
      async (request) => {
        const { deliverToHttp } = await import('./destinations/http-endpoint.ts');
        return deliverToHttp({ client, thread }, request.input as HttpDelivery, await packs(request));
      },
    ],
    [
      DELIVER_SPLUNK,
      async (request) => {
        const { deliverToSplunk } = await import('./destinations/splunk.ts');
        return deliverToSplunk({ client, thread }, request.input as SplunkDelivery, await packs(request));
      },
    ],
    [
      ASK_SPLUNK,
      async ({ input }) => {
        const { askSplunk } = await import('./destinations/splunk.ts');
        return askSplunk(client, input as SplunkQuestion);
      },
    ],
    [
      DELIVER_OPENSEARCH,
      async (request) => {
        const { deliverToOpenSearch } = await import('./destinations/opensearch.ts');
        return deliverToOpenSearch({ client, thread }, request.input as OpenSearchDelivery, await packs(request));
      },
    ],
    [
      COPY_TO_REDSHIFT,
      async ({ input }) => {
        const { copyToRedshift } = await import('./destinations/redshift.ts');
        return copyToRedshift({ client, thread, blobs }, input as RedshiftCopy);
      },
    ],
  ]);
  return { byName, close: () => thread.close() };
}

/** They are handed over beside the input, once. */
function withoutPacks(input: unknown): unknown {
  const { packs: _given, ...rest } = input as Records;
  return rest;
}

async function stored(blobs: BlobStore, { objects, failed }: MadeObjects): Promise<Shaped> {
  const kept: Shaped['objects'][number][] = [];
  for (const { bytes, md5, ...rest } of objects) {
    kept.push({ body: await storedBody(blobs, { bytes, md5 }), ...rest });
  }
  return { objects: kept, failed };
}

/** Under a new name each time: what was made twice after a crash is two blobs, and the one that is not used is removed at start. */
async function storedBody(blobs: BlobStore, { bytes, md5 }: MadeBytes): Promise<StoredBody> {
  const blob = `s3/${randomUUID()}`;
  await blobs.put(blob, bytes);
  return { blob, bytes: bytes.length, md5, checksums: {} };
}

function textOf({ text }: TextObject): MadeBytes {
  const bytes = Buffer.from(text);
  return { bytes, md5: createHash('md5').update(bytes).digest('hex') };
}
