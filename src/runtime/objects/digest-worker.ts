// The thread that digests uploads. Pieces lie in shared memory: nothing is copied on the way, and the disk reads them at the same time.
// Built into a file of its own (`tools/build.mjs`).

import { parentPort } from 'node:worker_threads';
import type { BodyDigests } from './body-digests.ts';
import { type DigestRequest, digest } from './digest-work.ts';

const port = parentPort;
if (port === null) throw new Error('this file is a worker');
const running = new Map<number, BodyDigests>();

port.on('message', (request: DigestRequest) => digest(running, request, (reply) => port.postMessage(reply)));
