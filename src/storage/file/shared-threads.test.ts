import { expect, it } from 'vitest';
import type { Disk } from './disk.ts';
import { leavingOneThread, threadCount } from './shared-threads.ts';

/** A disk whose work ends when it is told to. */
function slowDisk() {
  const ends: (() => void)[] = [];
  const started: string[] = [];
  const begin = (what: string) => (): Promise<never> => {
    started.push(what);
    return new Promise((resolve) => ends.push(resolve as () => void));
  };
  const disk = {
    read: begin('read'),
    write: begin('write'),
    syncData: begin('sync'),
    rename: begin('rename'),
  } as unknown as Disk;
  return { disk, started, end: () => ends.shift()?.() };
}

const NOTHING = new Uint8Array(0);
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('two of four threads write and sync for blobs, one more reads for them, and the last is left', async () => {
  const { disk, started, end } = slowDisk();
  const shared = leavingOneThread(disk, 4);
  const done: string[] = [];
  for (const name of ['a', 'b', 'c']) shared.write(1, [NOTHING], 0).then(() => done.push(name));
  void shared.syncData(1);
  for (let i = 0; i < 2; i += 1) void shared.read(1, NOTHING, 0);
  await turn();
  expect(started).toEqual(['write', 'write', 'read']);
  void shared.rename('a', 'b');
  expect(started.at(-1)).toBe('rename');
  end();
  await turn();
  expect(done).toEqual(['a']);
  // What came first is first: the read waited for any thread, the write for one that writes.
  expect(started.slice(4)).toEqual(['read']);
  end();
  await turn();
  expect(started.slice(4)).toEqual(['read', 'write']);
});

it('work that fails gives its thread back', async () => {
  let count = 0;
  const disk = {
    syncData: () => {
      count += 1;
      return Promise.reject(new Error('EIO'));
    },
  } as unknown as Disk;
  const shared = leavingOneThread(disk, 1);
  for (let i = 0; i < 3; i += 1) await expect(shared.syncData(1)).rejects.toThrow('EIO');
  expect(count).toBe(3);
});

it('the number of threads is what the environment says, if it is one', () => {
  expect([undefined, '', '8', '0', '-1', 'many'].map(threadCount)).toEqual([4, 4, 8, 4, 4, 4]);
});
