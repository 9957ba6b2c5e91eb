import { expect, it } from 'vitest';
import { writeAtomically } from './atomic-file.ts';
import type { Disk } from './disk.ts';

const MEBIBYTE = 2 ** 20;

/** What a disk is asked for, in order. */
function askedDisk(asked: string[]): Disk {
  let unsyncedBytes = 0;
  const note = (what: string): Promise<void> => {
    asked.push(what);
    return Promise.resolve();
  };
  const disk: Partial<Disk> = {
    open: () => Promise.resolve(1),
    close: () => note('close'),
    write: (_fd, buffers) => {
      for (const { length } of buffers) unsyncedBytes += length;
      return Promise.resolve();
    },
    syncData: () => {
      const before = unsyncedBytes;
      unsyncedBytes = 0;
      return note(`sync ${before / MEBIBYTE} MiB`);
    },
    rename: () => note('rename'),
    remove: () => Promise.reject(Object.assign(new Error('not there'), { code: 'ENOENT' })),
    syncDirectory: () => note('sync names'),
  };
  return disk as Disk;
}

it('a large file is synced while it is written, so that nothing waits for all of it at once', async () => {
  const asked: string[] = [];
  const piece = new Uint8Array(MEBIBYTE / 2);
  await writeAtomically(askedDisk(asked), '/store/snapshots/1.snapshot', async (append) => {
    for (let i = 0; i < 20; i += 1) await append([piece, piece]);
  });
  expect(asked).toEqual(['sync 8 MiB', 'sync 8 MiB', 'sync 4 MiB', 'close', 'rename', 'sync names']);
});

it('a small file is synced once, before it gets its name', async () => {
  const asked: string[] = [];
  await writeAtomically(askedDisk(asked), '/store/store.json', (append) => append([new Uint8Array(MEBIBYTE)]));
  expect(asked).toEqual(['sync 1 MiB', 'close', 'rename', 'sync names']);
});
