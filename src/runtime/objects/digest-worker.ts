// The thread that digests uploads. Pieces lie in shared memory: nothing is copied on the way, and the disk reads them at the same time.
// Built into a file of its own (`tools/build.mjs`).

import { parentPort } from 'node:worker_threads';
import type { ChecksumName } from '#wire/s3/body-plan.ts';
import { BodyDigests, type Digests } from './body-digests.ts';

export type DigestRequest =
  | { readonly id: number; readonly begin: { readonly checksum: ChecksumName; readonly needsSha256: boolean } }
  | { readonly id: number; readonly piece: Uint8Array }
  | { readonly id: number; readonly finish: true }
  | { readonly id: number; readonly drop: true };

export type DigestReply =
  | { readonly id: number; readonly taken: true }
  | { readonly id: number; readonly digests: Digests };

const port = parentPort;
if (port === null) throw new Error('this file is a worker');
const running = new Map<number, BodyDigests>();

port.on('message', (request: DigestRequest) => {
  const { id } = request;
  if ('begin' in request) {
    running.set(id, new BodyDigests(request.begin.checksum, request.begin.needsSha256));
    return;
  }
  const digests = running.get(id);
  if ('piece' in request) {
    digests?.update(request.piece);
    port.postMessage({ id, taken: true } satisfies DigestReply);
    return;
  }
  running.delete(id);
  if ('finish' in request && digests !== undefined)
    port.postMessage({ id, digests: digests.finish() } satisfies DigestReply);
});
