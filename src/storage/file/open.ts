// Opens a store in a directory: the way into the file engine. `open` is for the product (real disk, lock);
// `openOn` is the same on any disk, without the lock.
//
// Problems that a person can solve (not writable, not a store, in use) are StartupProblems; bytes that are not what was
// written are StorageCorruption.

import * as fs from 'node:fs/promises';
import { resolve } from 'node:path';
import { StartupProblem } from '#base/startup-problem.ts';
import type { Engine } from '../journal.ts';
import { DirectoryLock } from './directory-lock.ts';
import { type Disk, isOutOfSpace } from './disk.ts';
import { FileBlobs } from './file-blobs.ts';
import { FileJournal } from './file-journal.ts';
import { FileSnapshots } from './file-snapshots.ts';
import { nodeDisk } from './node-disk.ts';
import { readOrCreate } from './store-description.ts';

export interface FileEngineOptions {
  /** Room for entries in one segment; default 64 MiB. */
  readonly segmentBytes?: number;
  /** Newest bytes of the journal that stay in memory; default 32 MiB. */
  readonly cacheBytes?: number;
  /** How long after a group commit the durable mark is noted; default 100 ms. */
  readonly markAfterMs?: number;
  /** One line for the operator; default: nothing. */
  readonly report?: (line: string) => void;
  /** For tests; default: the real one. */
  readonly disk?: Disk;
}

export interface FileEngine extends Engine {
  readonly kind: 'file';
  /** The directory, as an absolute path. */
  readonly directory: string;
  readonly journal: FileJournal;
}

const SEGMENT_BYTES = 64 * 2 ** 20;
const CACHE_BYTES = 32 * 2 ** 20;
const MARK_AFTER_MS = 100;
const PAGE_BYTES = 4096;

/** Opens the store in `directory`, which is made when it is not there. */
export async function open(directory: string, options: FileEngineOptions = {}): Promise<FileEngine> {
  const path = resolve(directory);
  await makeStoreDirectory(path);
  let engine: FileEngine | undefined;
  let lock: DirectoryLock | undefined;
  try {
    lock = await DirectoryLock.take(`${path}/lock`, { onLost: (error) => engine?.journal.stop(error) });
    engine = await openOn(options.disk ?? nodeDisk, path, options);
  } catch (error) {
    lock?.release();
    throw asStartupProblem(error, path);
  }
  const opened = engine;
  return {
    ...opened,
    close: async () => {
      await opened.close();
      lock?.release();
    },
  };
}

/** Opens the store in a directory that exists and that nobody else uses. */
export async function openOn(disk: Disk, directory: string, options: FileEngineOptions = {}): Promise<FileEngine> {
  const report = options.report ?? (() => undefined);
  const { storeId, secret } = await readOrCreate(disk, directory);
  const journal = await FileJournal.open({
    disk,
    directory,
    storeId,
    report,
    segmentBytes: roundUp(options.segmentBytes ?? SEGMENT_BYTES),
    cacheBytes: options.cacheBytes ?? CACHE_BYTES,
    markAfterMs: options.markAfterMs ?? MARK_AFTER_MS,
  });
  const snapshots = await FileSnapshots.open({
    disk,
    directory: `${directory}/snapshots`,
    storeId,
    report,
    canReplayFrom: (position) => journal.canReplayFrom(position),
    onWritten: () => journal.reclaim(),
  });
  journal.keepFor(snapshots);
  const blobs = await FileBlobs.open(disk, `${directory}/blobs`);
  return { kind: 'file', directory, journal, snapshots, blobs, secret, close: () => journal.close() };
}

const roundUp = (byteCount: number): number => Math.ceil(byteCount / PAGE_BYTES) * PAGE_BYTES;

async function makeStoreDirectory(path: string): Promise<void> {
  try {
    await nodeDisk.makeDirectory(path);
    await fs.access(path, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    throw asStartupProblem(error, path);
  }
}

/** Turns the system's errors that a person can do something about into sentences. */
function asStartupProblem(error: unknown, path: string): unknown {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new StartupProblem('STO-05', `The data directory ${path} cannot be used: a file has this name.`);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new StartupProblem('STO-02', `The data directory ${path} is not writable by this user: ${message}.`);
  }
  if (code === 'ELOOP' || code === 'ENAMETOOLONG' || (code === 'ENOENT' && syscall === 'mkdir')) {
    return new StartupProblem('STO-05', `The data directory ${path} cannot be used: ${message}.`);
  }
  if (isOutOfSpace(error)) {
    return new StartupProblem('STO-06', `The disk of the data directory ${path} is full: ${message}.`);
  }
  return error;
}
