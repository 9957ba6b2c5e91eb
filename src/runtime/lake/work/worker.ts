// The thread itself: takes one job after another. Built into a file of its own (`tools/build.mjs`).

import { parentPort } from 'node:worker_threads';
import type { JobHistory, LakeJob, LakeReply } from './job.ts';
import { TASKS } from './tasks.ts';

const port = parentPort;
if (port === null) throw new Error('this file is a worker');

port.on('message', async ({ job, history }: { job: LakeJob; history: JobHistory }) => {
  const { id } = job;
  const reply = (message: LakeReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  try {
    const task = TASKS[job.task];
    if (task === undefined) throw new Error(`no task ${job.task}`);
    const result = await task(job.input, job.packs, { history, guarded: (work) => reply({ id, guarded: work }) });
    reply({ id, result }, buffersOf(result));
  } catch (error) {
    reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

/** Buffers of large results are handed over. A small view may share Node's pool with others: that is copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (value: unknown, depth: number): void => {
    if (value instanceof Uint8Array) {
      if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer);
    } else if (Array.isArray(value)) {
      for (const one of value) visit(one, depth + 1);
    } else if (value !== null && typeof value === 'object' && depth < 4) {
      for (const one of Object.values(value)) visit(one, depth + 1);
    }
  };
  visit(result, 0);
  return [...found];
}
